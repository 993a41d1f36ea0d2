const text = { type: 'string' } as const;
const object = <P extends Record<string, object>>(properties: P, required: readonly (keyof P & string)[] = Object.keys(properties)) =>
  ({ type: 'object', additionalProperties: false, required, properties, description: 'a JSON object.' }) as const;

const name = {
  ...text,
  maxLength: 100,
  pattern: '^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$',
  description: 'a name of 100 characters at most, without a blank at either end.',
} as const;
const cluster = { ...text, minLength: 1, maxLength: 253, pattern: '^[a-z0-9.-]+$', description: 'the name of a Cluster.' } as const;
const server = { ...text, pattern: '^[A-Za-z0-9_-]{1,255}$', description: 'the id of an instance in its cloud.' } as const;
const port = { type: 'integer', minimum: 1, maximum: 65_535, description: 'a port, 1 to 65535.' } as const;
const fingerprint = {
  ...text,
  pattern: '^SHA256:[A-Za-z0-9+/]{43}$',
  description: 'a fingerprint as ssh-keygen -l shows it: SHA256: and 43 characters.',
} as const;
const id = { ...text, pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description: 'an id, a UUID.' } as const;
const page = {
  limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'a whole number from 1 to 500.' },
  cursor: { ...text, minLength: 1, maxLength: 2000, description: '"next" of the page before, unchanged.' },
} as const;

export const nothing = object({});
export const idParams = object({ id });
export const serverParams = object({
  cluster: { ...text, minLength: 1, maxLength: 253 },
  server: { ...text, minLength: 1, maxLength: 255 },
});

export const profilesQuery = object({ cluster, server, ...page }, []);
export const profileBody = object({
  name,
  cluster,
  serverId: {
    ...text,
    pattern: '^[A-Za-z0-9_-]{0,255}$',
    description: 'the id of an instance in its cloud, or empty for all of the cluster.',
  },
  user: {
    ...text,
    maxLength: 64,
    pattern: '^[^\\s\\p{C}]+$',
    description: 'the name to sign in by, without blanks; 64 characters at most.',
  },
  port,
  via: { ...text, minLength: 1, maxLength: 64, description: 'floating, fixed, any, or an IP address.' },
  keyId: { type: ['string', 'null'], pattern: id.pattern, description: 'the id of a key of GET /api/v1/terminal-keys, or null.' },
});

export const keysQuery = object({ cluster, ...page }, []);
export const keyBody = object(
  {
    name,
    cluster: { ...cluster, pattern: '^(\\*|[a-z0-9.-]+)$', description: 'the name of a Cluster, or * for all.' },
    privateKey: { ...text, minLength: 1, maxLength: 16_384, description: 'the text of a private key, of OpenSSH or PEM.' },
    passphrase: { ...text, minLength: 1, maxLength: 1024, description: 'the passphrase of the private key, where it has one.' },
    generate: { type: 'boolean', enum: [true], description: 'true, instead of privateKey: a key is made here.' },
  },
  ['name', 'cluster'],
);

export const hostKeysQuery = object({ cluster, server, ...page }, []);
export const forgetQuery = object({ port, fingerprint }, []);
export const pinBody = object(
  {
    port,
    publicKey: { ...text, minLength: 1, maxLength: 6000, description: 'the line of a .pub file: ssh-ed25519 AAAA...' },
    fingerprint: { ...fingerprint, description: `${fingerprint.description} Instead of publicKey.` },
    algorithm: {
      ...text,
      enum: ['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'],
      description: 'with a fingerprint: one of ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256, -nistp384, -nistp521.',
    },
  },
  ['port'],
);
