import type { JsonSchema } from '#controller/engine/json.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { madeOne } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { flagInput, idInput, inputOf, nameInput, neutronDescriptionInput, tagsInput } from '../input.ts';
import { firstOf, foreign, listed } from '../obstacles.ts';
import { addressInput, cidrInput, createNeutron, editNeutron, isRouterPort, listInput, removeNeutron } from './neutron.ts';
import { externalNetwork } from './router-gateway.ts';

export type RouterLook = Look<'router'>;

interface Fields {
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly tags?: readonly string[];
}

type Routes = readonly { readonly destination: string; readonly nexthop: string }[];

const fields: Record<string, JsonSchema> = {
  name: nameInput('router'),
  description: neutronDescriptionInput,
  adminStateUp: flagInput('Whether it passes traffic on.'),
  tags: tagsInput,
};
const route: JsonSchema = {
  ...inputOf(
    { destination: cidrInput('Where to.'), nexthop: addressInput('By way of; on a subnet it is plugged into.') },
    'destination',
    'nexthop',
  ),
  description: 'A route.',
};

const bodyOf = ({ name, description, adminStateUp }: Fields) => given({ name, description, admin_state_up: adminStateUp });

export const createRouter: Action<'router', Fields & { readonly name: string; readonly externalNetworkId?: string }> = {
  name: 'router.create',
  type: 'router',
  target: 'none',
  permission: 'network.change',
  summary: 'Create a router, with a way out or without',
  input: inputOf({ ...fields, externalNetworkId: idInput('Id of the external network it leads to. Default: none.') }, 'name'),
  danger: 'none',
  obstacle: ({ inventory }, input) => input && externalNetwork(inventory, input.externalNetworkId, 'externalNetworkId'),
  effects: (_look, input) => makes(input),
  async run(run, input) {
    const { externalNetworkId: network } = input;
    const body = { ...bodyOf(input), ...(network !== undefined && { external_gateway_info: { network_id: network } }) };
    const made = await createNeutron(run, 'router', routers, { body, tags: input.tags, narrow: { name: input.name } });
    return madeOne('router', made);
  },
};

export const editRouter: Action<'router', Fields & { readonly routes?: Routes }> = {
  name: 'router.edit',
  type: 'router',
  target: 'one',
  permission: 'network.change',
  summary: 'Change name, description, state, static routes and tags',
  input: inputOf({ ...fields, routes: listInput(route, 100, 'All its static routes.') }),
  danger: 'interrupts',
  obstacle: (look) => foreign(look, look.target.project_id, 'router'),
  effects: ({ target }, input) =>
    onlyChanges(
      changeOf('name', target.name, input.name),
      changeOf('description', declaredDescription(target.description), input.description),
      changeOf('adminStateUp', target.admin_state_up, input.adminStateUp),
      changeOf('routes', target.routes, input.routes && [...input.routes]),
      changeOf('tags', target.tags ?? [], input.tags),
    ),
  declares: (_look, input) => given(input),
  run: (run, { routes, tags, ...rest }) =>
    editNeutron(run, 'router', routers, { body: { ...bodyOf(rest), ...(routes && { routes: [...routes] }) }, tags }),
};

export const deleteRouter: Action<'router', object> = {
  name: 'router.delete',
  type: 'router',
  target: 'one',
  permission: 'network.delete',
  summary: 'Delete the router and its way out',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(foreign(look, look.target.project_id, 'router'), pluggedIn(look)),
  effects({ target }) {
    const addresses = (target.external_gateway_info?.external_fixed_ips ?? []).map((one) => one.ip_address);
    const loses = addresses.length === 0 ? 'The router.' : `The router and its external address ${listed(addresses)}.`;
    return { changes: [], takesAlong: [], loses };
  },
  run: (run) => removeNeutron(run, 'router', routers),
};

function pluggedIn({ target, inventory }: RouterLook): Obstacle | undefined {
  const ports = inventory.byParent('port', target.id).filter(isRouterPort);
  if (ports.length === 0) return undefined;
  const subnets = ports.flatMap((port) => port.fixed_ips.map((one) => inventory.get('subnet', one.subnet_id)?.name || one.ip_address));
  return { reason: 'HasInterfaces', message: `It is plugged into ${listed(subnets)}; remove its interfaces first.` };
}
