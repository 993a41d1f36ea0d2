import { beforeAll, expect, it } from 'vitest';
import { type Body, login, type Session, until } from './client.ts';
import { type Contract, fault, neutronError, remove } from './world.ts';

/** Limits are set on a project of their own, so that nobody else runs into them. */
export function quotaContract(contract: Contract): void {
  const scratch: { session: Session | undefined; projectId: string } = { session: undefined, projectId: '' };
  const mine = (): Session => scratch.session as Session;
  const limit = (type: 'compute' | 'block-storage', quota_set: object) =>
    contract.admin.request(type, 'PUT', `/os-quota-sets/${scratch.projectId}`, { body: { quota_set } });
  const server = (flavorRef: string) => ({
    server: { name: contract.name('quota'), flavorRef, imageRef: contract.imageId, networks: 'none' },
  });

  beforeAll(async () => {
    const identity = (method: string, path: string, body?: object) =>
      contract.admin.request('identity', method, path, body ? { body } : {});
    const made = await identity('POST', '/projects', { project: { name: contract.name('quota'), domain_id: 'default' } });
    scratch.projectId = made.body.project.id;
    contract.later(() => identity('DELETE', `/projects/${scratch.projectId}`));
    const roles = (await identity('GET', '/roles')).body.roles;
    const member = roles.find((role: Body) => role.name === 'member').id;
    await identity('PUT', `/projects/${scratch.projectId}/users/${contract.demo.userId}/roles/${member}`);
    scratch.session = await login(contract.access, 'demo', { project: { id: scratch.projectId } });
    contract.later(async () => {
      const groups = await contract.admin.request('network', 'GET', `/security-groups?project_id=${scratch.projectId}`);
      for (const group of groups.body.security_groups) await contract.admin.request('network', 'DELETE', `/security-groups/${group.id}`);
      await contract.admin.request('network', 'DELETE', `/quotas/${scratch.projectId}`);
    });
  });

  it('answers a full network quota with 409 OverQuota', async () => {
    const set = await contract.admin.request('network', 'PUT', `/quotas/${scratch.projectId}`, {
      body: { quota: { network: 0, security_group: 1 } },
    });
    expect(set.body.quota).toMatchObject({ network: 0, security_group: 1, port: -1 });
    const over = async (path: string, body: object) => neutronError(await mine().request('network', 'POST', path, { body }));
    expect(await over('/networks', { network: {} })).toEqual([409, 'OverQuota', "Quota exceeded for resources: ['network']."]);
    await mine().request('network', 'GET', '/security-groups');
    expect(await over('/security-groups', { security_group: { name: contract.name('over') } })).toEqual([
      409,
      'OverQuota',
      "Quota exceeded for resources: ['security_group'].",
    ]);
    const details = await mine().request('network', 'GET', `/quotas/${scratch.projectId}/details.json`);
    expect(details.body.quota.network).toEqual({ limit: 0, used: 0, reserved: 0 });
  });

  it('lets nobody but an admin set quotas', async () => {
    const refused = await contract.demo.request('network', 'PUT', `/quotas/${contract.demo.projectId}`, {
      body: { quota: { network: 1 } },
    });
    expect(neutronError(refused)).toEqual([403, 'PolicyNotAuthorized', 'rule:update_quota is disallowed by policy']);
    const body = { quota_set: { cores: 1 } };
    expect(fault(await contract.demo.request('compute', 'PUT', `/os-quota-sets/${contract.demo.projectId}`, { body }))).toEqual([
      403,
      'forbidden',
      "Policy doesn't allow os_compute_api:os-quota-sets:update to be performed.",
    ]);
  });

  it('answers a full compute quota with 403 and names what is full', async () => {
    expect((await limit('compute', { instances: 1, cores: 1, ram: 512, key_pairs: -1 })).body.quota_set).toMatchObject({
      instances: 1,
      cores: 1,
      ram: 512,
    });
    expect(fault(await mine().request('compute', 'POST', '/servers', { body: server('3') }))).toEqual([
      403,
      'forbidden',
      'Quota exceeded for cores, ram: Requested 2, 4096, but already used 0, 0 of 1, 512 cores, ram',
    ]);
    await limit('compute', { instances: 0 });
    expect(fault(await mine().request('compute', 'POST', '/servers', { body: server('1') }))).toEqual([
      403,
      'forbidden',
      'Quota exceeded for instances: Requested 1, but already used 0 of 0 instances',
    ]);
    const shown = await mine().request('compute', 'GET', '/limits');
    expect(shown.body.limits.absolute).toMatchObject({ maxTotalInstances: 0, maxTotalCores: 1, totalInstancesUsed: 0 });
  });

  it('answers a full volume quota with 413 and a Retry-After that is not meant', async () => {
    await limit('block-storage', { volumes: 1, gigabytes: 2 });
    const create = (size: number) => mine().request('block-storage', 'POST', '/volumes', { body: { volume: { size } } });
    const tooBig = await create(3);
    expect([tooBig.headers.get('retry-after'), ...fault(tooBig)]).toEqual([
      '0',
      413,
      'overLimit',
      'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 3G, quota is 2G and 0G has been consumed.',
    ]);
    const made = (await create(1)).body.volume;
    contract.later(() => remove(mine(), 'block-storage', `/volumes/${made.id}`));
    expect(fault(await create(1))[2]).toBe("VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'.");
    await until(
      () => mine().request('block-storage', 'GET', `/volumes/${made.id}`),
      ({ body }) => body.volume.status === 'available',
    );
    const extend = await mine().request('block-storage', 'POST', `/volumes/${made.id}/action`, { body: { 'os-extend': { new_size: 5 } } });
    expect([extend.status, extend.body.overLimit.message]).toEqual([
      413,
      expect.stringContaining('Requested 4G, quota is 2G and 1G has been consumed.'),
    ]);
    await remove(mine(), 'block-storage', `/volumes/${made.id}`);
  });
}
