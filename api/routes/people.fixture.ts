import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { type Accounts, createAccounts } from '../auth/accounts.ts';
import type { RoleAt } from '../auth/grants.ts';
import { controllerIdentity } from '../auth/identity.ts';
import type { OidcSettings } from '../auth/oidc-settings.ts';
import { createPasswords } from '../auth/passwords.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { createServer } from '../server.ts';

export const password = 'green tea at four';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
  /** As it was sent. */
  readonly text: string;
}
/** What tests look at in an answer; a field that is not there reads as undefined and fails the comparison. */
type Body = Readonly<Record<string, never>> & { readonly [field: string]: unknown };

/** The whole application with people, over a database in memory. */
export interface Town {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly accounts: Accounts;
  readonly audit: Audit;
  /** A person with roles and the password of all. */
  settle(username: string, ...roles: (string | RoleAt)[]): Promise<{ readonly id: string; readonly as: Send }>;
  /** Sends as nobody, or with headers of one's own. */
  readonly send: Send;
  /** Signs in and sends with that session. */
  browser(username: string): Promise<Send>;
  /** Sends with a token of the person. */
  program(id: string, username: string): Promise<Send>;
  close(): Promise<void>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Send = (method: Method, url: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

interface TownOptions {
  readonly now?: () => number;
  readonly selfRegistration?: boolean;
  readonly oidc?: OidcSettings;
  /** Whether our kinds are served; their schemas take a moment to compile. */
  readonly hasKinds?: boolean;
}

/** Made once: hashing is slow on purpose. */
const passwordHash = createPasswords().hash(password);

export async function startTown({ hasKinds = false, ...options }: TownOptions = {}): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-town-'));
  const store = await openStore('sqlite::memory:');
  const keyProvider = createFileKeyProvider(join(folder, 'encryption.key'));
  const accounts = createAccounts(store, { keys: keyProvider, ...options });
  const audit = createAudit(store, { clock: { now: Date.now } });
  const tokens = createTokens(store);
  await accounts.ensureFirstPerson(await tokens.ensureFirstAdmin(join(folder, 'admin-password')));
  const app = await createServer({
    audit,
    tokens,
    accounts,
    metrics: createMetrics(),
    log: () => undefined,
    kube: { store: createObjectStore(store), resources: hasKinds ? resourceDefinitions() : [], keyProvider },
    clusters: () => undefined,
    notReady: async () => [],
  });

  const send: Send = async (method, url, body, headers = {}) => {
    const reply = await app.inject({
      method,
      url,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const isJson = String(reply.headers['content-type']).includes('json') && reply.body !== '';
    return { status: reply.statusCode, headers: reply.headers, body: isJson ? reply.json<Body>() : {}, text: reply.body };
  };
  const browser = async (username: string): Promise<Send> => {
    const begun = await send('POST', '/api/v1/session', { username, password });
    if (begun.status !== 200) throw new Error(`${username} could not sign in: ${JSON.stringify(begun.body)}`);
    const cookie = cookieOf(begun);
    const csrf = String(begun.body.csrf);
    return (method, url, body, headers = {}) => send(method, url, body, { cookie, 'x-csrf-token': csrf, ...headers });
  };
  const program = async (id: string, username: string): Promise<Send> => {
    const { token } = await accounts.apiTokens.create({ id, username }, { name: 'test', expiresAt: null, scope: null });
    return (method, url, body, headers = {}) => send(method, url, body, { authorization: `Bearer ${token}`, ...headers });
  };
  return {
    app,
    store,
    accounts,
    audit,
    send,
    browser,
    program,
    async settle(username, ...roles) {
      const bindings = roles.map((role) => (typeof role === 'string' ? { role, cluster: '*', namespace: '*' } : role));
      const { id } = await accounts.people.create({ username, bindings }, controllerIdentity);
      const { users } = store.tables;
      await store.db
        .update(users)
        .set({ passwordHash: await passwordHash })
        .where(eq(users.id, id));
      return { id, as: await program(id, username) };
    },
    async close() {
      await app.close();
      await store.close();
    },
  };
}

/** The cookie an answer sets, as a browser sends it back. */
export function cookieOf({ headers }: Reply): string {
  return String(headers['set-cookie']).split(';')[0] ?? '';
}
