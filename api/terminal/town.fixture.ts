import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createAudit } from '#controller/audit/audit.ts';
import type { AuditRecord } from '#controller/audit/row.ts';
import { FakeClock } from '#controller/engine/testing/fake-clock.ts';
import { createMetrics } from '#controller/metrics.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createAccounts } from '../auth/accounts.ts';
import type { RoleAt } from '../auth/grants.ts';
import { controllerIdentity } from '../auth/identity.ts';
import { createRights } from '../auth/rights.ts';
import { createTokens } from '../auth/tokens.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { createServer } from '../server.ts';
import { silentBus } from '../shared/bus.ts';
import { ensureTls } from '../tls.ts';
import { createFakeFar, createFakeWorld, FakeScreenful, type FakeServer } from './fakes.fixture.ts';
import { Page, type PageOptions, until } from './page.fixture.ts';
import { createTerminals, type TerminalParts } from './parts.ts';
import type { TerminalSettings } from './settings.ts';

export const minuteMs = 60_000;
const usualSettings: TerminalSettings = {
  recording: 'text',
  recordingDays: 30,
  idleMs: 15 * minuteMs,
  maxMs: 8 * 60 * minuteMs,
  detachMs: 10 * minuteMs,
  perPerson: 5,
  perTarget: 8,
  localTargets: false,
};

/** Somebody who asks. */
export interface Somebody {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly userId: string;
  /** Id of their session or token. */
  readonly session: string;
}

export interface Ticket {
  readonly id: string;
  readonly ticket: string;
  readonly stream: string;
}

interface TownOptions {
  readonly settings?: Partial<TerminalSettings>;
  readonly parts?: Partial<TerminalParts>;
  /** Another process of the same installation: one database, and terminals are made there. */
  readonly leader?: { readonly clock: FakeClock; readonly store: Store; readonly origin: string; readonly ca: string };
  /** How the process is known over restarts. */
  readonly id?: string;
}

export type Town = Awaited<ReturnType<typeof openTown>>;

