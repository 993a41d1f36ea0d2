import type { FastifyPluginAsync } from 'fastify';
import { connectionCredentialRoutes } from './cloud-connection-credentials.ts';
import { connectionHealthRoutes } from './cloud-connection-health.ts';
import { connectionImportRoutes } from './cloud-connection-import.ts';
import type { ConnectionContext } from './cloud-connection-request.ts';
import { connectionTestRoutes } from './cloud-connection-test.ts';
import { cloudConnectionRoutes } from './cloud-connections.ts';

/** Everything under `/api/v1/clusters` that is about connections. MUST be registered where every request has been authenticated. */
export const connectionRoutes: FastifyPluginAsync<ConnectionContext> = async (app, context) => {
  await app.register(cloudConnectionRoutes, context);
  await app.register(connectionCredentialRoutes, context);
  await app.register(connectionImportRoutes, context);
  await app.register(connectionTestRoutes, context);
  await app.register(connectionHealthRoutes, context);
};
