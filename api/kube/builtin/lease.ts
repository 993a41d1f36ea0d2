import { invalidValue, required } from '../causes.ts';
import { resource } from '../resource.ts';
import { isRecord } from '../schema.ts';
import { describe, fields, objectSchema, text, time, whole } from './schemas.ts';

/** Leases, for whoever elects a leader through this API. */
export const leases = resource(
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    singular: 'lease',
    namespaced: true,
    status: false,
    columns: [
      { name: 'Holder', path: '.spec.holderIdentity', type: 'string', description: 'Who holds it' },
      { name: 'Age', path: '.metadata.creationTimestamp', type: 'date', description: 'Time since creation' },
    ],
    schema: objectSchema('Lease defines a lease concept.', {
      spec: fields({
        holderIdentity: describe(text, 'The holder of the lease.'),
        leaseDurationSeconds: describe(whole, 'How long candidates wait before they take it, from renewTime.'),
        acquireTime: describe(time, 'When it was acquired.'),
        renewTime: describe(time, 'When its holder last renewed it.'),
        leaseTransitions: describe(whole, 'How often it changed hands.'),
        strategy: text,
        preferredHolder: text,
      }),
    }),
  },
  {
    isBuiltIn: true,
    hasGeneration: false,
    check(object) {
      const spec = isRecord(object.spec) ? object.spec : {};
      const { leaseDurationSeconds: duration, leaseTransitions: transitions } = spec;
      const causes = [];
      if (typeof duration === 'number' && duration <= 0)
        causes.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
      if (typeof transitions === 'number' && transitions < 0) {
        causes.push(invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
      }
      if (spec.preferredHolder && !spec.strategy)
        causes.push(required('spec.strategy', 'strategy must be set when preferredHolder is set'));
      return causes;
    },
  },
);
