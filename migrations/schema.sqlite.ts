import { columnKits } from './columns.ts';
import { defineTables } from './schema.ts';

/** The tables as drizzle-kit reads them: one export each. */
export const {
  objects,
  objectEvents,
  counters,
  inventory,
  inventoryChanges,
  revisions,
  revisedObjects,
  bindings,
  audit,
  auditTerms,
  users,
  sessions,
  roles,
  roleBindings,
  invitations,
  signInFailures,
  preferences,
  apiTokens,
  settings,
  operations,
  idempotencyKeys,
  clusterHealth,
  imports,
  terminals,
  terminalChunks,
  terminalProfiles,
  terminalKeys,
  hostKeys,
} = defineTables(columnKits.sqlite);
