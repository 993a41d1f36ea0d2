import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import { type Action, ActionFailed, type Look, type Obstacle } from '../action.ts';
import { removeAndWait } from '../deeds.ts';
import { makes } from '../fields.ts';
import { inputOf } from '../input.ts';

/** Where Nova makes the keys itself it takes fewer characters. */
const generatedName = {
  type: 'string' as const,
  minLength: 1,
  maxLength: 255,
  pattern: '^[A-Za-z0-9_-][A-Za-z0-9 _-]*$',
  description: 'Name of the key pair: letters, digits, spaces, - and _.',
};
const importedName = {
  ...generatedName,
  pattern: '^[A-Za-z0-9@._-][A-Za-z0-9@._ -]*$',
  description: 'Name of the key pair: letters, digits, spaces and @._-.',
};

export const createKeyPair: Action<'keypair', { readonly name: string }> = {
  name: 'keyPair.create',
  type: 'keypair',
  target: 'none',
  permission: 'keyPair.change',
  summary: 'Have the cloud make a key pair; the private key is shown once, to the request that waits for it',
  input: inputOf({ name: generatedName }, 'name'),
  danger: 'none',
  obstacle: ({ inventory }, input) => input && taken(inventory, input.name),
  effects: (_look, input) => makes(input),
  async run(run, { name }) {
    const client = run.cloud.compute;
    // Held here and nowhere else: what `send` resolves with is stored.
    let privateKey: string | undefined;
    const generate = async () => {
      const { private_key: key, ...pair } = await keypairs.generate(client, name);
      privateKey = key;
      return { name, fingerprint: pair.fingerprint };
    };
    // One of the name that is there now may be anybody's: it is not taken for ours.
    const made = await run.send('Create', generate);
    await run.inventory.reread('keypair', name);
    if (made === null || privateKey === undefined) {
      const message = `A restart came in between. If there is a key pair ${name} now, its private key is lost: delete it, and create another.`;
      throw new ActionFailed('PrivateKeyLost', message);
    }
    const resources = [{ type: 'keypair' as const, id: name, name }];
    return { resources, data: { fingerprint: made.fingerprint }, secret: { privateKey } };
  },
};

interface Import {
  readonly name: string;
  readonly publicKey: string;
}

export const importKeyPair: Action<'keypair', Import> = {
  name: 'keyPair.import',
  type: 'keypair',
  target: 'none',
  permission: 'keyPair.change',
  summary: 'Bring in a public key',
  input: inputOf(
    {
      name: importedName,
      publicKey: {
        type: 'string',
        minLength: 16,
        maxLength: 16_384,
        pattern: '^\\s*(ssh|ecdsa|sk)-[\\w@.-]+ [A-Za-z0-9+/=]+',
        description: 'The public key in OpenSSH form, as in id_ed25519.pub.',
      },
    },
    'name',
    'publicKey',
  ),
  danger: 'none',
  obstacle: ({ inventory }, input) => input && taken(inventory, input.name),
  effects: (_look, input) => makes(input),
  async run(run, { name, publicKey }) {
    const client = run.cloud.compute;
    const create = async () => (await keypairs.create(client, { name, public_key: publicKey, type: 'ssh' })).fingerprint;
    const found = async () => {
      for await (const page of keypairs.list(client)) {
        const same = page.find((pair) => pair.name === name && sameKey(pair.public_key, publicKey));
        if (same) return same.fingerprint;
      }
      return undefined;
    };
    const fingerprint = await run.send('Import', create, found);
    await run.inventory.reread('keypair', name);
    return { resources: [{ type: 'keypair', id: name, name }], data: { fingerprint } };
  },
};

export const deleteKeyPair: Action<'keypair', object> = {
  name: 'keyPair.delete',
  type: 'keypair',
  target: 'one',
  permission: 'keyPair.delete',
  summary: 'Delete the key pair; instances made with it keep the key',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: () => undefined,
  effects({ target, inventory }) {
    const users = [...inventory.all('server')].filter((server) => server.key_name === target.name);
    return {
      changes: [],
      takesAlong: users.map(({ id, name }) => ({
        type: 'server' as const,
        id,
        name,
        what: 'keeps the key, and can no longer be rebuilt with it',
      })),
      loses: 'The key pair; a private key that somebody has stays good for the instances made with it.',
    };
  },
  run: (run) => {
    const client = run.cloud.compute;
    return removeAndWait(run, { type: 'keypair', id: run.id }, () => keypairs.remove(client, run.id));
  },
};

function taken(inventory: Look<'keypair'>['inventory'], name: string): Obstacle | undefined {
  if (inventory.get('keypair', name) === undefined) return undefined;
  return { reason: 'NameTaken', field: 'name', message: `There is a key pair ${name} already; choose another name, or delete that one.` };
}

/** Without the comment. */
function sameKey(a: string, b: string): boolean {
  const material = (key: string) => key.trim().split(/\s+/).slice(0, 2).join(' ');
  return material(a) === material(b);
}
