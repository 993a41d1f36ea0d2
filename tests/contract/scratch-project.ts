import { beforeAll } from 'vitest';
import { type Body, login, type Session } from './client.ts';
import type { Contract } from './world.ts';

/** A project of the suite's own with user demo as a member, for what would disturb others in project demo. */
export function useScratchProject(contract: Contract): { readonly session: Session } {
  let session: Session | undefined;

  beforeAll(async () => {
    const identity = (method: string, path: string, body?: object) =>
      contract.admin.request('identity', method, path, body ? { body } : {});
    const made = await identity('POST', '/projects', {
      project: { name: contract.name(`scratch-${Math.random().toString(36).slice(2, 8)}`), domain_id: 'default' },
    });
    const { id } = made.body.project;
    contract.later(() => identity('DELETE', `/projects/${id}`));
    const roles = (await identity('GET', '/roles')).body.roles;
    const member = roles.find((role: Body) => role.name === 'member').id;
    await identity('PUT', `/projects/${id}/users/${contract.demo.userId}/roles/${member}`);
    session = await login(contract.access, 'demo', { project: { id } });
    contract.later(async () => {
      const network = (method: string, path: string) => contract.admin.request('network', method, path);
      const groups = (await network('GET', `/security-groups?project_id=${id}`)).body.security_groups;
      for (const group of groups) await network('DELETE', `/security-groups/${group.id}`);
      await network('DELETE', `/quotas/${id}`);
    });
  });

  return {
    get session() {
      if (!session) throw new Error('the scratch project is not made yet');
      return session;
    },
  };
}
