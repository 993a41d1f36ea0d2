import { resource } from '../resource.ts';
import { objectSchema } from './schemas.ts';

/** There are never any; `kubectl cluster-info` asks for them and gives up when the kind is unknown. */
export const services = resource(
  {
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    singular: 'service',
    shortNames: ['svc'],
    namespaced: true,
    status: false,
    columns: [],
    schema: objectSchema('Service is known here by name only: there are none, and none can be made.', {}),
  },
  { isBuiltIn: true, isReadOnly: true },
);
