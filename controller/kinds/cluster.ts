import type { JsonSchema } from '#controller/engine/json.ts';
import type { Column } from '#controller/engine/kind.ts';
import { driftPolicy } from './policies.ts';

/** What people declare of a cloud connection. */
export type ClusterSpec = {
  readonly credentialsSecretRef: { readonly namespace: string; readonly name: string; readonly key?: string };
  readonly enabled?: boolean;
  readonly cloud?: string;
  readonly region?: string;
  readonly interface?: 'public' | 'internal' | 'admin';
  readonly caBundle?: string;
  readonly sweepInterval?: string;
  readonly limits?: { readonly concurrency?: number; readonly requestsPerSecond?: number; readonly recreations?: number };
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly maintenanceWindows?: readonly {
    readonly days?: readonly Day[];
    readonly start: string;
    readonly duration: string;
    readonly timeZone?: string;
  }[];
  readonly allowedNamespaces?: readonly string[];
  readonly terminals?: {
    readonly recording?: 'All' | 'Text' | 'Off';
    readonly bastion?: {
      readonly host: string;
      readonly port?: number;
      readonly user: string;
      readonly privateKeySecretRef: { readonly namespace: string; readonly name: string; readonly key?: string };
      readonly hostKeys: readonly string[];
    };
  };
};

/** In the order in which JavaScript counts them. */
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export type Day = (typeof DAYS)[number];

const terminals: JsonSchema = {
  type: 'object',
  description: 'How people get to its instances with a terminal.',
  properties: {
    recording: {
      type: 'string',
      enum: ['All', 'Text', 'Off'],
      description:
        'What has to be recorded. Text: what SSH and serial consoles show. All: every terminal, so screens (VNC), which cannot be recorded, are refused. Off: nothing is. Default: what the server is set to.',
    },
    bastion: {
      type: 'object',
      description: 'A host that SSH goes through to reach the instances. Default: they are connected to directly.',
      required: ['host', 'user', 'privateKeySecretRef', 'hostKeys'],
      properties: {
        host: { type: 'string', minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9:.-]+$', description: 'Its name or address.' },
        port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Where its SSH server listens. Default: 22.' },
        user: {
          type: 'string',
          minLength: 1,
          maxLength: 64,
          pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@-]*$',
          description: 'Who we sign in as.',
        },
        privateKeySecretRef: {
          type: 'object',
          description: 'The Secret with the private key to sign in with, without a passphrase.',
          required: ['namespace', 'name'],
          properties: {
            namespace: { type: 'string', minLength: 1, maxLength: 63 },
            name: { type: 'string', minLength: 1, maxLength: 253 },
            key: {
              type: 'string',
              minLength: 1,
              maxLength: 253,
              description: 'Entry of the Secret that holds the private key. Default: ssh-privatekey.',
            },
          },
        },
        hostKeys: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          description:
            'Keys the host is known by: fingerprints (SHA256:...) or public keys (ssh-ed25519 AAAA...). With any other it is not used.',
          items: {
            type: 'string',
            maxLength: 4096,
            pattern: '^(SHA256:[A-Za-z0-9+/]{43}|(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( [ -~]*)?)$',
          },
          'x-kubernetes-list-type': 'atomic',
        },
      },
    },
  },
};

