import type { Json, JsonObject, JsonSchema } from './json.ts';

/**
 * The contract between the control loop and a kind. A kind is one declaration: what people may write (`spec`), what it means for the
 * cloud (`desire`), what the cloud holds (`observe`), how the two differ (`diff`), and the calls that close the gap
 * (`create`, `update`, `delete`). The engine owns everything else: references, finalizers, policies, conditions, retries, audit.
 *
 * `Cloud` is whatever the composition root's `connect` returns; the engine passes it along and never looks inside.
 */
export interface Kind<Spec = JsonObject, Desired = unknown, Observed = unknown, Cloud = unknown> {
  /** `Network`; with `plural` (`networks`) and `shortNames` (`osn`) as kubectl shows them. */
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** One sentence for `kubectl explain`. */
  readonly description: string;
  /** Schema of `spec` without the fields every kind has (clusterRef, driftPolicy, deletionPolicy); those are added by the registry. */
  readonly spec: JsonSchema;
  /** Schema of the status fields this kind adds to the common ones. */
  readonly status: Readonly<Record<string, JsonSchema>>;
  readonly columns: readonly Column[];
  /** People's data is in its cloud resources: deleting, replacing or rebuilding one loses it. */
  readonly holdsData?: true;

  /**
   * What the cloud should hold: spec with defaults and references resolved to cloud ids. Pure: the same spec and the same answers of
   * `resolve` give the same result. MUST ask `resolve` for everything it needs before using any answer, so that one pass names all
   * that is missing.
   */
  desire(spec: Spec, resolve: Resolve<Cloud>): Desired;

  /**
   * What the cloud holds for this object, from the inventory; reads nothing over the network and never writes. Finds by the recorded id,
   * else by the owner's stamp. MUST return `ambiguous` when several carry the stamp, and `foreign` when the recorded id
   * carries somebody else's: the engine then stops and shows the ids instead of guessing.
   */
  observe(cloud: Cloud, owner: Owner): Observation<Observed>;

  /** Compares; pure. `changes` MUST hold every declared field that differs and nothing else. */
  diff(desired: Desired, observed: Observed): Difference;

  /**
   * Creates the cloud resource, stamped with `owner.uid` in the create request itself, and returns its id. MUST make no call after the
   * create that can fail: the id has to reach status first. MUST NOT be retried by the kind or the client.
   */
  create(cloud: Cloud, desired: Desired, owner: Owner): Promise<{ id: string }>;

  /**
   * Carries out `changes` (the part of `diff` that policy allows), as far as one step can; the next pass sees what is left.
   * MUST touch no field outside `changes`, and MUST leave the inventory no older than its writes.
   */
  update(cloud: Cloud, desired: Desired, observed: Observed, changes: readonly Change[]): Promise<void>;

  /** Asks for deletion; no error when it is already gone. Only a later `observe` confirms. */
  delete(cloud: Cloud, observed: Observed, owner: Owner): Promise<void>;

  /** Reads this object's cloud resource anew into the inventory; used while waiting for the cloud to move. */
  reread(cloud: Cloud, id: string): Promise<void>;

  /**
   * Epoch ms at which the newest complete list behind `observe` was asked for; 0 when there is none yet. "Not found" counts only
   * when it is newer than the last create attempt.
   */
  listedAt(cloud: Cloud): number;

  /** Status fields people want in columns and tools; no timestamps that move by themselves. */
  report(observed: Observed): JsonObject;

  /**
   * Ids of the cloud resources an object of this kind could take over and `filter` picks, from the inventory; all of them for an empty
   * filter. MUST leave out what the cloud makes by itself (service ports, the default security group) and what is another project's.
   */
  candidates(cloud: Cloud, filter: ImportFilter): readonly string[];

  /** Who changed the resource lately by the cloud's own records, other than us, as it names them; for a field that is contested. */
  changedBy?(cloud: Cloud, observed: Observed): Promise<readonly string[]>;

  /**
   * The inverse of `desire`: the spec (without the fields every kind has) that declares what is observed, such that `diff` of its
   * `desire` is empty. Pure. Fields at the value the cloud gives when nothing is declared are left out; what other objects stand for
   * is written as a reference where `names` knows one, else as the cloud's own name or id.
   */
  declare(cloud: Cloud, observed: Observed, names: Names): JsonObject;
}

