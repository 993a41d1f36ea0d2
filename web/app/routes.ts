import { accountRoutes } from '../pages/account/routes.ts';
import { adminRoutes } from '../pages/admin/routes.ts';
import { auditRoutes } from '../pages/audit/routes.ts';
import { declareRoutes } from '../pages/declare/routes.ts';
import { detailRoutes } from '../pages/detail/routes.ts';
import { driftRoutes } from '../pages/drift/routes.ts';
import { firstRunRoutes } from '../pages/first-run/routes.ts';
import { historyRoutes } from '../pages/history/routes.ts';
import { listRoutes } from '../pages/list/routes.ts';
import { operationsRoutes } from '../pages/operations/routes.ts';
import { overviewRoutes } from '../pages/overview/routes.ts';
import { recordingRoutes } from '../pages/recordings/routes.ts';
import { signInRoutes } from '../pages/sign-in/routes.ts';
import { terminalRoutes } from '../pages/terminals/routes.ts';
import type { Route } from './route.ts';

/** All pages; the first that fits. Each is brought when somebody goes there. A page is added in the list of its area. */
export const routes: readonly Route[] = [
  ...overviewRoutes,
  ...driftRoutes,
  ...listRoutes,
  ...detailRoutes,
  ...historyRoutes,
  ...declareRoutes,
  ...operationsRoutes,
  ...terminalRoutes,
  ...auditRoutes,
  ...recordingRoutes,
  ...adminRoutes,
  ...accountRoutes,
  ...firstRunRoutes,
  ...signInRoutes,
];
