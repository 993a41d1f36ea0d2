import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import type { ObjectChange } from '#api/kube/api.ts';
import type { ResourceDefinition } from '#api/kube/definition.ts';
import { createFileKeyProvider } from '#api/kube/encryption.ts';
import { kubeApi } from '#api/kube/kube-api.ts';
import { createObjectStore } from '#api/kube/sql-object-store.ts';
import { widget } from '#api/kube/widget.fixture.ts';
import { openStore } from '#migrations/store.ts';

export interface ApiServer {
  readonly app: FastifyInstance;
  readonly url: string;
  /** A folder of this server's own. */
  readonly folder: string;
  readonly changes: ObjectChange[];
  /** Kills all open connections, as a network would. */
  cutConnections(): void;
  stop(): Promise<void>;
}

/** The Kubernetes API over a SQLite file, listening on loopback. */
export async function startApiServer(resources: readonly ResourceDefinition[] = [widget]): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-kube-'));
  const store = await openStore(`sqlite:${join(folder, 'objects.sqlite')}`);
  const changes: ObjectChange[] = [];
  const app = fastify({ forceCloseConnections: true });
  await app.register(kubeApi, {
    store: createObjectStore(store),
    resources,
    authenticate: () => ({ user: 'admin', groups: ['system:masters', 'system:authenticated'] }),
    keyProvider: createFileKeyProvider(join(folder, 'encryption.key')),
    onChange: (change) => void changes.push(change),
    log: (level, message, fields) => console.error(level, message, fields),
  });
  const sockets = new Set<{ destroy(): void }>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    folder,
    changes,
    cutConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      await app.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
