import type { AnyAction } from '../action.ts';
import { accessActions } from './access.ts';
import { deleteActions } from './delete.ts';
import { floatingIPActions } from './floating-ips.ts';
import { lockActions } from './lock.ts';
import { migrateActions } from './migrate.ts';
import { namingActions } from './naming.ts';
import { portActions } from './ports.ts';
import { powerActions, rebootActions } from './power.ts';
import { securityGroupActions } from './security-groups.ts';
import { sizeActions } from './size.ts';
import { snapshotActions } from './snapshot.ts';
import { volumeActions } from './volumes.ts';

/** What can be asked of instances, in the order of a menu. */
export const instanceActions: readonly AnyAction[] = [
  ...powerActions,
  ...rebootActions,
  ...lockActions,
  ...accessActions,
  ...sizeActions,
  ...snapshotActions,
  ...volumeActions,
  ...portActions,
  ...floatingIPActions,
  ...securityGroupActions,
  ...namingActions,
  ...migrateActions,
  ...deleteActions,
];
