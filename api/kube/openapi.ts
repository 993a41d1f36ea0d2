import { createHash } from 'node:crypto';
import type { Schema } from './definition.ts';
import { subresourcesOf } from './discovery.ts';
import { metaPrefix, metaSchemas } from './openapi-meta.ts';
import type { Resource, ResourceTable } from './resource.ts';

interface Document {
  readonly body: string;
  readonly hash: string;
}

type Reference = { readonly $ref: string };

const listParameters = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];
const deleteParameters = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];
const parameterTypes: Readonly<Record<string, string>> = {
  allowWatchBookmarks: 'boolean',
  watch: 'boolean',
  sendInitialEvents: 'boolean',
  orphanDependents: 'boolean',
  limit: 'integer',
  timeoutSeconds: 'integer',
  gracePeriodSeconds: 'integer',
};

/** The OpenAPI v3 documents, one per group and version, made once. */
export class OpenApi {
  readonly #documents = new Map<string, Document>();

  constructor(table: ResourceTable) {
    for (const { apiVersion, group } of table.groupVersions) {
      const resources = table.all.filter((each) => each.apiVersion === apiVersion);
      const body = JSON.stringify(documentOf(resources));
      const hash = createHash('sha512').update(body).digest('hex').toUpperCase();
      this.#documents.set(`${group ? 'apis' : 'api'}/${apiVersion}`, { body, hash });
    }
  }

  /** `/openapi/v3`. */
  index(): object {
    const paths = [...this.#documents].map(([path, { hash }]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
    return { paths: Object.fromEntries(paths) };
  }

  /** `/openapi/v3/<path>`. */
  document(path: string): Document | undefined {
    return this.#documents.get(path);
  }
}

function documentOf(resources: readonly Resource[]): object {
  const schemas: Record<string, unknown> = { ...metaSchemas };
  const paths: Record<string, object> = {};
  for (const resource of resources) {
    schemas[schemaName(resource)] = objectSchema(resource);
    schemas[`${schemaName(resource)}List`] = listSchema(resource);
    Object.assign(paths, pathsOf(resource));
  }
  return { openapi: '3.0.0', info: { title: 'Stackwarden', version: 'v0.1.0' }, paths, components: { schemas } };
}

/** `io.stackwarden.openstack.v1alpha1.Instance`, `io.k8s.api.core.v1.Secret`. */
function schemaName({ group, version, kind, isBuiltIn }: Resource): string {
  if (isBuiltIn) return `io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${kind}`;
  return [...group.split('.').toReversed(), version, kind].join('.');
}

function reference(name: string): Reference {
  return { $ref: `#/components/schemas/${name}` };
}

function kindMark({ group, version, kind }: Resource): { group: string; version: string; kind: string } {
  return { group, version, kind };
}

function objectSchema(resource: Resource): object {
  const { properties, ...schema } = resource.schema;
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...own } = properties ?? {};
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string', description: 'APIVersion defines the versioned schema of this representation of an object.' },
      kind: { type: 'string', description: 'Kind is a string value representing the REST resource this object represents.' },
      metadata: { description: "Standard object's metadata.", allOf: [reference(`${metaPrefix}ObjectMeta`)] },
      ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, published(value)])),
    },
    'x-kubernetes-group-version-kind': [kindMark(resource)],
  };
}

/** A schema as it may be shown: marks of our own stay at home. */
function published(schema: Schema): Schema {
  const { 'x-ref': _mark, properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties ? { properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, published(value)])) } : {}),
    ...(items ? { items: published(items) } : {}),
    ...(additionalProperties ? { additionalProperties: published(additionalProperties) } : {}),
  };
}

function listSchema(resource: Resource): object {
  const { kind, group, version } = resource;
  return {
    type: 'object',
    description: `${kind}List is a list of ${kind}`,
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { allOf: [reference(`${metaPrefix}ListMeta`)] },
      items: { type: 'array', items: { allOf: [reference(schemaName(resource))] } },
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
  };
}

function pathsOf(resource: Resource): Record<string, object> {
  const { group, apiVersion, plural, namespaced } = resource;
  const root = `${group ? '/apis' : '/api'}/${apiVersion}`;
  const base = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const scope = namespaced ? [inPath('namespace')] : [];
  const collection = {
    get: operation(resource, 'list', listParameters),
    post: operation(resource, 'post', writeParameters),
    delete: operation(resource, 'deletecollection', listParameters),
    parameters: scope,
  };
  const item = {
    get: operation(resource, 'get', []),
    put: operation(resource, 'put', writeParameters),
    delete: operation(resource, 'delete', deleteParameters),
    patch: operation(resource, 'patch', [...writeParameters, 'force']),
    parameters: [...scope, inPath('name')],
  };
  const { delete: _delete, ...subItem } = item;
  return {
    [base]: collection,
    [`${base}/{name}`]: item,
    ...Object.fromEntries(subresourcesOf(resource).map((sub) => [`${base}/{name}/${sub}`, subItem])),
    ...(namespaced ? { [`${root}/${plural}`]: { get: operation(resource, 'list', listParameters) } } : {}),
  };
}

function inPath(name: string): object {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json'];

function operation(resource: Resource, action: string, parameters: readonly string[]): object {
  const own = reference(schemaName(resource));
  const answer =
    action === 'list' ? reference(`${schemaName(resource)}List`) : action.startsWith('delete') ? reference(`${metaPrefix}Status`) : own;
  const sent = action === 'patch' ? [...patchTypes, ...(resource.isBuiltIn ? ['application/strategic-merge-patch+json'] : [])] : ['*/*'];
  const body = action === 'patch' ? reference(`${metaPrefix}Patch`) : own;
  const hasBody = action === 'patch' || action === 'post' || action === 'put';
  return {
    tags: [resource.apiVersion],
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: parameterTypes[name] ?? 'string', uniqueItems: true } })),
    ...(hasBody ? { requestBody: { content: Object.fromEntries(sent.map((type) => [type, { schema: body }])) } } : {}),
    responses: { '200': { description: 'OK', content: { 'application/json': { schema: answer } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kindMark(resource),
  };
}
