import type { BroughtEntry } from '#controller/audit/bring.ts';
import type { Json } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { LegacyRow } from './database.ts';
import { flagOf, jsonOf, lineOf, mapOf, momentOf } from './values.ts';

export const logColumns = [
  'user_id',
  'cluster_id',
  'operation_type',
  'resource_type',
  'resource_id',
  'details',
  'result',
  'created_at',
] as const;

/** Who and where the ids of a log row mean. */
export interface Names {
  user(id: number): string | undefined;
  cluster(id: number): string | undefined;
}

/** A row as an entry; without one, why not. `differences` is what of it was not taken. */
export type ReadRow = { readonly brought: BroughtEntry; readonly differences: readonly string[] } | { readonly problem: string };

const longestDetails = 32_768;
const longestText = 2000;
const kinds: ReadonlyMap<string, string> = new Map([
  ['server', 'Instance'],
  ['vm', 'Instance'],
  ['keypair', 'KeyPair'],
  ['floatingip', 'FloatingIP'],
  ['openstackcluster', 'Cluster'],
  ['cloud', 'Cluster'],
  ['snapshot', 'VolumeSnapshot'],
]);
const successes = /^(?:ok|success|successful|succeeded|succeed|done|completed?|true|1)$/i;
const failures = /^(?:fail|failed|failure|error|errored|false|0)$/i;
const denials = /^(?:denied|forbidden|unauthorized|refused|rejected)$/i;

export function readLogRow(row: LegacyRow, names: Names): ReadRow {
  const at = momentOf(row['created_at']);
  if (at === undefined) return { problem: 'it does not say when it happened' };
  const differences: string[] = [];
  const details = detailsOf(row, differences);
  const operation = lineOf(row['operation_type'], 100);
  const resource = lineOf(row['resource_type'], 60);
  const cloudId = lineOf(row['resource_id'], 255);
  const actor = actorOf(row, names);
  const cluster = clusterOf(row, names);
  const kind = resource === undefined ? undefined : (kinds.get(resource.toLowerCase().replace(/[^a-z0-9]/g, '')) ?? camel(resource));
  const name = kind === undefined ? undefined : (lineOf(mapOf(details)?.['name'], 253) ?? cloudId ?? '');
  const result = lineOf(row['result'], 60);
  const entry: AuditEntry = {
    type: (operation === undefined ? '' : camel(operation)) || 'Imported',
    actor,
    ...(cluster !== undefined && { cluster }),
    ...(kind !== undefined && kind !== '' && { object: { kind, namespace: '', name: name ?? '', uid: '' } }),
    ...(cloudId !== undefined && { cloudId }),
    changes: changesOf(details),
    result: resultOf(row['result']),
    message: `${actor}: ${[operation ?? 'an operation', resource, name === '' ? undefined : name].filter(Boolean).join(' ')}${result === undefined ? '' : ` (${result})`}`,
    requestIds: requestIdsOf(details),
  };
  return { brought: { at, entry }, differences };
}

function actorOf(row: LegacyRow, names: Names): string {
  const id = row['user_id'];
  if (typeof id !== 'number') return 'unknown';
  return names.user(id) ?? `unknown (user ${id})`;
}

function clusterOf(row: LegacyRow, names: Names): string | undefined {
  const id = row['cluster_id'];
  return typeof id === 'number' ? (names.cluster(id) ?? `cluster ${id}`) : undefined;
}

/** `start_instance`, `instance.start` and `StartInstance` in our way of writing. */
function camel(words: string): string {
  return words
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function resultOf(value: unknown): AuditEntry['result'] {
  const word = lineOf(value, 60) ?? '';
  if (successes.test(word) || flagOf(value) === true) return 'ok';
  if (denials.test(word)) return 'denied';
  // What went out of the ordinary without a word we know is looked for among failures.
  return failures.test(word) || flagOf(value) === false ? 'failed' : 'observed';
}

/** The details as JSON; free text may hold a secret without a name by which to hide it, so what looks like that is left out. */
function detailsOf(row: LegacyRow, differences: string[]): Json | undefined {
  const details = jsonOf(row['details']);
  if (details.is === 'absent') return undefined;
  if (details.is === 'tooLong') return leftOut(differences, 'its details are too long or too deep');
  if (details.is === 'json') {
    return JSON.stringify(details.value).length > longestDetails
      ? leftOut(differences, 'its details are too long or too deep')
      : guarded(details.value, differences);
  }
  if (/^[[{"]/.test(details.text)) return leftOut(differences, 'its details are broken JSON');
  return guarded(details.text.slice(0, longestText), differences);
}

const secretWords = /pass(?:word|wd|phrase)?\b|token|secret|credential|api.?key|private.?key/i;

/** Values under names are hidden by the audit itself; a text alone has no name. */
function guarded(value: Json, differences: string[]): Json | undefined {
  return typeof value === 'string' && secretWords.test(value) ? leftOut(differences, 'its details are text that may hold a secret') : value;
}

function leftOut(differences: string[], what: string): undefined {
  differences.push(`${what}: left out`);
  return undefined;
}

/** Before and after where the details have both, else the details as they are. */
function changesOf(details: Json | undefined): Change[] {
  const map = mapOf(details);
  for (const [before, after] of [
    ['before', 'after'],
    ['old', 'new'],
    ['from', 'to'],
  ] as const) {
    if (map && before in map && after in map) {
      const { [before]: from = null, [after]: to = null, ...rest } = map;
      return [{ path: 'details', from, to }, ...(Object.keys(rest).length > 0 ? [{ path: 'details.more', from: null, to: rest }] : [])];
    }
  }
  return details === undefined ? [] : [{ path: 'details', from: null, to: details }];
}

function requestIdsOf(details: Json | undefined): string[] {
  const map = mapOf(details);
  const given = [map?.['request_id'], map?.['requestId'], map?.['x-openstack-request-id']];
  return given.filter((id): id is string => typeof id === 'string' && /^[\w-]{4,100}$/.test(id));
}
