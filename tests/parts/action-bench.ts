import type { ActionResult, AnyAction, Effects, Look, Obstacle, Run } from '#controller/actions/action.ts';
import { otherActions } from '#controller/actions/others.ts';
import type { Json } from '#controller/engine/json.ts';
import { createCloudInventory, type ManagedInventory } from '#controller/inventory/cloud-inventory.ts';
import type { Resources, ResourceType } from '#controller/inventory/inventory.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { openStore, type Store } from '#migrations/store.ts';

/** An action with what it is done to, as anybody may call it. */
interface Called {
  readonly type: ResourceType;
  obstacle(look: Look<ResourceType>, input?: object): Obstacle | undefined;
  effects(look: Look<ResourceType>, input: object): Effects;
  declares?(look: Look<ResourceType>, input: object): Readonly<Record<string, Json>> | undefined;
  run(run: Run<ResourceType>, input: object): Promise<ActionResult | undefined>;
}

const clock = {
  now: () => Date.now(),
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** The process dies: what was stored is all the next one knows. */
export class PowerCut extends Error {}

/** A sandbox cloud, an inventory over it, and a way to ask for actions without an API. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly client: Cloud;
  readonly inventory: ManagedInventory;
  obstacle(action: string, id: string, input?: object): Obstacle | undefined;
  effects(action: string, id: string, input?: object): Effects;
  declares(
    action: string,
    id: string,
    input: object,
    declared?: Look<ResourceType>['declared'],
  ): Readonly<Record<string, Json>> | undefined;
  /** Carries out what nothing is in the way of; what was sent goes into `sent` by name, where what is there is not sent again. */
  act(action: string, id: string, input?: object, options?: ActOptions): Promise<ActionResult | undefined>;
  /** Makes something, and gives its id. */
  made(action: string, input: object): Promise<string>;
  close(): Promise<void>;
}

export interface ActOptions {
  readonly sent?: Map<string, { answer?: Json }>;
  /** Called after each write that the cloud answered; what it throws keeps the answer from being stored. */
  afterWrite?(name: string): void;
}

export async function openBench(): Promise<Bench> {
  const sandbox = await startSandbox({ durations: { bootMs: 40, attachMs: 20, volumeMs: 20, deleteMs: 20 } });
  const client = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('main'), cloud: 'main' }), { name: 'main' });
  const store: Store = await openStore('sqlite::memory:');
  const inventory = createCloudInventory({ cluster: 'main', client, store, clock, random: Math.random, onEvent() {}, log() {} });
  await inventory.sweep();

  const actionOf = (name: string): Called => {
    const action = otherActions.find((one: AnyAction) => one.name === name);
    if (action === undefined) throw new Error(`there is no action ${name}`);
    return action;
  };
  const look = (action: Called, id: string): Look<ResourceType> => ({
    target: inventory.get(action.type, id) as Resources[ResourceType],
    inventory,
  });
  const bench: Bench = {
    sandbox,
    client,
    inventory,
    obstacle(name, id, input) {
      const action = actionOf(name);
      return action.obstacle(look(action, id), input);
    },
    effects(name, id, input = {}) {
      const action = actionOf(name);
      return action.effects(look(action, id), input);
    },
    declares(name, id, input, declared) {
      const action = actionOf(name);
      return action.declares?.({ ...look(action, id), ...(declared && { declared }) }, input);
    },
    async act(name, id, input = {}, options = {}) {
      const action = actionOf(name);
      const obstacle = action.obstacle(look(action, id), input);
      // What was begun is gone on with, whatever it has become meanwhile.
      if (obstacle && !options.sent?.size) throw new Error(`${obstacle.reason}: ${obstacle.message}`);
      return action.run(createRun(bench, look(action, id).target, id, options), input);
    },
    async made(name, input) {
      const result = await bench.act(name, '', input);
      return result?.resources?.[0]?.id ?? '';
    },
    async close() {
      await client.close();
      await inventory.stop();
      await store.close();
      await sandbox.close();
    },
  };
  return bench;
}

function createRun({ client, inventory }: Bench, before: Resources[ResourceType], id: string, options: ActOptions): Run<ResourceType> {
  const sent = options.sent ?? new Map<string, { answer?: Json }>();
  return {
    id,
    cloud: client,
    inventory,
    before,
    cancelled: new AbortController().signal,
    step: async () => {},
    async send(name, write, found) {
      const known = sent.get(name);
      if (known && 'answer' in known) return known.answer as never;
      const seen = known && found ? await found() : undefined;
      if (known && (!found || seen !== undefined)) return (seen ?? null) as never;
      sent.set(name, {});
      const answer = await write();
      options.afterWrite?.(name);
      sent.set(name, { answer });
      return answer;
    },
    async until(what, done) {
      for (let tries = 0; tries < 600; tries += 1) {
        const found = await done();
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`${what} has not come about`);
    },
  };
}
