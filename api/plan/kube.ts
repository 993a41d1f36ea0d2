import { isRecord } from './sources.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a PATCH: a JSON merge patch. */
  readonly body?: object;
}

export interface KubeReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The Kubernetes API as the person who asks for the plan: what they may not do, their plan may not either. */
export interface PlanKube {
  send(request: KubeRequest): Promise<KubeReply>;
}

/** The API did not do its part, through no fault of the manifests. */
export class KubeUnavailable extends Error {
  override readonly name = 'KubeUnavailable';
}

/** Where objects of a kind live. */
export interface KindPath {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The kinds of a group and version by name; empty when the server does not know the version. */
export async function kindsOf(kube: PlanKube, apiVersion: string): Promise<ReadonlyMap<string, KindPath>> {
  const { status, body } = await kube.send({ method: 'GET', path: rootOf(apiVersion) });
  if (status === 404) return new Map();
  if (status !== 200) throw unavailable(`listing the kinds of ${apiVersion}`, { status, body });
  const resources = (body['resources'] ?? []) as readonly { name: string; kind: string; namespaced: boolean; verbs: readonly string[] }[];
  const objects = resources.filter(({ name, verbs }) => !name.includes('/') && verbs.includes('get'));
  return new Map(objects.map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]));
}

export function rootOf(apiVersion: string): string {
  const parts = apiVersion.split('/').map(encodeURIComponent);
  return parts.length === 1 ? `/api/${parts[0]}` : `/apis/${parts.join('/')}`;
}

export function collectionPath(apiVersion: string, kind: KindPath, namespace: string): string {
  return `${rootOf(apiVersion)}${kind.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${kind.plural}`;
}

/** The server's own words, with the step that met them. */
export function unavailable(step: string, { status, body }: KubeReply): KubeUnavailable {
  return new KubeUnavailable(`The Kubernetes API answered ${status} to ${step}: ${messageOf(body)}`);
}

export function messageOf(body: Readonly<Record<string, unknown>>): string {
  return typeof body['message'] === 'string' ? body['message'] : 'no reason given';
}

/** `details.causes` of a Status. */
export function causesOf(body: Readonly<Record<string, unknown>>): readonly { readonly field?: string; readonly message?: string }[] {
  const details = body['details'];
  const causes = isRecord(details) ? details['causes'] : undefined;
  return Array.isArray(causes) ? (causes as { field?: string; message?: string }[]) : [];
}
