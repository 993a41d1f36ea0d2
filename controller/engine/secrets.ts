import { createHash } from 'node:crypto';
import type { AnyKind } from './kind.ts';
import { KubeError, type SecretData } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import { referencesOf } from './references.ts';

/** What a reference to a Secret names; every Secret is one of the object's own namespace. */
export const SECRET = 'Secret';

/** Reads a Secret of this namespace; undefined when there is none. */
export type ReadSecret = (name: { readonly namespace: string; readonly name: string }) => Promise<SecretData | undefined>;

/** The Secrets a spec names, by name. They live as long as the pass that read them, and MUST NOT be shown or stored. */
export type Secrets = ReadonlyMap<string, SecretData | 'missing' | 'forbidden'>;

/** Reads all Secrets a spec names; none for most objects, and then Kubernetes is not asked. */
export async function readSecrets<Cloud>(kind: AnyKind<Cloud>, object: KubeObject, read: ReadSecret): Promise<Secrets> {
  const names = referencesOf(kind.spec, object.spec).flatMap((one) => (one.kind === SECRET ? [one.name] : []));
  const namespace = object.metadata.namespace ?? '';
  return new Map(await Promise.all(names.map(async (name) => [name, await readOne({ namespace, name }, read)] as const)));
}

async function readOne(name: Parameters<ReadSecret>[0], read: ReadSecret): Promise<SecretData | 'missing' | 'forbidden'> {
  try {
    return (await read(name)) ?? 'missing';
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return 'forbidden';
    throw error;
  }
}

/** Stands for all that an object was told in secret: bound to the object, so that equal Secrets do not show as equal. */
export function digestOf({ metadata: { uid } }: KubeObject, told: ReadonlyMap<string, Uint8Array>): string | undefined {
  if (told.size === 0) return undefined;
  const hash = createHash('sha256').update(uid);
  for (const [where, value] of [...told].toSorted(([one], [other]) => one.localeCompare(other)))
    hash.update(`\0${where}\0${value.byteLength}\0`).update(value);
  return hash.digest('hex');
}

/** The generation carried out in full; none while a Secret holds another value than the one that was carried out. */
export function settledGenerationOf({ status }: KubeObject, secretsDigest: string | undefined): number | undefined {
  return secretsDigest !== undefined && status?.settledSecrets !== secretsDigest ? undefined : status?.settledGeneration;
}
