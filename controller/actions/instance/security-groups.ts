import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import type { AnyAction } from '../action.ts';
import { type InstanceAction, type InstanceLook, inputOf, notDeclared, notFound, stateObstacle } from './states.ts';

interface Input {
  readonly securityGroupId: string;
}

const securityGroupId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the security group.' };
const states = ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED', 'RESCUE', 'VERIFY_RESIZE', 'SHELVED', 'SHELVED_OFFLOADED'];

const add: InstanceAction<Input> = {
  name: 'instance.addSecurityGroup',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Put all ports of an instance into a security group',
  input: inputOf({ securityGroupId }, 'securityGroupId'),
  danger: 'none',
  obstacle(look, input) {
    const state = stateObstacle(look, 'put into a group', states);
    if (state || !input) return state;
    if (!look.inventory.get('security_group', input.securityGroupId))
      return notFound('securityGroupId', 'security group', input.securityGroupId);
    const ports = look.inventory.byParent('port', look.target.id);
    if (ports.length === 0) return { reason: 'NoPort', message: 'It has no ports; plug one in first.' };
    if (ports.some((port) => port.security_groups.includes(input.securityGroupId))) {
      return { reason: 'Same', field: 'securityGroupId', message: 'A port of it is in that group already.' };
    }
    return undeclared(look, input);
  },
  effects: (_look, { securityGroupId: id }) => ({
    changes: [{ path: `spec.securityGroupRefs[${id}]`, from: null, to: id }],
    takesAlong: [],
  }),
  declares(look, { securityGroupId: id }) {
    const list = declaredList(look);
    const name = look.declared?.nameOf('security_group', id);
    return list && name !== undefined ? { securityGroupRefs: [...list, { name }] } : undefined;
  },
  async run(run, { securityGroupId: id }) {
    await run.send(
      'add',
      async () => (await servers.addSecurityGroup(run.cloud.compute, run.id, id), null),
      async () => {
        return (await portsNow(run)).some((port) => port.security_groups.includes(id)) ? null : undefined;
      },
    );
    await run.until('the group', async () => ((await portsNow(run)).every((port) => port.security_groups.includes(id)) ? true : undefined));
    await run.inventory.reread('server', run.id);
    return undefined;
  },
};

const remove: InstanceAction<Input> = {
  name: 'instance.removeSecurityGroup',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Take all ports of an instance out of a security group',
  input: inputOf({ securityGroupId }, 'securityGroupId'),
  danger: 'interrupts',
  obstacle(look, input) {
    const state = stateObstacle(look, 'taken out of a group', states);
    if (state || !input) return state;
    const isIn = look.inventory.byParent('port', look.target.id).some((port) => port.security_groups.includes(input.securityGroupId));
    if (!isIn) return { reason: 'NotFound', field: 'securityGroupId', message: 'No port of it is in that group.' };
    return undeclared(look, input);
  },
  effects: (_look, { securityGroupId: id }) => ({
    changes: [{ path: `spec.securityGroupRefs[${id}]`, from: id, to: null }],
    takesAlong: [],
  }),
  declares(look, { securityGroupId: id }) {
    const name = look.declared?.nameOf('security_group', id);
    const list = declaredList(look);
    return list && { securityGroupRefs: list.filter((one) => one['name'] !== name) };
  },
  async run(run, { securityGroupId: id }) {
    const gone = async () => !(await portsNow(run)).some((port) => port.security_groups.includes(id));
    await run.send(
      'remove',
      async () => (await servers.removeSecurityGroup(run.cloud.compute, run.id, id), null),
      async () => ((await gone()) ? null : undefined),
    );
    await run.until('the end of the membership', async () => ((await gone()) ? true : undefined));
    await run.inventory.reread('server', run.id);
    return undefined;
  },
};

async function portsNow(run: Parameters<typeof add.run>[0]): Promise<readonly Port[]> {
  await run.inventory.rereadChildren('port', run.id);
  return run.inventory.byParent('port', run.id);
}

function declaredList({ declared }: InstanceLook): readonly JsonObject[] | undefined {
  return declared?.spec['securityGroupRefs'] as readonly JsonObject[] | undefined;
}

function undeclared(look: InstanceLook, { securityGroupId: id }: Input) {
  if (!declaredList(look) || look.declared?.nameOf('security_group', id) !== undefined) return undefined;
  return notDeclared('securityGroupId', 'security groups', `security group ${id}`);
}

export const securityGroupActions: readonly AnyAction[] = [add, remove];
