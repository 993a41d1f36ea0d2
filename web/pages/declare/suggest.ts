import { type ChoiceRow, clusterNames, namespaceNames } from '../../data/choices.ts';
import { ask } from '../../data/http.ts';
import type { Path } from '../../data/validate.ts';
import type { Suggest } from '../../elements/yaml-editor.ts';

/** What a field that names something names: the type of the list to look in, and whether declared objects are meant. */
const named: Readonly<Record<string, { readonly type: string; readonly isDeclared: boolean }>> = {
  flavor: { type: 'flavor', isDeclared: false },
  image: { type: 'image', isDeclared: false },
  network: { type: 'network', isDeclared: false },
  subnet: { type: 'subnet', isDeclared: false },
  networkRef: { type: 'network', isDeclared: true },
  subnetRef: { type: 'subnet', isDeclared: true },
  portRef: { type: 'port', isDeclared: true },
  routerRef: { type: 'router', isDeclared: true },
  volumeRef: { type: 'volume', isDeclared: true },
  snapshotRef: { type: 'volume_snapshot', isDeclared: true },
  keyPairRef: { type: 'keypair', isDeclared: true },
  serverGroupRef: { type: 'server_group', isDeclared: true },
  securityGroupRefs: { type: 'security_group', isDeclared: true },
  remoteGroupRef: { type: 'security_group', isDeclared: true },
  instanceRef: { type: 'server', isDeclared: true },
};

/** Names for the editor to complete. */
export const suggestNames: Suggest = async (_kind, path) => {
  const last = path.at(-1);
  if (last === 'namespace') return namespaceNames();
  if (last === 'volumeType') return names('volume_type', false);
  if (last !== 'name') return [];
  const field = fieldOf(path);
  if (field === 'clusterRef') return clusterNames();
  const about = field === undefined ? undefined : named[field];
  return about ? names(about.type, about.isDeclared) : [];
};

/** `securityGroupRefs` of `spec.securityGroupRefs[0].name`. */
function fieldOf(path: Path): string | undefined {
  return path.slice(0, -1).findLast((step): step is string => typeof step === 'string');
}

async function names(type: string, isDeclared: boolean): Promise<readonly string[]> {
  const { items } = await ask<{ items: readonly ChoiceRow[] }>(`/api/v1/resources/${type}`, {
    query: { filter: isDeclared ? 'declared:true' : '', limit: 500, fields: 'name,declared' },
  });
  return [
    ...new Set(items.map(({ name, declared }) => (isDeclared ? (declared?.name ?? '') : name)).filter((name) => name !== '')),
  ].toSorted();
}
