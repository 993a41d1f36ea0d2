import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { Accounts } from '../auth/accounts.ts';
import { Refusal } from '../auth/refusal.ts';
import type { Rights } from '../auth/rights.ts';

export interface PeopleRoutesOptions {
  readonly accounts: Accounts;
  readonly audit: Audit;
  /** Told of every change; undefined in tests of other parts. */
  readonly rights?: Rights;
}

/** What each file of routes about people gets. */
export interface PeopleParts extends PeopleRoutesOptions {
  readonly record: RecordDeed;
}

/** What somebody did about people, for the audit. MUST hold no secret. */
export interface Deed {
  /** CamelCase: `UserCreated`. */
  readonly type: string;
  readonly message: string;
  /** Default: whoever asks. */
  readonly actor?: string;
  readonly result?: 'ok' | 'failed' | 'denied';
  readonly about?: { readonly kind: 'User' | 'Role' | 'Invitation'; readonly name: string; readonly id: string };
  readonly changes?: readonly Change[];
  /** Default: that of whoever asks. */
  readonly session?: string;
}
export type RecordDeed = (request: FastifyRequest, deed: Deed) => Promise<void>;

/** The version that `If-Match` names; undefined for none and `*`. Throws a Refusal when it is none of ours. */
export function versionIn({ headers }: FastifyRequest): number | undefined {
  const given = headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const version = /^"v(\d{1,15})"$/.exec(given)?.[1];
  if (version === undefined)
    throw new Refusal(412, 'PreconditionFailed', 'If-Match: Allowed: the ETag of the answer to a GET, unchanged, or *.');
  return Number(version);
}

export function withVersion<T extends { readonly version: number }>(reply: FastifyReply, shown: T): T {
  void reply.header('etag', `"v${shown.version}"`);
  return shown;
}

/** RFC 3339, or null. */
export function at<T extends number | null>(ms: T): string | (T extends null ? null : never) {
  return (ms === null ? null : new Date(ms).toISOString()) as string;
}

/** What differs between two states of a thing, field by field, for the audit. */
export function differences(before: object, after: object, fields: readonly string[]): Change[] {
  const of = (state: object, field: string) => ((state as Record<string, unknown>)[field] ?? null) as Change['from'];
  return fields
    .filter((field) => JSON.stringify(of(before, field)) !== JSON.stringify(of(after, field)))
    .map((path) => ({ path, from: of(before, path), to: of(after, path) }));
}
