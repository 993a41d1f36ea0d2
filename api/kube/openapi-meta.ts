import type { Schema } from './definition.ts';

export const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1.';

const text = (description: string): Schema => ({ type: 'string', description });
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const textMap = (description: string): Schema => ({ type: 'object', additionalProperties: { type: 'string', default: '' }, description });

const objectMeta: Schema = {
  type: 'object',
  description: 'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.',
  properties: {
    annotations: textMap(
      'Annotations is an unstructured key value map that may be set by external tools to store and retrieve arbitrary metadata.',
    ),
    creationTimestamp: time('When this object was created. Read-only.'),
    deletionGracePeriodSeconds: {
      type: 'integer',
      format: 'int64',
      description: 'Number of seconds allowed for this object to terminate. Read-only.',
    },
    deletionTimestamp: time('When deletion of this object was asked for. Read-only.'),
    finalizers: {
      type: 'array',
      items: { type: 'string', default: '' },
      description: 'Must be empty before the object is deleted from the registry.',
      'x-kubernetes-list-type': 'set',
      'x-kubernetes-patch-strategy': 'merge',
    },
    generateName: text('A prefix, used by the server, to generate a unique name ONLY IF the Name field has not been provided.'),
    generation: {
      type: 'integer',
      format: 'int64',
      description: 'A sequence number representing a specific generation of the desired state. Read-only.',
    },
    labels: textMap('Map of string keys and values that can be used to organize and categorize objects.'),
    name: text('Name must be unique within a namespace. Cannot be updated.'),
    namespace: text('Namespace defines the space within which each name must be unique. Cannot be updated.'),
    ownerReferences: {
      type: 'array',
      items: {
        type: 'object',
        required: ['apiVersion', 'kind', 'name', 'uid'],
        properties: {
          apiVersion: text('API version of the referent.'),
          kind: text('Kind of the referent.'),
          name: text('Name of the referent.'),
          uid: text('UID of the referent.'),
          controller: { type: 'boolean', description: 'If true, this reference points to the managing controller.' },
          blockOwnerDeletion: { type: 'boolean', description: 'Kept, and without effect here.' },
        },
      },
      description: 'List of objects depended by this object. Kept; nothing is collected by owner here.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'uid',
    },
    resourceVersion: text('An opaque value that represents the internal version of this object. Read-only.'),
    uid: text('UID is the unique in time and space value for this object. Read-only.'),
  },
};

/** Schemas of the metadata types, by their full names. */
export const metaSchemas: Readonly<Record<string, Schema>> = {
  [`${metaPrefix}ObjectMeta`]: objectMeta,
  [`${metaPrefix}ListMeta`]: {
    type: 'object',
    properties: {
      continue: text('More items can be listed with this token.'),
      remainingItemCount: { type: 'integer', format: 'int64', description: 'How many items are left.' },
      resourceVersion: text('The version of the list; a watch can go on from it.'),
    },
  },
  [`${metaPrefix}Patch`]: {
    type: 'object',
    description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
  },
  [`${metaPrefix}Status`]: {
    type: 'object',
    properties: {
      code: { type: 'integer' },
      message: text('A human-readable description.'),
      reason: text('A machine-readable description.'),
      status: text('Success or Failure.'),
    },
  },
};

/** Schema of metadata as strategic merge patches see it. */
export const metadataSchema = objectMeta;
