import type { CloudInventory } from '#controller/inventory/inventory.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { change } from '../deeds.ts';
import { changeOf, onlyChanges } from '../fields.ts';
import { flagInput, idInput, inputOf } from '../input.ts';
import { firstOf, foreign, listed, notFound } from '../obstacles.ts';

type RouterLook = Look<'router'>;

/** Only what leads outside can be a way out. */
export function externalNetwork(inventory: CloudInventory, id: string | undefined, field: string): Obstacle | undefined {
  const missing = notFound(inventory, 'network', id, field);
  if (missing || id === undefined || inventory.get('network', id)?.['router:external'] === true) return missing;
  const external = [...inventory.all('network')].filter((network) => network['router:external'] === true).map(({ name }) => name);
  const hint = external.length === 0 ? 'this project sees none' : `external are ${listed(external)}`;
  return { reason: 'NotExternal', field, message: `That network leads nowhere outside; ${hint}.` };
}

export const setRouterGateway: Action<'router', { readonly networkId: string; readonly enableSNAT?: boolean }> = {
  name: 'router.setGateway',
  type: 'router',
  target: 'one',
  permission: 'network.change',
  summary: 'Give the router a way out, or another one',
  input: inputOf(
    {
      networkId: idInput('Id of the external network.'),
      enableSNAT: flagInput('Whether instances without a floating IP get out by its address; most clouds let administrators alone say so.'),
    },
    'networkId',
  ),
  danger: 'interrupts',
  obstacle: (look, input) =>
    firstOf(
      foreign(look, look.target.project_id, 'router'),
      input && externalNetwork(look.inventory, input.networkId, 'networkId'),
      input && input.networkId !== look.target.external_gateway_info?.network_id ? floatingIpsThrough(look) : undefined,
    ),
  effects: ({ target }, { networkId, enableSNAT }) => {
    const gateway = target.external_gateway_info;
    return onlyChanges(
      changeOf('externalGateway.network', gateway?.network_id, networkId),
      changeOf('externalGateway.enableSNAT', gateway?.enable_snat, enableSNAT),
    );
  },
  declares: (_look, { networkId, enableSNAT }) => ({
    externalGateway: {
      network: { id: networkId, name: null },
      networkRef: null,
      fixedIPs: null,
      ...(enableSNAT !== undefined && { enableSNAT }),
    },
    disableGateway: null,
  }),
  async run(run, { networkId, enableSNAT }) {
    const body = { external_gateway_info: { network_id: networkId, ...(enableSNAT !== undefined && { enable_snat: enableSNAT }) } };
    await change(run, 'Set gateway', { type: 'router', id: run.id }, () => routers.update(run.cloud.network, run.id, body));
    return undefined;
  },
};

export const clearRouterGateway: Action<'router', object> = {
  name: 'router.clearGateway',
  type: 'router',
  target: 'one',
  permission: 'network.change',
  summary: 'Take away the way out of the router',
  input: inputOf({}),
  danger: 'interrupts',
  obstacle: (look) =>
    firstOf(
      foreign(look, look.target.project_id, 'router'),
      look.target.external_gateway_info ? undefined : { reason: 'NoGateway', message: 'It has no way out.' },
      floatingIpsThrough(look),
    ),
  effects: ({ target }) => ({
    changes: changeOf('externalGateway.network', target.external_gateway_info?.network_id, null),
    takesAlong: [],
    loses: `Its external address ${listed((target.external_gateway_info?.external_fixed_ips ?? []).map((one) => one.ip_address))}.`,
  }),
  declares: () => ({ externalGateway: null, disableGateway: true }),
  async run(run) {
    const clear = () => routers.update(run.cloud.network, run.id, { external_gateway_info: null });
    await change(run, 'Clear gateway', { type: 'router', id: run.id }, clear);
    return undefined;
  },
};

function floatingIpsThrough({ target, inventory }: RouterLook): Obstacle | undefined {
  const addresses = inventory.byParent('floatingip', target.id).filter((one) => one.router_id === target.id);
  if (addresses.length === 0) return undefined;
  const names = listed(addresses.map((one) => one.floating_ip_address));
  return { reason: 'InUse', message: `Floating IPs lead through it (${names}); disassociate them first.` };
}
