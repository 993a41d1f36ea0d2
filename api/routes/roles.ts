import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../auth/gate.ts';
import { type Permission, permissions } from '../auth/permissions.ts';
import type { Role, RoleText } from '../auth/roles.ts';
import { differences, type PeopleParts, versionIn, withVersion } from './people-parts.ts';
import { newRoleBody, nothing, roleBody, roleParams } from './people-schema.ts';

interface One {
  readonly name: string;
}

const changes: Access = { permission: 'role.change', at: 'everywhere' };

/** `/api/v1/roles`: the policy table as a page shows it, and roles beside the built-in ones. */
export function roleRoutes(app: FastifyInstance, { accounts: { roles }, record }: PeopleParts): void {
  const tell = (request: FastifyRequest, type: string, { name }: Role, what: string, more: object = {}) =>
    record(request, { type, message: `${request.identity.user} ${what} role ${name}.`, about: { kind: 'Role', name, id: name }, ...more });

  app.get('/api/v1/roles', { config: { access: { permission: 'role.read', at: 'anywhere' } } }, async () => {
    const all = await roles.list();
    return { roles: all, permissions: table(all) };
  });
  app.get<{ Params: One }>(
    '/api/v1/roles/:name',
    { schema: { params: roleParams }, config: { access: { permission: 'role.read', at: 'anywhere' } } },
    async ({ params }, reply) => withVersion(reply, await roles.get(params.name)),
  );
  app.post<{ Body: RoleText & One }>(
    '/api/v1/roles',
    { schema: { body: newRoleBody }, config: { access: changes } },
    async (request, reply) => {
      const role = await roles.create(request.body, request.identity);
      const changes = [{ path: 'permissions', from: null, to: [...role.permissions] }];
      await tell(request, 'RoleCreated', role, 'created', { changes });
      return reply.code(201).header('location', `/api/v1/roles/${role.name}`).send(withVersion(reply, role));
    },
  );
  app.patch<{ Params: One; Body: Partial<RoleText> }>(
    '/api/v1/roles/:name',
    { schema: { params: roleParams, body: roleBody }, config: { access: changes } },
    async (request, reply) => {
      const { before, after } = await roles.change(request.params.name, request.body, request.identity, versionIn(request));
      await tell(request, 'RoleChanged', after, 'changed', { changes: differences(before, after, ['description', 'permissions']) });
      return withVersion(reply, after);
    },
  );
  app.delete<{ Params: One }>(
    '/api/v1/roles/:name',
    { schema: { params: roleParams, body: nothing }, config: { access: changes } },
    async (request, reply) => {
      const role = await roles.remove(request.params.name, request.identity, versionIn(request));
      await tell(request, 'RoleRemoved', role, 'removed');
      return reply.code(204).send();
    },
  );
}

/** Each permission with its sentence and the roles that have it. */
function table(roles: readonly Role[]) {
  return (Object.entries(permissions) as [Permission, string][]).map(([name, sentence]) => ({
    name,
    sentence,
    roles: roles.filter((role) => role.permissions.includes(name)).map((role) => role.name),
  }));
}
