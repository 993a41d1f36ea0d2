import type { OwnKube, OwnKubeReply, OwnKubeRequest } from '../own-kube.ts';

/** The Kubernetes API as one caller. */
export type KubeDoor = (request: Omit<OwnKubeRequest, 'caller' | 'userAgent'>) => Promise<OwnKubeReply>;

/** An object as the Kubernetes API gives it. */
export interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What the Kubernetes API said no to. */
export class KubeRefused extends Error {
  readonly status: number;
  /** Kubernetes' word: `Invalid`, `AlreadyExists`, ... */
  readonly reason: string;
  readonly causes: readonly { readonly field: string; readonly message: string }[];

  constructor(status: number, body: OwnKubeReply['body']) {
    const { reason, message, details } = body as { reason?: string; message?: string; details?: { causes?: Cause[] } };
    super(message ?? `The Kubernetes API answered ${status}.`);
    this.status = status;
    this.reason = reason ?? 'Refused';
    this.causes = (details?.causes ?? []).map((cause) => ({ field: cause.field ?? '', message: cause.message ?? '' }));
  }
}

interface Cause {
  readonly field?: string;
  readonly message?: string;
}

export function doorOf(kube: OwnKube, caller: OwnKubeRequest['caller']): KubeDoor {
  return (request) => kube({ ...request, caller, userAgent: 'stackwarden-connections' });
}

/** The object in the answer; throws KubeRefused. */
export async function ask(door: KubeDoor, request: Parameters<KubeDoor>[0]): Promise<StoredObject> {
  const { status, body } = await door(request);
  if (status < 200 || status > 299) throw new KubeRefused(status, body);
  return body as unknown as StoredObject;
}

/** Like `ask`; undefined when there is none. */
export async function find(door: KubeDoor, path: string): Promise<StoredObject | undefined> {
  try {
    return await ask(door, { method: 'GET', path });
  } catch (error) {
    if (error instanceof KubeRefused && error.status === 404) return undefined;
    throw error;
  }
}

/** Every object of a resource, page by page. */
export async function* each(door: KubeDoor, path: string): AsyncGenerator<StoredObject> {
  let next = '';
  do {
    const page = await ask(door, { method: 'GET', path, query: { limit: '500', ...(next !== '' && { continue: next }) } });
    yield* page['items'] as StoredObject[];
    next = (page.metadata as { continue?: string }).continue ?? '';
  } while (next !== '');
}

export function secretPath({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${secretsPath(namespace)}/${encodeURIComponent(name)}`;
}

export function secretsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}
