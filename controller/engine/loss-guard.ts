import type { AnyKind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { ownerOf } from './pass.ts';
import { policiesOf } from './policies.ts';
import type { AuditEntry, Clock, Connection } from './ports.ts';
import { CONTROLLER } from './scribe.ts';

/** How much of a cluster is lost at once, and how much of it is made anew without a person. */
export interface Loss {
  readonly lost: number;
  readonly of: number;
  readonly limit: number;
}

export interface LossGuardDeps<Cloud> {
  readonly clock: Clock;
  readonly kinds: readonly AnyKind<Cloud>[];
  objectsOf(cluster: string): readonly KubeObject[];
  audit(entry: AuditEntry): Promise<void>;
  log(level: 'error', message: string, fields?: Record<string, unknown>): void;
  /** The alarm is raised (`loss`), or over (undefined). */
  onAlarm?(cluster: string, loss: Loss | undefined): void;
}

const LEAST = 5;
const SHARE = 0.2;
/** A count is good for so long: every pass over a lost resource asks for it. */
const COUNT_KEPT_MS = 500;

/**
 * Keeps a cloud that suddenly holds much less (an empty answer, a restored database, a wrong project) from being built anew. Level
 * based: as soon as the resources are back it lets go by itself.
 */
export class LossGuard<Cloud> {
  readonly #deps: LossGuardDeps<Cloud>;
  readonly #counted = new Map<string, { readonly loss: Loss; readonly at: number }>();
  readonly #alarms = new Map<string, Connection<Cloud>>();
  readonly #spent = new Map<string, number>();

  constructor(deps: LossGuardDeps<Cloud>) {
    this.#deps = deps;
  }

  /** The loss that forbids making anything lost of this cluster anew; undefined when it may be. */
  lossOf(connection: Connection<Cloud>): Loss | undefined {
    const loss = this.#count(connection);
    return loss.lost > loss.limit ? loss : undefined;
  }

  /** Like `lossOf`, and raises the alarm. */
  heldBy(connection: Connection<Cloud>): Loss | undefined {
    const loss = this.lossOf(connection);
    if (loss) this.#raise(connection, loss);
    return loss;
  }

  /** Whether one more resource may be replaced that nobody asked to replace; counts it. Starts anew with each sweep. */
  mayReplace(connection: Connection<Cloud>): boolean {
    const spent = this.#spent.get(connection.cluster) ?? 0;
    if (spent >= this.#limit(connection, this.#deps.objectsOf(connection.cluster).length)) return false;
    this.#spent.set(connection.cluster, spent + 1);
    return true;
  }

  /** Epoch ms: everything of this cluster that objects stand for was listed after it. */
  listedSince(connection: Connection<Cloud>): number {
    const present = new Set(this.#deps.objectsOf(connection.cluster).map((object) => object.kind));
    const kinds = this.#deps.kinds.filter((kind) => present.has(kind.kind));
    return Math.min(...kinds.map((kind) => kind.listedAt(connection.cloud)));
  }

  sweepDone(cluster: string): void {
    this.#spent.delete(cluster);
    const connection = this.#alarms.get(cluster);
    if (!connection) return;
    this.#counted.delete(cluster);
    const loss = this.#count(connection);
    if (loss.lost > loss.limit) return;
    this.#alarms.delete(cluster);
    this.#tell(
      cluster,
      'MassLossOver',
      `What was missed in Cluster ${cluster} is back, or was let go; lost resources are made anew again.`,
    );
    this.#deps.onAlarm?.(cluster, undefined);
  }

  #count(connection: Connection<Cloud>): Loss {
    const { cluster } = connection;
    const now = this.#deps.clock.now();
    const known = this.#counted.get(cluster);
    if (known && now - known.at < COUNT_KEPT_MS) return known.loss;
    const kinds = new Map(this.#deps.kinds.map((kind) => [kind.kind, kind]));
    const ours = this.#deps.objectsOf(cluster).filter((object) => object.status?.id !== undefined && isKept(object, now));
    const lost = ours.filter((object) => kinds.get(object.kind)?.observe(connection.cloud, ownerOf(object)).found === 'none');
    const loss = { lost: lost.length, of: ours.length, limit: this.#limit(connection, ours.length) };
    this.#counted.set(cluster, { loss, at: now });
    return loss;
  }

  #limit({ recreationLimit }: Connection<Cloud>, objects: number): number {
    return recreationLimit ?? Math.max(LEAST, Math.ceil(objects * SHARE));
  }

  #raise(connection: Connection<Cloud>, loss: Loss): void {
    const { cluster } = connection;
    const isNew = !this.#alarms.has(cluster);
    this.#alarms.set(cluster, connection);
    if (!isNew) return;
    this.#tell(cluster, 'MassLoss', massLossMessage(cluster, loss));
    this.#deps.onAlarm?.(cluster, loss);
  }

  #tell(cluster: string, type: string, message: string): void {
    const entry: AuditEntry = { type, actor: CONTROLLER, cluster, changes: [], result: 'observed', message, requestIds: [] };
    this.#deps
      .audit(entry)
      .catch((error: unknown) => this.#deps.log('error', 'could not record an alarm', { cluster, error: String(error) }));
  }
}

export function massLossMessage(cluster: string, { lost, of, limit }: Loss): string {
  return (
    `${lost} of the ${of} resources declared in Cluster ${cluster} are missing at once, and no more than ${limit} are made anew without a person. ` +
    `If the cloud answers wrongly, nothing needs to be done: it goes on by itself once they are back. ` +
    `If they are really lost, raise spec.limits.recreations of the Cluster to ${lost} or more.`
  );
}

/** Lost resources of objects that are being deleted, or are only looked at, are not made anew anyway. */
function isKept(object: KubeObject, now: number): boolean {
  return (
    object.metadata.deletionTimestamp === undefined && policiesOf(object, undefined, now).manages && object.status?.replacing === undefined
  );
}
