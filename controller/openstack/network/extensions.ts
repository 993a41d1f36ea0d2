import { requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';

export interface Extension {
  alias: string;
  name: string;
  description: string;
  updated: string;
}

/** What this Neutron offers. An alias is a promise of the API, not proof that the backend carries it out. */
export function list(client: ServiceClient): Promise<Extension[]> {
  return requestOne<Extension[]>(client, { method: 'GET', path: '/extensions' }, 'extensions', 'list');
}

export async function aliases(client: ServiceClient): Promise<ReadonlySet<string>> {
  return new Set((await list(client)).map((extension) => extension.alias));
}