/** The real server over TLS with people, a cloud of two instances, and far sides that are fakes. Time stands still until told. */
export async function openTown({ settings, parts, leader, id = 'here' }: TownOptions = {}) {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-terminal-'));
  const clock: FakeClock = leader?.clock ?? new FakeClock();
  const now = () => clock.now();
  const far = createFakeFar();
  const screenfuls: FakeScreenful[] = [];
  const servers = new Map<string, FakeServer>([
    ['s-1', { name: 'web-1', addresses: ['10.0.0.5', '203.0.113.9'] }],
    ['s-2', { name: 'db-1', namespace: 'shop', addresses: ['10.0.0.6'] }],
  ]);
  const store: Store = leader?.store ?? (await openStore('sqlite::memory:'));
  const audit = createAudit(store, { clock });
  const tokens = createTokens(store, now);
  const keys = createFileKeyProvider(join(room, 'encryption.key'));
  const accounts = createAccounts(store, { keys, now });
  const rights = createRights(silentBus());
  const metrics = createMetrics();
  const logged: string[] = [];
  const log = (...line: unknown[]) =>
    void logged.push(line.map((part) => (part instanceof Object ? JSON.stringify(part) : String(part))).join(' '));
  const world = createFakeWorld(servers);
  const openScreen = async () => {
    const screenful = new FakeScreenful();
    screenfuls.push(screenful);
    return screenful;
  };
  const { open, createScreen, startRecording } = far;
  const terminals = createTerminals(
    { store, audit, keys, metrics, settings: { ...usualSettings, ...settings }, world: () => world, rights, clock, log },
    { openers: { ssh: open, serial: open, vnc: openScreen }, createScreen, startRecording, ...parts },
  );
  const tls = await ensureTls(join(room, 'tls'), '127.0.0.1');
  const app = await createServer({
    audit,
    tokens,
    accounts,
    rights,
    terminals,
    metrics,
    log,
    tls,
    kube: { store: createObjectStore(store, {}), resources: [], keyProvider: keys },
    clusters: () => undefined,
    notReady: async () => [],
    elsewhere: () => leader && { url: leader.origin, ca: leader.ca },
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  await terminals.live.begin({ id, url: origin, ca: tls.ca });
  const agent = new Agent({ connect: { ca: tls.ca } });
  const pages: Page[] = [];

  async function send(who: Somebody, method: string, path: string, body?: object) {
    const headers = { ...who.headers, ...(body && { 'content-type': 'application/json' }) };
    const answer = await request(origin + path, {
      method: method as 'GET',
      dispatcher: agent,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  }
  async function settle(name: string, ...roles: (string | RoleAt)[]) {
    const bindings = roles.map((role) => (typeof role === 'string' ? { role, cluster: '*', namespace: '*' } : role));
    return accounts.people.create({ username: name, bindings }, controllerIdentity);
  }
  async function program(name: string, ...roles: (string | RoleAt)[]): Promise<Somebody> {
    const { id } = await settle(name, ...roles);
    const { token, made } = await accounts.apiTokens.create({ id, username: name }, { name: 'test', expiresAt: null, scope: null });
    return { name, userId: id, session: made.id, headers: { authorization: `Bearer ${token}` } };
  }
  async function browser(name: string, ...roles: (string | RoleAt)[]): Promise<Somebody> {
    const { id } = await settle(name, ...roles);
    const begun = await accounts.sessions.start({ userId: id, stage: 'whole', how: 'password', address: '', userAgent: '' });
    const headers = { cookie: `__Host-stackwarden=${begun.cookie}`, 'x-csrf-token': begun.session.csrf, origin };
    return { name, userId: id, session: begun.session.id, headers };
  }
  async function ask(who: Somebody, body: object = {}): Promise<Ticket> {
    const { status, body: answer } = await send(who, 'POST', '/api/v1/terminals', {
      cluster: 'main',
      server: 's-1',
      purpose: 'ssh',
      ...body,
    });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(answer)}`);
    return answer as unknown as Ticket;
  }
  async function ticket(who: Somebody, id: string, purpose: 'attach' | 'watch' = 'attach'): Promise<Ticket> {
    const { status, body } = await send(who, 'POST', `/api/v1/terminals/${id}/tickets`, { purpose });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as unknown as Ticket;
  }
  function page(
    who: Somebody,
    { stream, ticket: secret }: Ticket,
    options: Partial<PageOptions> = {},
    seen?: ConstructorParameters<typeof Page>[1],
  ): Page {
    const url = `${origin.replace('https', 'wss')}${stream}`;
    const made = new Page({ url, ca: tls.ca, ticket: secret, headers: who.headers, ...options }, seen);
    pages.push(made);
    return made;
  }
  /** A page that is attached to a new terminal, open. */
  async function openNew(who: Somebody, body: object = {}, options: Partial<PageOptions> = {}) {
    const asked = await ask(who, body);
    const made = await page(who, asked, options).opened();
    made.send({ type: 'attach', cols: 80, rows: 24 });
    await until('the terminal is open', () => made.frames.some((frame) => frame.type === 'state' && frame.state === 'open'));
    const remote = far.remotes.at(-1);
    if (!remote) throw new Error('nothing was opened');
    return { id: asked.id, page: made, remote, recorder: far.recorders.at(-1) };
  }
  return {
    clock,
    far,
    screenfuls,
    servers,
    store,
    audit,
    accounts,
    terminals,
    metrics,
    origin,
    ca: tls.ca,
    logged,
    send,
    program,
    browser,
    ask,
    ticket,
    page,
    open: openNew,
    async entries(type: string): Promise<AuditRecord[]> {
      return (await audit.list({ type: [type] })).items;
    },
    /** Ends what is live, so that a test leaves nothing behind. */
    async reset() {
      for (const one of pages.splice(0)) one.socket.terminate();
      await Promise.all(terminals.live.all.map((terminal) => terminal.end({ reason: 'closed', detail: 'The test is over.' })));
      screenfuls.length = 0;
    },
    /** As a process that was killed: nothing is written down. */
    async vanish() {
      await agent.close();
      await app.close();
    },
    async close() {
      for (const one of pages) one.socket.terminate();
      await terminals.live.stop();
      await agent.close();
      await app.close();
      if (!leader) await store.close();
      rmSync(room, { recursive: true });
    },
  };
}
