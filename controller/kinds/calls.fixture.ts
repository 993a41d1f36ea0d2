import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { RequestOptions, ServiceClient, ServiceResponse } from '#controller/openstack/cloud.ts';
import { OpenStackError } from '#controller/openstack/errors.ts';
import type { CloudHandle } from './handle.ts';
import { knownCloud, type Rows } from './inventory.fixture.ts';

/** A write as it was sent: `PUT /routers/r1`, with its body. */
export type Sent = readonly [call: string, body: unknown];

/** A known cloud whose network service takes every write but those refused, and says what it was sent. */
export function listeningCloud(
  rows: Rows,
  {
    answer = () => ({}),
    refuse = () => undefined,
  }: { answer?: (call: string) => object; refuse?: (call: string, body: unknown) => string | undefined } = {},
): { cloud: CloudHandle; sent: Sent[] } {
  const sent: Sent[] = [];
  const known = knownCloud(rows);
  const network: ServiceClient = {
    service: 'network',
    cloud: 'main',
    microversions: () => Promise.resolve(undefined),
    async request<T>({ method, path, body }: RequestOptions): Promise<ServiceResponse<T>> {
      const call = `${method} ${path}`;
      sent.push([call, body]);
      const type = refuse(call, body);
      if (type !== undefined) {
        const failure = {
          cloud: 'main',
          service: 'network' as const,
          method,
          path,
          kind: 'http' as const,
          detail: type,
          type,
          mayHaveActed: false,
        };
        throw new OpenStackError({ ...failure, status: 409 });
      }
      return { status: 200, body: answer(call) as T, headers: {} };
    },
  };
  const inventory: CloudInventory = {
    ...known.inventory,
    record: () => undefined,
    forget: () => undefined,
    wrote: () => undefined,
    reread: (type, id) => Promise.resolve(known.inventory.get(type, id)),
    rereadChildren: () => Promise.resolve(),
  };
  return { cloud: { client: { ...known.client, network }, inventory }, sent };
}
