import fastify, { type FastifyInstance } from 'fastify';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { createRetention } from '#controller/audit/retention.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import { openStore } from '#migrations/store.ts';
import { auditDenial } from '../auth/denials.ts';
import { addGate } from '../auth/gate.ts';
import { everywhereAs } from '../auth/identity.ts';
import type { BuiltInRole } from '../auth/permissions.ts';
import { auditRoutes } from './audit.ts';

export const entry: AuditEntry = { type: 'Updated', actor: 'bob', changes: [], result: 'ok', message: 'm', requestIds: [] };

/** The audit API behind the gate: `authorization` is the role of the person who asks, whose name is anna. */
export interface GatedAudit {
  readonly app: FastifyInstance;
  readonly audit: Audit;
  fill(count: number, more?: Partial<AuditEntry>): Promise<void>;
  close(): Promise<void>;
}

export async function gatedAudit(): Promise<GatedAudit> {
  const store = await openStore('sqlite::memory:');
  const clock = { now: () => Date.parse('2026-11-29T10:00:00Z') };
  const audit = createAudit(store, { clock });
  const app = fastify({ forceCloseConnections: true });
  addGate(app, {
    authenticate: async ({ headers }) => ({
      user: 'anna',
      groups: [],
      grants: [everywhereAs(headers.authorization as BuiltInRole)],
      session: 's-1',
      how: 'token',
    }),
    denied: (request, decision) => auditDenial(audit, request, decision),
  });
  await app.register(auditRoutes, { audit, retention: createRetention(store, { clock }) });
  return {
    app,
    audit,
    fill: (count, more) => audit.record(Array.from({ length: count }, (_, index) => ({ ...entry, message: `m ${index + 1}`, ...more }))),
    async close() {
      await app.close();
      await store.close();
    },
  };
}
