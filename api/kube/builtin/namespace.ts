import { resource } from '../resource.ts';
import { isRecord } from '../schema.ts';
import { age } from '../table.ts';
import { describe, fields, objectSchema, text, time } from './schemas.ts';

/** Namespaces: `spec.finalizers` holds one that is deleted until everything in it is gone. */
export const namespaces = resource(
  {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    status: true,
    columns: [
      { name: 'Status', path: '.status.phase', type: 'string', description: 'The status of the namespace' },
      { name: 'Age', path: '.metadata.creationTimestamp', type: 'date', description: 'Time since creation' },
    ],
    schema: objectSchema('Namespace provides a scope for Names.', {
      spec: fields(
        { finalizers: describe({ type: 'array', items: text }, 'What must be done before the namespace is removed.') },
        'Spec defines the behavior of the Namespace.',
      ),
      status: fields({
        phase: describe(text, 'Active or Terminating.'),
        conditions: {
          type: 'array',
          'x-kubernetes-patch-strategy': 'merge',
          'x-kubernetes-patch-merge-key': 'type',
          items: fields({ type: text, status: text, reason: text, message: text, lastTransitionTime: time }),
        },
      }),
    }),
  },
  {
    isBuiltIn: true,
    hasGeneration: false,
    allowsUnconditionalUpdate: true,
    hasLabelName: true,
    subresources: ['finalize'],
    fields: (object) => ({ 'status.phase': phaseOf(object.status), name: object.metadata.name }),
    normalize(object, before) {
      object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
      if (before) return;
      object.spec = { finalizers: ['kubernetes'] };
      object.status = { phase: 'Active' };
    },
    cells: (object, now) => [phaseOf(object.status), age(object.metadata.creationTimestamp, now)],
    terminate(object) {
      object.status = { ...(isRecord(object.status) ? object.status : {}), phase: 'Terminating' };
    },
    isHeld: (object) => isRecord(object.spec) && Array.isArray(object.spec.finalizers) && object.spec.finalizers.length > 0,
  },
);

function phaseOf(status: unknown): string {
  return isRecord(status) && typeof status.phase === 'string' ? status.phase : '';
}
