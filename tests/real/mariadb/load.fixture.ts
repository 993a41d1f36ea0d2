import type { Stackwarden } from '#tests/parts/stackwarden.ts';
import type { Session } from '#tests/scenarios/session.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const networks = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/networks';
const restMs = 50;
/** Each so-manieth write declares a network, which the cloud then has to hold once. */
const networkEvery = 40;

/**
 * Clients that each count up in an object of their own, through any of the processes, one write after the other. A write counts as acknowledged
 * when it was answered with success; after anything else the client goes on with the next.
 */
export class Load {
  /** Object's name and the highest value that was acknowledged; a network's is 0. */
  readonly acknowledged = new Map<string, number>();
  /** How often each kind of other answer came. */
  readonly refused: Record<string, number> = {};
  readonly #processes: () => readonly Stackwarden[];
  readonly #clients: Promise<void>[];
  #isStopped = false;

  constructor(processes: () => readonly Stackwarden[], clients: number) {
    this.#processes = processes;
    this.#clients = Array.from({ length: clients }, (_, index) => this.#run(index));
  }

  /** Resolves when the last answers are in. */
  async stop(): Promise<Load> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
    return this;
  }

  /** What is stored now of what clients may have written. */
  async kept(session: Session): Promise<{ name: string; value: number }[]> {
    interface Kept {
      readonly items: readonly { readonly metadata: { readonly name: string }; readonly data?: { readonly value: string } }[];
    }
    const read = async (kind: string) => (JSON.parse(await session.must('get', kind, '-o', 'json')) as Kept).items;
    const all = [...(await read('configmaps')), ...(await read('networks.openstack'))];
    return all
      .filter(({ metadata }) => metadata.name.startsWith('load-'))
      .map(({ metadata, data }) => ({ name: metadata.name, value: Number(data?.value ?? 0) }));
  }

  async #run(client: number): Promise<void> {
    const name = `load-${client}`;
    for (let value = 1; !this.#isStopped; value += 1) {
      if (value % networkEvery === 0) await this.#declareNetwork(`${name}-${value}`, client + value);
      else await this.#count(name, value);
      await new Promise((done) => setTimeout(done, restMs));
    }
  }

  async #count(name: string, value: number): Promise<void> {
    const data = { value: String(value) };
    const isThere = this.acknowledged.has(name);
    const outcome = await this.#send(value, (process) =>
      isThere
        ? process.send('PATCH', `${configMaps}/${name}`, { data }, 'application/merge-patch+json')
        : process.send('POST', configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
    );
    if (outcome === 'done') this.acknowledged.set(name, value);
    // The answer to its create was lost: nothing was acknowledged yet, and it counts on from there.
    if (outcome === 'there already') this.acknowledged.set(name, 0);
  }

  async #declareNetwork(name: string, turn: number): Promise<void> {
    const body = {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Network',
      metadata: { name },
      spec: { clusterRef: { name: 'main' } },
    };
    const outcome = await this.#send(turn, (process) => process.send('POST', networks, body));
    if (outcome === 'done') this.acknowledged.set(name, 0);
  }

  async #send(
    turn: number,
    send: (process: Stackwarden) => Promise<{ status: number; text: string }>,
  ): Promise<'done' | 'there already' | 'refused'> {
    const all = this.#processes();
    const process = all[turn % all.length];
    if (!process) return 'refused';
    const { status, text } = await send(process).catch(() => ({ status: 0, text: '' }));
    if (status >= 200 && status < 300) return 'done';
    if (status === 409) return 'there already';
    const answer = status === 0 ? 'no answer' : `${status} ${text.slice(0, 200)}`;
    this.refused[answer] = (this.refused[answer] ?? 0) + 1;
    return 'refused';
  }
}