/** What `spec.import.filter` picks by: all that is given has to fit. */
export interface ImportFilter {
  readonly name?: string;
  /** All of these, among others. */
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Which object stands (or will stand) for a cloud resource. */
export interface Names {
  /** metadata.name of the object of this kind in the same namespace; undefined when there is none. */
  nameOf(kind: string, id: string): string | undefined;
}

/** A kind whose types only it knows, as the loop holds it. */
export type AnyKind<Cloud> = Kind<never, unknown, unknown, Cloud>;

/** A printer column: JSONPath as CRDs take it (`.status.id`); priority 1 shows with `-o wide` only. */
export interface Column {
  readonly name: string;
  readonly path: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly priority?: 0 | 1;
  readonly description?: string;
}

/** Who a cloud resource belongs to: the object, and the id status remembers. */
export interface Owner {
  /** metadata.uid; the stamp. */
  readonly uid: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** status.id, if a create was confirmed. */
  readonly id?: string;
  /** For a kind whose cloud resource can carry no stamp, and has to be known by what is declared. */
  readonly spec?: JsonObject;
  /** A create was sent and is not confirmed: what fits the declaration may be ours. */
  readonly isCreating?: true;
}

export type Observation<Observed> =
  | { readonly found: 'none' }
  | { readonly found: 'one'; readonly id: string; readonly observed: Observed }
  | { readonly found: 'ambiguous'; readonly ids: readonly string[] }
  | { readonly found: 'foreign'; readonly id: string; readonly message: string };

/** One field that differs: `from` is what the cloud holds, `to` what is declared; `null` is absent. */
export interface Change {
  /** As people write it: `spec.sizeGiB`, `spec.metadata.tier`, `spec.rules[ingress IPv4 tcp 22 0.0.0.0/0]`, `spec.volumes[data-1]`. */
  readonly path: string;
  readonly from: Json;
  readonly to: Json;
  /** How it can be closed; in place when absent. `rebuild` and `replace` lose data and are never done unasked. */
  readonly by?: 'rebuild' | 'replace';
}

export interface Difference {
  readonly changes: readonly Change[];
  /** The cloud is on its way (BUILD, a task running): nothing can be changed now; look again. */
  readonly waiting?: Reason;
  /** The resource is in a state that does not end by itself (ERROR); changes stay visible. A person is needed unless `recovery` is declared. */
  readonly failed?: Reason & { readonly recovery?: Recovery };
}

/** What is to be done about the state ERROR: at most `attempts` times, `coolDownMs` apart. */
export interface Recovery {
  /** `rebuild`: `update` is given the one change `status.state` from ERROR to ACTIVE. `replace`: deleted and created anew. */
  readonly by: 'rebuild' | 'replace';
  readonly attempts: number;
  readonly coolDownMs: number;
}

export interface Reason {
  /** CamelCase, for machines: `Building`. */
  readonly reason: string;
  /** A sentence for people, naming the thing and the next step. */
  readonly message: string;
}

/**
 * Answers `desire`'s questions. Every method records what was asked; when an answer is missing the engine stops before any write and
 * waits for exactly that.
 */
export interface Resolve<Cloud> {
  readonly owner: Owner;
  readonly cloud: Cloud;
  /** The cloud id of a declared object of the same namespace; '' (and a recorded wait) while it has none. */
  id(kind: string, name: string): string;
  /** Like `id`, but a missing one only delays the part that needs it: undefined, and the object stays Reconciling. */
  softId(kind: string, name: string): string | undefined;
  /**
   * The value at `key` of a Secret of the same namespace, named by a reference the schema marks; undefined (and a recorded wait) while
   * there is none. MUST NOT be shown: what differs is told by a digest.
   */
  secret(name: string, key: string): Buffer | undefined;
  /**
   * Runs a look-up in the cloud's inventory; undefined stalls the object with this reason (unknown flavor). With `passes` the answer
   * comes by itself (a volume to boot from that is still being made): the object waits and looks again instead.
   */
  need<T>(found: T | undefined, otherwise: Reason, options?: { readonly passes: true }): T;
}
