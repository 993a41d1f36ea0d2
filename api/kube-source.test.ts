import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createAudit } from '#controller/audit/audit.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore } from '#migrations/store.ts';
import { createTokens } from './auth/tokens.ts';
import { createFileKeyProvider } from './kube/encryption.ts';
import { createObjectStore } from './kube/sql-object-store.ts';
import { auditKubeChange } from './kube-audit.ts';
import { createServer } from './server.ts';

const dir = mkdtempSync(join(tmpdir(), 'stackwarden-kube-source-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('is known of what is declared through the Kubernetes API: address, token and request', async () => {
  const store = await openStore('sqlite::memory:');
  const audit = createAudit(store, { clock: { now: Date.now } });
  const tokens = createTokens(store);
  const token = await tokens.ensureFirstAdmin(join(dir, 'admin-password'));
  const app = await createServer({
    audit,
    tokens,
    metrics: createMetrics(),
    log: () => undefined,
    kube: {
      store: createObjectStore(store),
      resources: [],
      keyProvider: createFileKeyProvider(join(dir, 'encryption.key')),
      onChange: (change) => auditKubeChange(audit, change),
    },
    clusters: () => undefined,
    notReady: async () => [],
  });
  const made = await app.inject({
    method: 'POST',
    url: '/api/v1/namespaces/default/secrets',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }),
    remoteAddress: '192.0.2.9',
  });
  expect(made.statusCode).toBe(201);
  const { items } = await audit.list({ address: '192.0.2.9', kind: 'Secret' });
  const [{ id: session } = { id: '' }] = await store.db.select({ id: store.tables.apiTokens.id }).from(store.tables.apiTokens);
  expect(items).toMatchObject([{ type: 'Declared', actor: 'admin', source: { session, requestId: expect.stringMatching(/./) } }]);
  await app.close();
  await store.close();
});
