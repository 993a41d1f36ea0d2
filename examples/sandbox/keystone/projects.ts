import { type Answer, type Call, isRecord } from '../call.ts';
import type { Token } from '../store.ts';
import type { World } from '../world.ts';
import { failure, forbidden, listOf, roleId } from './answers.ts';

/** Admins list, make and delete projects: a test of quotas wants one of its own. */
export function answerProjects(call: Call, caller: Token, id: string | undefined): Answer {
  const { store, random } = call.world;
  const isAdmin = caller.roles.includes('admin');
  const project = id === undefined ? undefined : store.projects.get(id);
  if (id !== undefined && !project) throw failure(404, 'Not Found', `Could not find project: ${id}.`);
  if (call.method === 'GET' && project) {
    if (!isAdmin && caller.projectId !== id) throw forbidden('identity:get_project');
    return { status: 200, body: { project: projectDocument(call.world, project) } };
  }
  if (!isAdmin)
    throw forbidden(
      `identity:${call.method === 'GET' ? 'list' : call.method === 'POST' ? 'create' : 'delete'}_project${call.method === 'GET' ? 's' : ''}`,
    );
  if (call.method === 'GET') {
    const name = call.query.get('name');
    const rows = [...store.projects.values()].filter((row) => name === null || row.name === name);
    return {
      status: 200,
      body: listOf(
        call,
        'projects',
        rows.map((row) => projectDocument(call.world, row)),
      ),
    };
  }
  if (call.method === 'DELETE' && project) {
    store.projects.delete(project.id);
    return { status: 204 };
  }
  const wanted = isRecord(call.body) && isRecord(call.body.project) ? call.body.project : {};
  const name = String(wanted.name);
  if ([...store.projects.values()].some((row) => row.name === name))
    throw failure(
      409,
      'Conflict',
      `Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : ${name}.`,
    );
  const made = { id: random.hex(32), name };
  store.projects.set(made.id, made);
  return { status: 201, body: { project: projectDocument(call.world, made) } };
}

export function ownProjects(call: Call, caller: Token): object[] {
  const roles = call.store.users.get(caller.userId)?.roles ?? {};
  return [...call.store.projects.values()].filter(({ id }) => roles[id]).map((project) => projectDocument(call.world, project));
}

export function showUser(call: Call, caller: Token, id: string): Answer {
  const user = call.store.users.get(id);
  if (caller.userId !== id && !caller.roles.includes('admin')) throw forbidden('identity:get_user');
  if (!user) throw failure(404, 'Not Found', `Could not find user: ${id}.`);
  const links = { self: `${call.world.origin}/identity/v3/users/${id}` };
  const document = {
    id,
    name: user.name,
    domain_id: 'default',
    enabled: true,
    default_project_id: user.defaultProjectId,
    password_expires_at: null,
    options: {},
    links,
  };
  return { status: 200, body: { user: document } };
}

function projectDocument(world: World, project: { id: string; name: string }): object {
  const links = { self: `${world.origin}/identity/v3/projects/${project.id}` };
  return {
    ...project,
    domain_id: 'default',
    description: '',
    enabled: true,
    parent_id: 'default',
    is_domain: false,
    tags: [],
    options: {},
    links,
  };
}

const roleNames = ['admin', 'manager', 'member', 'reader', 'service'];

export function listRoles(call: Call, caller: Token): Answer {
  if (!caller.roles.includes('admin')) throw forbidden('identity:list_roles');
  const rows = roleNames.map((name) => ({ id: roleId(name), name, domain_id: null, description: null, options: { immutable: true } }));
  return { status: 200, body: listOf(call, 'roles', rows) };
}

/** PUT and DELETE /v3/projects/ID/users/ID/roles/ID. */
export function changeGrant(call: Call, caller: Token, ids: { project: string; user: string; role: string }): Answer {
  if (!caller.roles.includes('admin')) throw forbidden(`identity:${call.method === 'PUT' ? 'create' : 'revoke'}_grant`);
  const user = call.world.store.users.get(ids.user);
  const role = roleNames.find((name) => roleId(name) === ids.role);
  if (!user) throw failure(404, 'Not Found', `Could not find user: ${ids.user}.`);
  if (!role) throw failure(404, 'Not Found', `Could not find role: ${ids.role}.`);
  const others = (user.roles[ids.project] ?? []).filter((name) => name !== role);
  // A member may all a reader may: roles imply lower ones.
  const implied = call.method === 'PUT' ? (role === 'reader' ? ['reader'] : ['reader', 'member', role]) : [];
  user.roles[ids.project] = [...new Set([...others, ...implied])];
  return { status: 204 };
}
