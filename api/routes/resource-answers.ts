import { redactChange } from '#controller/audit/redact.ts';
import type { Json } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import type { CloudState } from '#controller/lists/clouds.ts';
import type { Detail, Lists } from '#controller/lists/lists.ts';
import { present } from '#controller/lists/present.ts';
import type { Relation } from '#controller/lists/related.ts';
import type { Identity } from '../auth/identity.ts';
import { readPermission, sightOf } from './resource-access.ts';

export interface PresentedCloud {
  readonly cluster: string;
  readonly state: CloudState['state'];
  readonly reachable: boolean;
  readonly listedAt: string | null;
  readonly ageSeconds: number | null;
  readonly error?: { readonly reason: string; readonly message: string };
}

/** Related rows of one kind that are shown; the count tells of the others. */
const RELATED_SHOWN = 100;
const SHORT = ['name', 'status', 'addresses', 'size', 'declared'];

/** Clouds of which somebody may see a row of one of the types. */
export function cloudsSeenBy(
  identity: Identity,
  clouds: readonly CloudState[],
  types: readonly ResourceType[],
  now: number,
): PresentedCloud[] {
  const permissions = types.map(readPermission);
  const isSeen = ({ cluster }: CloudState) =>
    identity.grants.some(
      (grant) => (grant.cluster === '*' || grant.cluster === cluster) && permissions.some((one) => grant.permissions.has(one)),
    );
  return clouds.filter(isSeen).map((cloud) => presentCloud(cloud, now));
}

export function presentCloud({ cluster, state, listedAt, error }: CloudState, now: number): PresentedCloud {
  return {
    cluster,
    state,
    reachable: state === 'Fresh',
    listedAt: listedAt === null ? null : new Date(listedAt).toISOString(),
    ageSeconds: listedAt === null ? null : Math.max(0, Math.round((now - listedAt) / 100) / 10),
    ...(error && { error }),
  };
}

export function presentDetail(
  { entry, body, object, related }: Detail,
  { lists, identity, cloud, now }: { lists: Lists; identity: Identity; cloud: CloudState | undefined; now: number },
) {
  return {
    row: present(entry),
    body: body === undefined ? null : withoutSecrets(body),
    object: object === undefined ? null : presentObject(object),
    related: related
      .map((relation) => presentRelation(relation, { lists, identity, cluster: entry.cluster }))
      .filter(({ count }) => count > 0),
    cloud: presentCloud(cloud ?? { cluster: entry.cluster, state: 'Unreachable', listedAt: null }, now),
  };
}

/** Values under keys that look like secrets become `***`, as in the audit; what holds user data and passwords was never kept at all. */
function withoutSecrets(body: object): Json {
  return redactChange({ path: '', from: null, to: body as Json }, undefined).to;
}

/** Without its spec, which the Kubernetes API shows to who may read it. */
function presentObject({ apiVersion, kind, metadata, status }: KubeObject) {
  const { name, namespace = '', uid, generation, creationTimestamp, deletionTimestamp } = metadata;
  const { conditions = [], drift = [], ignored = [], plan = [], isOnlyObserved = false } = status ?? {};
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, generation, creationTimestamp, deletionTimestamp },
    status: withoutSecrets({ conditions, drift, ignored, plan, isOnlyObserved }),
  };
}

function presentRelation(
  { relation, type, ids }: Relation,
  { lists, identity, cluster }: { lists: Lists; identity: Identity; cluster: string },
) {
  const maySee = sightOf(identity, type);
  const entries = ids
    .map((id) => lists.entry(type, cluster, id))
    .filter((entry) => entry !== undefined)
    .filter((entry) => !maySee || maySee(entry.cluster, entry.namespace));
  const fields = SHORT.filter((field) => entries[0]?.cells[field] !== undefined);
  return { relation, type, count: entries.length, items: entries.slice(0, RELATED_SHOWN).map((entry) => present(entry, fields)) };
}
