import { afterAll, beforeAll } from 'vitest';
import { type Body, type CloudAccess, login, projectScope, type Reply, type Session, until } from './client.ts';

/** What the tests of a contract run share: sessions, and a memory of what to clear away. */
export interface Contract {
  readonly access: CloudAccess;
  readonly demo: Session;
  readonly reader: Session;
  readonly admin: Session;
  /** Id of the image `cirros`. */
  readonly imageId: string;
  /** `contract-<run>-<name>`: no run trips over another's left-overs. */
  name(name: string): string;
  /** Remembers how to clear something away; run last first, errors of things already gone passed over. */
  later(clear: () => Promise<unknown>): void;
}

export const absent = '00000000-0000-4000-8000-000000000000';
export const uuidPattern = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
export const secondsPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
export const microsecondsPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/;

/** Logs in before the tests of a file and clears away after them. The getters may be used inside tests only. */
export function useContract(connect: () => Promise<CloudAccess>): Contract {
  let access: CloudAccess | undefined;
  let sessions: { demo: Session; reader: Session; admin: Session } | undefined;
  let imageId = '';
  const run = Date.now().toString(36).slice(-5);
  const clearing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    access = await connect();
    const [demo, reader, admin] = await Promise.all([
      login(access, 'demo', projectScope('demo')),
      login(access, 'demo-reader', projectScope('demo')),
      login(access, 'admin', projectScope('admin')),
    ]);
    sessions = { demo, reader, admin };
    const images = await demo.request('image', 'GET', '/images?name=cirros');
    imageId = images.body.images[0].id;
  });
  afterAll(async () => {
    for (const clear of clearing.toReversed()) await clear();
    await access?.close?.();
  });

  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the contract is not connected yet');
    return value;
  };
  return {
    get access() {
      return ready(access);
    },
    get demo() {
      return ready(sessions).demo;
    },
    get reader() {
      return ready(sessions).reader;
    },
    get admin() {
      return ready(sessions).admin;
    },
    get imageId() {
      return imageId;
    },
    name: (name) => `contract-${run}-${name}`,
    later: (clear) => void clearing.push(clear),
  };
}

/** POSTs, expects the status, returns the made resource and sees to its deletion. */
export async function make(
  contract: Contract,
  type: 'compute' | 'network' | 'block-storage',
  path: string,
  wrap: string,
  body: object,
): Promise<Body> {
  const reply = await contract.demo.request(type, 'POST', path, { body: { [wrap]: body } });
  if (reply.status >= 300) throw new Error(`POST ${path} answered ${reply.status} ${JSON.stringify(reply.body)}`);
  const made = reply.body[wrap];
  const at = `${path}/${wrap === 'keypair' ? made.name : made.id}`;
  contract.later(() => remove(contract.demo, type, at));
  return made;
}

/** Deletes and waits until it is gone; whatever still holds it is given time to let go. */
export async function remove(session: Session, type: 'compute' | 'network' | 'block-storage', path: string): Promise<void> {
  const first = await until(
    () => session.request(type, 'DELETE', path),
    (reply) => ![400, 409].includes(reply.status),
    20_000,
  );
  if (first.status === 404) return;
  await until(
    () => session.request(type, 'GET', path),
    (reply) => reply.status === 404,
  );
}

export async function serverUntil(contract: Contract, id: string, isDone: (server: Body) => boolean): Promise<Body> {
  const reply = await until(
    () => contract.demo.request('compute', 'GET', `/servers/${id}`),
    (answer) => answer.status === 404 || isDone(answer.body.server),
  );
  return reply.body.server;
}

/** Waits for a status with no task under way. */
export function serverIs(contract: Contract, id: string, status: string): Promise<Body> {
  return serverUntil(contract, id, (server) => server.status === status && server['OS-EXT-STS:task_state'] === null);
}

export async function volumeIs(contract: Contract, id: string, status: string): Promise<Body> {
  const reply = await until(
    () => contract.demo.request('block-storage', 'GET', `/volumes/${id}`),
    (answer) => answer.status === 404 || answer.body.volume.status === status,
  );
  return reply.body.volume;
}

/** Neutron's error as `[status, type, message]`. */
export function neutronError(reply: Reply): [number, string, string] {
  return [reply.status, reply.body.NeutronError?.type, reply.body.NeutronError?.message];
}

/** Nova's and Cinder's error as `[status, word, message]`. */
export function fault(reply: Reply): [number, string, string] {
  const [word = ''] = Object.keys(reply.body);
  return [reply.status, word, reply.body[word]?.message];
}
