import { createHash } from 'node:crypto';
import type { Kind, Owner, Resolve } from '#controller/engine/kind.ts';
import { create, get, type KeyPair, remove as removeKeyPair } from '#controller/openstack/compute/keypairs.ts';
import { isConflict } from '#controller/openstack/errors.ts';
import { candidatesOf } from './candidates.ts';
import { fieldChange, sameBy } from './changes.ts';
import { declareName } from './declaring.ts';
import { resourceName } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import type { CommonSpec } from './policies.ts';
import { Undeclarable } from './undeclarable.ts';
import { recordCreated, remove } from './writes.ts';

export type KeyPairSpec = CommonSpec & { readonly name?: string; readonly publicKey: string };

export interface DesiredKeyPair {
  readonly name: string;
  readonly publicKey: string;
}

const OPENSSH_KEY = '^\\s*(ssh|ecdsa|sk)-[\\w@.-]+ [A-Za-z0-9+/=]+';

/**
 * A Nova key pair. It has no field for a stamp, so it is known by its name and its key: one that is there already with the same key
 * becomes ours, one with another key is somebody else's.
 */
export const keyPair: Kind<KeyPairSpec, DesiredKeyPair, KeyPair, CloudHandle> = {
  kind: 'KeyPair',
  plural: 'keypairs',
  shortNames: ['oskp'],
  description: 'A public SSH key of the cloud user, to be put into new instances.',
  spec: {
    type: 'object',
    required: ['publicKey'],
    properties: {
      name: resourceName('key pair'),
      publicKey: {
        type: 'string',
        minLength: 16,
        maxLength: 16_384,
        pattern: OPENSSH_KEY,
        description: 'The key in OpenSSH form, as in id_ed25519.pub. Fixed once made.',
      },
    },
  },
  status: { fingerprint: { type: 'string', description: 'MD5 fingerprint, as the cloud shows it.' } },
  columns: [{ name: 'Fingerprint', path: '.status.fingerprint', type: 'string' }],

  desire(spec, resolve) {
    const desired = { name: spec.name ?? resolve.owner.name, publicKey: spec.publicKey };
    refuseForeign(desired, resolve);
    return desired;
  },

  observe(cloud, owner) {
    const found = owner.id === undefined ? sameKeyPair(cloud, owner) : cloud.inventory.get('keypair', owner.id);
    return found ? { found: 'one', id: found.name, observed: found } : { found: 'none' };
  },

  diff(desired, observed) {
    return {
      changes: [
        ...fieldChange('spec.name', observed.name, desired.name, { by: 'replace' }),
        ...fieldChange('spec.publicKey', observed.public_key.trim(), desired.publicKey.trim(), {
          same: sameBy(keyMaterial),
          by: 'replace',
        }),
      ],
    };
  },

  async create(cloud, desired) {
    const known = cloud.inventory.get('keypair', desired.name);
    if (known && isSameKey(known, desired)) return { id: known.name };
    const askedAt = Date.now();
    const made = await importKey(cloud, desired);
    recordCreated(cloud, 'keypair', made, askedAt);
    return { id: made.name };
  },

  async update() {
    // Nothing of a key pair can be changed in place: every difference is by replacement, which the engine never asks of `update`.
  },

  delete: (cloud, observed) => remove(cloud, 'keypair', observed.name, () => removeKeyPair(cloud.client.compute, observed.name)),

  async reread(cloud, id) {
    await cloud.inventory.reread('keypair', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('keypair'),

  report: (observed) => ({ fingerprint: observed.fingerprint }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'keypair', filter),

  declare(_cloud, observed, names) {
    if (!new RegExp(OPENSSH_KEY).test(observed.public_key))
      throw new Undeclarable(`Key pair ${observed.name} is of type ${observed.type ?? 'x509'}; only SSH keys can be declared.`);
    return { ...declareName('KeyPair', observed.name, observed.name, names), publicKey: observed.public_key.trim() };
  },
};

/** One of the declared name with the declared key: ours from a create whose answer was lost, or just the same. */
function sameKeyPair(cloud: CloudHandle, { name, spec }: Owner): KeyPair | undefined {
  const publicKey = spec?.['publicKey'];
  const declaredName = spec?.['name'];
  const known = cloud.inventory.get('keypair', typeof declaredName === 'string' ? declaredName : name);
  return known && typeof publicKey === 'string' && isSameKey(known, { name: known.name, publicKey }) ? known : undefined;
}

/** Stalls the object, naming both fingerprints, when its name is taken by another key. */
function refuseForeign(desired: DesiredKeyPair, resolve: Resolve<CloudHandle>): void {
  const known = resolve.cloud.inventory.get('keypair', desired.name);
  // One we made and whose key differs is for `diff` to show.
  if (!known || resolve.owner.id === known.name || isSameKey(known, desired)) return;
  const message =
    `Key pair ${desired.name} exists in cluster ${resolve.cloud.client.name} with fingerprint ${known.fingerprint}; the declared key has ` +
    `${fingerprint(desired.publicKey)}. Choose another spec.name, or remove that key pair.`;
  resolve.need<KeyPair>(undefined, { reason: 'NameTaken', message });
}

/** Takes over a key pair that turns out to be there already with this very key; any other conflict is thrown. */
async function importKey(cloud: CloudHandle, desired: DesiredKeyPair): Promise<KeyPair> {
  const client = cloud.client.compute;
  try {
    return await create(client, { name: desired.name, public_key: desired.publicKey.trim(), type: 'ssh' });
  } catch (error) {
    if (!isConflict(error)) throw error;
    const askedAt = Date.now();
    const known = await get(client, desired.name);
    if (isSameKey(known, desired)) return known;
    // The next pass finds it in the inventory, and says so with both fingerprints.
    cloud.inventory.record('keypair', known, askedAt);
    throw error;
  }
}

const isSameKey = (observed: KeyPair, desired: DesiredKeyPair) => keyMaterial(observed.public_key) === keyMaterial(desired.publicKey);

/** Algorithm and key, without the comment. */
const keyMaterial = (publicKey: string): string => publicKey.trim().split(/\s+/).slice(0, 2).join(' ');

/** As Nova shows it: MD5 of the key, in pairs of hex digits. */
export function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? '', 'base64');
  // MD5 identifies here, it protects nothing.
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/(..)(?=.)/g, '$1:');
}
