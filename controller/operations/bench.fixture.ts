import { randomUUID } from 'node:crypto';
import type { Action, AnyAction, Run } from '#controller/actions/action.ts';
import { createAudit } from '#controller/audit/audit.ts';
import type { Json } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { NoConnection } from '#controller/engine/ports.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { Cloud, TracedCloud } from '#controller/openstack/cloud.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createFlowingClock } from './clock.fixture.ts';
import { createOperationEvents } from './events.ts';
import { type Ask, type Asker, createOperations } from './operations.ts';
import { createOperationRows, type OperationRows } from './rows.ts';
import { type RunnerDeps, startRunner } from './runner.ts';

export type TestRun = Run<'server'>;

/** Operations over a database, in memory unless given, and a cloud that only counts what is sent to it. */
export async function createBench(given?: Store) {
  const clock = createFlowingClock();
  const store = given ?? (await openStore('sqlite::memory:'));
  const audit = createAudit(store, { clock });
  const events = createOperationEvents();
  const rows = createOperationRows(store);
  const actions = new Map<string, AnyAction>();
  const objects = new Map<string, KubeObject>();
  const away = new Map<string, NoConnection>();
  /** What the cloud was sent, in order, and the servers it holds. */
  const sent: string[] = [];
  const servers = new Map<string, Record<string, Json>>();
  const logged: string[] = [];
  const inventory = {
    get: (_type: string, id: string) => servers.get(id),
    reread: async (_type: string, id: string) => structuredClone(servers.get(id)),
    wrote: () => undefined,
  } as unknown as CloudInventory;
  const client = {
    name: 'main',
    traced: (id: string): TracedCloud => ({ requestIds: () => sent.map((_, at) => `req-${id}-${at}`) }) as unknown as TracedCloud,
  } as unknown as Cloud;
  const operations = createOperations({ store, rows, audit, events, clock, pollMs: 60_000 });

  const run = (more: Partial<RunnerDeps> = {}) =>
    startRunner({
      rows,
      audit,
      actions,
      events,
      clock,
      clouds: { look: (cluster) => away.get(cluster) ?? { client, inventory } },
      objects: {
        inCluster: () => () => undefined,
        list: () => [],
        get: ({ kind, namespace, name }) => objects.get(`${kind}/${namespace}/${name}`),
      },
      id: randomUUID(),
      isAlone: true,
      log: (level, message, fields) => void logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
      ...more,
    });

  /** An action on a server that does what `run` says. */
  const action = (name: string, carryOut: Action<'server', never>['run'], more: Partial<Action<'server', never>> = {}): AnyAction => {
    const made = {
      name,
      type: 'server',
      target: 'one',
      permission: 'instance.operate',
      summary: name,
      input: { type: 'object', properties: {} },
      danger: 'none',
      obstacle: () => undefined,
      effects: () => ({ changes: [], takesAlong: [] }),
      run: carryOut,
      ...more,
    } as Action<'server', never>;
    actions.set(name, made);
    return made;
  };

  const ask = (one: AnyAction, more: Partial<Ask> = {}): Ask => {
    const id = more.target?.id ?? 's1';
    return {
      action: one,
      cluster: 'main',
      target: { id, name: `web ${id}`, row: servers.get(id) ?? null },
      input: {},
      changes: [],
      ...more,
    };
  };
  const close = async () => {
    clock.stop();
    await store.close();
  };
  return { clock, store, audit, events, rows, actions, objects, away, sent, servers, logged, operations, run, action, ask, close };
}

export type Bench = Awaited<ReturnType<typeof createBench>>;

export const anna: Asker = { actor: 'anna', userId: 'u-1', origin: { address: '10.0.0.1', session: 'session-1', requestId: 'r-1' } };

/** The rows as a process sees them that dies at its `deadly`th use: nothing it does from then on reaches anybody. */
export function dyingRows(rows: OperationRows, deadly: number, dies: () => void): { rows: OperationRows; pass(): Promise<void> } {
  let used = 0;
  const never = new Promise<never>(() => undefined);
  /** One point at which the process may die. */
  const pass = async () => {
    used++;
    if (used === deadly) dies();
    if (used >= deadly) await never;
  };
  const guarded = new Proxy(rows, {
    get(target, name: keyof OperationRows) {
      const call = target[name] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        await pass();
        const answer = await call.apply(target, args);
        await pass();
        return answer;
      };
    },
  });
  return { rows: guarded, pass };
}
