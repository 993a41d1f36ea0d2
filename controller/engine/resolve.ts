import type { AnyKind, Owner, Reason, Resolve } from './kind.ts';
import type { KubeObject } from './object.ts';
import { type Outcome, polling, stalled, waiting } from './outcome.ts';
import { CLUSTER, clusterOf, nameOf, type ReferenceGraph } from './references.ts';
import { digestOf, SECRET, type Secrets } from './secrets.ts';

/** What `desire` gave: what the cloud should hold, or the outcome that says what is missing. */
export type Wish = Wished | { readonly outcome: Outcome };

export interface Wished {
  readonly desired: unknown;
  /** Soft references that have no id yet; the parts that need them are left out. */
  readonly later: readonly string[];
  /** Stands for the values of Secrets in it; undefined when there are none. */
  readonly secretsDigest: string | undefined;
}

/** Nothing wakes us when a Secret comes or changes: we do not watch what people keep secret. */
const SECRET_COMES_MS = 5_000;

/** What an object is called that has no id yet, where it is planned and not waited for; undefined: waited for. */
export type Assume = (found: KubeObject) => string | undefined;

/** What is known beside the object itself. */
export interface Knowledge {
  readonly graph: ReferenceGraph;
  readonly secrets: Secrets;
  readonly assume?: Assume;
}

/**
 * Asks a kind what it desires and writes down every question without an answer, so that one pass names all that is missing. With
 * `assume`, what is on its way is taken for there.
 */
export function resolveDesired<Cloud>(
  kind: AnyKind<Cloud>,
  object: KubeObject,
  cloud: Cloud,
  owner: Owner,
  { graph, secrets, assume }: Knowledge,
): Wish {
  const recorder = new Recorder(object, cloud, owner, { graph, secrets, ...(assume && { assume }) });
  let desired: unknown;
  try {
    desired = kind.desire(object.spec as never, recorder);
  } catch (error) {
    // A kind may stumble over an answer it did not get; what is missing explains it.
    if (!recorder.outcome()) throw error;
  }
  const outcome = recorder.outcome();
  if (outcome) return { outcome };
  return { desired, later: [...recorder.later].toSorted(), secretsDigest: digestOf(object, recorder.told) };
}

class Recorder<Cloud> implements Resolve<Cloud> {
  readonly owner: Owner;
  readonly cloud: Cloud;
  readonly later = new Set<string>();
  /** What was taken from Secrets, by `name/key`. */
  readonly told = new Map<string, Buffer>();
  readonly #object: KubeObject;
  readonly #graph: ReferenceGraph;
  readonly #waits = new Set<string>();
  readonly #blocks: Reason[] = [];
  readonly #coming: Reason[] = [];

  readonly #secrets: Secrets;
  readonly #assume: Assume | undefined;
  #waitsForSecret = false;

  constructor(object: KubeObject, cloud: Cloud, owner: Owner, { graph, secrets, assume }: Knowledge) {
    this.#assume = assume;
    this.#secrets = secrets;
    this.owner = owner;
    this.cloud = cloud;
    this.#object = object;
    this.#graph = graph;
  }

  id(kind: string, name: string): string {
    const found = this.#lookUp(kind, name);
    if (typeof found === 'object') return found.id;
    if (found) this.#waits.add(found);
    return '';
  }

  softId(kind: string, name: string): string | undefined {
    const found = this.#lookUp(kind, name);
    if (typeof found === 'object') return found.id;
    if (found) this.later.add(found);
    return undefined;
  }

  secret(name: string, key: string): Buffer | undefined {
    const data = this.#secrets.get(name) ?? 'missing';
    const value = typeof data === 'object' && Object.hasOwn(data, key) ? data[key] : undefined;
    if (value) this.told.set(`${name}/${key}`, value);
    else this.#waits.add(`${SECRET} ${this.#object.metadata.namespace ?? ''}/${name} (${flawOf(data, key)})`);
    this.#waitsForSecret ||= value === undefined;
    return value;
  }

  need<T>(found: T | undefined, otherwise: Reason, options?: { readonly passes: true }): T {
    if (found === undefined) (options?.passes ? this.#coming : this.#blocks).push(otherwise);
    return found as T;
  }

  outcome(): Outcome | undefined {
    const waits = [...this.#waits].toSorted();
    const block = this.#blocks[0];
    if (block) {
      const messages = new Set([
        ...this.#blocks.map((one) => one.message),
        ...(waits.length > 0 ? [`Also waits for ${waits.join(', ')}.`] : []),
      ]);
      return stalled({ reason: block.reason, message: [...messages].join(' ') });
    }
    const [coming] = this.#coming;
    if (waits.length === 0 && coming && !this.#assume) {
      return polling({ reason: coming.reason, message: [...new Set(this.#coming.map((one) => one.message))].join(' ') });
    }
    if (waits.length === 0) return undefined;
    const circle = this.#graph.circle(this.#object);
    if (circle) {
      const way = circle.map(nameOf).join(' -> ');
      return stalled({
        reason: 'CircularReference',
        message: `These refer to each other in a circle, so none can be created first: ${way}. Remove one of the references.`,
      });
    }
    const next = this.#waitsForSecret ? { next: { look: 'after', ms: SECRET_COMES_MS } as const } : {};
    return waiting({ reason: 'WaitingForReference', message: `Waits for ${waits.join(', ')}.` }, next);
  }

  /** The id, or what to wait for, or undefined when the object stalls over it. */
  #lookUp(kind: string, name: string): { id: string } | string | undefined {
    const namespace = this.#object.metadata.namespace ?? '';
    const found = this.#graph.find(kind, namespace, name);
    const shown = kind === CLUSTER ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
    if (!found) return `${shown} (does not exist)`;
    const cluster = clusterOf(found);
    if (cluster !== undefined && cluster !== clusterOf(this.#object)) {
      this.#blocks.push({
        reason: 'ReferenceToOtherCluster',
        message: `${shown} is in Cluster ${cluster}, this object in ${clusterOf(this.#object) ?? 'none'}; both must be in one.`,
      });
      return undefined;
    }
    const assumed = this.#assume?.(found);
    if (assumed !== undefined) return { id: assumed };
    const id = found.status?.id;
    if (id === undefined || id === '') return `${shown} (not created yet)`;
    // What is going away must not be built upon; what already stands on it keeps standing until it goes itself.
    if (found.metadata.deletionTimestamp !== undefined && this.owner.id === undefined) return `${shown} (being deleted)`;
    return { id };
  }
}

function flawOf(data: NonNullable<ReturnType<Secrets['get']>>, key: string): string {
  if (data === 'missing') return 'does not exist';
  return data === 'forbidden' ? 'may not be read by the controller' : `has no key ${JSON.stringify(key)}`;
}
