import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { causesOf, collectionPath, type KindPath, type KubeReply, messageOf, type PlanKube, unavailable } from './kube.ts';
import type { Problem } from './problem.ts';
import { isRecord, type Manifest, type ManifestObject } from './sources.ts';
import { threeWayMerge } from './three-way-merge.ts';

/** What applying one manifest would make of its object, as the server stores it. */
export interface DryRun {
  readonly manifest: Manifest;
  /** As it is; absent when it would be new. */
  readonly before?: KubeObject;
  /** As it would be; without a version when it would be new. */
  readonly after: KubeObject;
  /** What makes `after` of `before`: the object, or a merge patch where there is one already; empty when there is nothing to send. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface DryRunOptions {
  readonly kube: PlanKube;
  readonly kind: KindPath;
  readonly namespace: string;
  /** The set makes this namespace, so that the server does not know it yet. */
  readonly isNamespaceNew: boolean;
  /** The spec that somebody began from: what they took out of it goes, whoever wrote it. Without it only what was applied before can go. */
  readonly base?: JsonObject;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const asDryRun = { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'stackwarden-plan' };
type Fields = Readonly<Record<string, unknown>>;
/** A namespace every server has. */
const anyNamespace = 'default';

/** Sends the manifest as `kubectl apply` would, as a dry run: defaults, pruning and checks are the server's own. */
export async function dryRun(manifest: Manifest, options: DryRunOptions): Promise<DryRun | readonly Problem[]> {
  const { kube, kind, namespace } = options;
  const { name } = manifest.object.metadata;
  const step = `the dry run of ${manifest.object.kind} ${name}`;
  const path = `${collectionPath(manifest.object.apiVersion, kind, namespace)}/${encodeURIComponent(name)}`;
  for (let attempt = 1; ; attempt += 1) {
    const found = options.isNamespaceNew ? undefined : await kube.send({ method: 'GET', path });
    if (found && found.status !== 200 && found.status !== 404) return refused(manifest, namespace, found, step);
    const current = found?.status === 200 ? found.body : undefined;
    const body = current ? patchOf(manifest.object, current, options.base) : newBody(manifest.object, kind, namespace);
    const reply = current ? await update(body, current, path, kube) : await create(body, manifest.object, options);
    // Made or changed by somebody else since it was read: read again.
    if (reply.status === 409 && attempt < 3) continue;
    if (reply.status !== 200 && reply.status !== 201) return refused(manifest, namespace, reply, step);
    const after = stored(reply.body, manifest.object, kind.namespaced ? namespace : '');
    return { manifest, after, body, ...(current && { before: stored(current, manifest.object, kind.namespaced ? namespace : '') }) };
  }
}

function newBody(object: ManifestObject, kind: KindPath, namespace: string): Fields {
  const { name, ...metadata } = asApplied(object).metadata;
  return { ...object, metadata: { ...metadata, name, ...(kind.namespaced && { namespace }) } };
}

function patchOf(object: ManifestObject, current: Fields, base: JsonObject | undefined): Fields {
  const original = base ? { ...originalOf(current), spec: base } : originalOf(current);
  return threeWayMerge({ original, modified: asApplied(object), current });
}

async function create(body: Fields, object: ManifestObject, { kube, kind, namespace, isNamespaceNew }: DryRunOptions): Promise<KubeReply> {
  const within = isNamespaceNew ? anyNamespace : namespace;
  const send = (sent: object) =>
    kube.send({ method: 'POST', path: collectionPath(object.apiVersion, kind, within), query: asDryRun, body: sent });
  const reply = await send(isNamespaceNew ? newBody(object, kind, within) : body);
  if (reply.status !== 409 || !isNamespaceNew) return reply;
  // The stand-in namespace has one of this name already.
  const { metadata, ...rest } = newBody(object, kind, within);
  return send({ ...rest, metadata: { ...(metadata as object), name: undefined, generateName: `${object.metadata.name}-` } });
}

async function update(patch: Fields, current: Fields, path: string, kube: PlanKube): Promise<KubeReply> {
  if (Object.keys(patch).length === 0) return { status: 200, body: current };
  return kube.send({ method: 'PATCH', path, query: asDryRun, body: patch });
}

/** With the note that `kubectl apply` leaves in it. */
function asApplied(object: ManifestObject): ManifestObject {
  const { [lastApplied]: _note, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata, annotations } };
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...annotations, [lastApplied]: `${JSON.stringify(plain)}\n` } } };
}

/** What was applied last; nothing when it was not `kubectl apply` that made it. */
function originalOf(current: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    const original: unknown = JSON.parse(noteOf(current) ?? '{}');
    return isRecord(original) ? original : {};
  } catch {
    return {};
  }
}

/** The text of the note in a stored object; undefined when there is none. */
export function noteOf(current: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = current['metadata'];
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  const note = isRecord(annotations) ? annotations[lastApplied] : undefined;
  return typeof note === 'string' ? note : undefined;
}

function stored(
  body: Readonly<Record<string, unknown>>,
  { apiVersion, kind, metadata: { name } }: ManifestObject,
  namespace: string,
): KubeObject {
  const { generateName: _stand, ...metadata } = body['metadata'] as KubeObject['metadata'] & { generateName?: string };
  return {
    ...body,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(namespace && { namespace }), resourceVersion: metadata.resourceVersion ?? '' },
    spec: (body['spec'] ?? {}) as JsonObject,
  };
}

/** The server's refusal, field by field; throws when the server could not answer at all. */
export function refused(manifest: Manifest, namespace: string, reply: KubeReply, step: string): readonly Problem[] {
  if (reply.status >= 500 || reply.status === 401) throw unavailable(step, reply);
  const { place, object } = manifest;
  const problem = (path: string, message: string): Problem => ({ place, object: titleOf(object, namespace), path, message });
  const causes = causesOf(reply.body);
  const text = [messageOf(reply.body), ...causes.map((cause) => cause.message)].join(' ');
  const strict = [...text.matchAll(/(unknown|duplicate) field "((?:[^"\\]|\\.)*)"/g)];
  const fields = new Map(
    strict.map(([, what, field = '']) => [field, what === 'unknown' ? 'There is no such field.' : 'The field is there twice.']),
  );
  if (fields.size > 0) return [...fields].map(([field, message]) => problem(field, message));
  if (causes.length > 0) return causes.map(({ field = '', message = '' }) => problem(field === '<nil>' ? '' : field, message));
  if (reply.status === 404 && /namespaces? "/.test(text))
    return [problem('metadata.namespace', `There is no namespace ${namespace}; add it to the manifests or create it first.`)];
  return [problem('', messageOf(reply.body))];
}

/** `Network default/front`: how people read an object. */
export function titleOf({ kind, metadata: { name } }: { kind: string; metadata: { name: string } }, namespace: string): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
