const text = { type: 'string' } as const;
const entryName = { ...text, minLength: 1, maxLength: 253 } as const;

export const clusterName = {
  ...text,
  minLength: 1,
  // The Secret is called `cloud-NAME`.
  maxLength: 240,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  description: 'a name for the Cluster: small letters, digits, hyphens and dots, such as prod-1; 240 at most.',
} as const;

export const namespaceName = {
  ...text,
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  description: 'a namespace for the Secret with the credentials: small letters, digits and hyphens. Default: default.',
} as const;

const description = { ...text, maxLength: 500, description: 'a text of 500 characters at most.' } as const;
const spec = {
  type: 'object',
  maxProperties: 50,
  description: 'an object with fields of the spec of a Cluster, such as {"sweepInterval": "60s"}.',
} as const;

/** Checked by what reads them: an entry has too many forms for a schema. */
export const credentialFields = {
  cloudsYaml: { ...text, minLength: 1, maxLength: 262_144, description: 'the text of a clouds.yaml.' },
  secureYaml: { ...text, maxLength: 262_144, description: 'the text of the secure.yaml that goes with it.' },
  entry: {
    type: 'object',
    maxProperties: 100,
    description: 'one entry of a clouds.yaml as an object: {"auth": {"auth_url": ..., ...}, "region_name": ...}.',
  },
  cloud: { ...entryName, description: 'the name of an entry of the clouds.yaml; the only one when it is left out.' },
} as const;

const oneSource = [{ required: ['cloudsYaml'] }, { required: ['entry'] }] as const;

export const credentials = {
  type: 'object',
  additionalProperties: false,
  description: 'an object with cloudsYaml (and secureYaml and cloud, if needed) or with entry.',
  properties: credentialFields,
  oneOf: oneSource,
} as const;

const secretRef = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'name'],
  description: 'a Secret that is there: {"namespace": ..., "name": ..., "key": ...}.',
  properties: { namespace: namespaceName, name: entryName, key: entryName },
} as const;

/** What `POST /api/v1/clusters` takes. */
export const createBody = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  description: 'a JSON object with name and credentials (or credentialsSecretRef), and perhaps description, spec and namespace.',
  properties: { name: clusterName, description, spec, namespace: namespaceName, credentials, credentialsSecretRef: secretRef },
  oneOf: [{ required: ['credentials'] }, { required: ['credentialsSecretRef'] }],
} as const;

/** What `PATCH /api/v1/clusters/NAME` takes. */
export const changeBody = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: 'a JSON object with description, or with spec as a merge patch (null removes a field).',
  properties: { description, spec },
} as const;

/** What `POST /api/v1/clusters/import` takes. */
export const importBody = {
  type: 'object',
  additionalProperties: false,
  required: ['cloudsYaml'],
  description: 'a JSON object with cloudsYaml, and perhaps secureYaml, select, namespace and dryRun.',
  properties: {
    cloudsYaml: credentialFields.cloudsYaml,
    secureYaml: credentialFields.secureYaml,
    namespace: namespaceName,
    dryRun: { type: 'boolean', default: false, description: 'true: tell what the entries are, and make nothing.' },
    select: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description: 'the entries to import, 100 at most: [{"cloud": "prod"}, {"cloud": "test", "name": "lab"}].',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['cloud'],
        description: 'an object with cloud (the entry) and perhaps name (of the Cluster).',
        properties: { cloud: credentialFields.cloud, name: clusterName },
      },
    },
  },
} as const;

/** What `POST /api/v1/clusters/test` takes. */
export const testBody = {
  type: 'object',
  additionalProperties: false,
  description: 'a JSON object with cluster (a Cluster there is) or credentials (to try before it is made), and perhaps spec.',
  properties: {
    cluster: clusterName,
    credentials,
    spec: {
      type: 'object',
      additionalProperties: false,
      description: 'an object with region, interface or caBundle.',
      properties: {
        region: { ...entryName, description: 'the name of a region.' },
        interface: { ...text, enum: ['public', 'internal', 'admin'], description: 'one of public, internal, admin.' },
        caBundle: { ...text, maxLength: 262_144, description: 'PEM certificates.' },
      },
    },
  },
  oneOf: [{ required: ['cluster'] }, { required: ['credentials'] }],
} as const;

export const deleteQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { dryRun: { type: 'boolean', default: false, description: 'true or false; true tells what would go, and deletes nothing.' } },
} as const;

export const nameParams = {
  type: 'object',
  required: ['cluster'],
  properties: { cluster: { ...text, minLength: 1, maxLength: 253 } },
} as const;