const spec: JsonSchema = {
  type: 'object',
  required: ['credentialsSecretRef'],
  properties: {
    credentialsSecretRef: {
      type: 'object',
      description: 'The Secret with the credentials: a clouds.yaml, as openstacksdk reads it.',
      required: ['namespace', 'name'],
      properties: {
        namespace: { type: 'string', minLength: 1, maxLength: 63 },
        name: { type: 'string', minLength: 1, maxLength: 253 },
        key: {
          type: 'string',
          minLength: 1,
          maxLength: 253,
          description: 'Entry of the Secret that holds the clouds.yaml. Default: clouds.yaml.',
        },
      },
    },
    enabled: {
      type: 'boolean',
      description: 'false: the cloud is not contacted, and its objects wait. What was seen last stays shown. Default: true.',
    },
    cloud: { type: 'string', minLength: 1, maxLength: 253, description: 'Entry of clouds.yaml. Default: its only entry.' },
    region: { type: 'string', minLength: 1, maxLength: 255, description: 'Default: region_name of clouds.yaml.' },
    interface: {
      type: 'string',
      enum: ['public', 'internal', 'admin'],
      description: 'Which endpoints of the catalog to call. Default: interface of clouds.yaml, else public.',
    },
    caBundle: { type: 'string', maxLength: 262_144, description: 'PEM certificates to trust for this cloud, beside those of the system.' },
    sweepInterval: {
      type: 'string',
      pattern: '^([0-9]+(ms|s|m|h))+$',
      maxLength: 32,
      description: 'How often everything in the cloud is looked at, as 60s or 5m. Default: 60s.',
    },
    limits: {
      type: 'object',
      description: 'How hard to lean on the cloud.',
      properties: {
        concurrency: { type: 'integer', minimum: 1, maximum: 256, description: 'Requests under way at once. Default: 16.' },
        requestsPerSecond: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Requests sent in a second. Default: 50.' },
        recreations: {
          type: 'integer',
          minimum: 0,
          maximum: 1_000_000,
          description:
            'So many lost resources at once are made anew, and so many are replaced between two sweeps, without a person; of more, none is. Default: 5, or a fifth of the declared objects if that is more.',
        },
      },
    },
    driftPolicy: driftPolicy('What its objects do about drift unless they say so themselves. Default: Correct.'),
    maintenanceWindows: {
      type: 'array',
      maxItems: 50,
      description:
        'When drift of its objects is corrected; at other times it is only reported. A change of a spec is carried out at any time. Default: always.',
      items: {
        type: 'object',
        required: ['start', 'duration'],
        properties: {
          days: {
            type: 'array',
            maxItems: 7,
            items: { type: 'string', enum: [...DAYS] },
            description: 'Days on which it opens. Default: every day.',
            'x-kubernetes-list-type': 'set',
          },
          start: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'When it opens, as 02:00.' },
          duration: { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$', maxLength: 32, description: 'How long it is open, as 2h or 90m.' },
          timeZone: {
            type: 'string',
            minLength: 1,
            maxLength: 64,
            description: 'Whose clock start is on, as Europe/Berlin. Default: UTC.',
          },
        },
      },
      'x-kubernetes-list-type': 'atomic',
    },
    allowedNamespaces: {
      type: 'array',
      maxItems: 1000,
      items: { type: 'string', minLength: 1, maxLength: 63 },
      description: 'Namespaces whose objects may use this cluster. Default: all.',
      'x-kubernetes-list-type': 'set',
    },
    terminals,
  },
};

/** What the Cluster's reconcile reports; none of it moves by itself. */
const status: Readonly<Record<string, JsonSchema>> = {
  projectId: { type: 'string', description: 'The project the credentials are for.' },
  userId: { type: 'string', description: 'Who we are there.' },
  undeclared: {
    type: 'object',
    description: 'How many resources of each type the cloud holds that no object declares.',
    additionalProperties: { type: 'integer' },
  },
};

/** Conditions say which step of reaching the cloud failed. */
const condition = (type: string): Column => ({
  name: type,
  path: `.status.conditions[?(@.type=="${type}")].status`,
  type: 'string',
  priority: 1,
});

/** A cloud connection. It has no cloud resource of its own; its reconcile is part of the controller's composition. */
export const cluster = {
  kind: 'Cluster',
  plural: 'clusters',
  shortNames: ['osc'],
  description: 'A connection to an OpenStack cloud: where it is, who we are there, and how to treat it.',
  spec,
  status,
  columns: [
    { name: 'Cloud', path: '.spec.cloud', type: 'string' },
    { name: 'Project', path: '.status.projectId', type: 'string', priority: 1 },
    ...['DNS', 'TCP', 'TLS', 'Auth', 'Catalog', 'Microversions'].map(condition),
  ] satisfies readonly Column[],
} as const;
