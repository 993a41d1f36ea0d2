import { expect, it } from 'vitest';
import { until } from './client.ts';
import { useScratchProject } from './scratch-project.ts';
import { type Contract, fault, neutronError, remove } from './world.ts';

/** Limits are set on a project of their own, so that nobody else runs into them. */
export function quotaContract(contract: Contract): void {
  const scratch = useScratchProject(contract);
  const limit = (type: 'compute' | 'block-storage', quota_set: object) =>
    contract.admin.request(type, 'PUT', `/os-quota-sets/${scratch.session.projectId}`, { body: { quota_set } });
  const server = (flavorRef: string) => ({
    server: { name: contract.name('quota'), flavorRef, imageRef: contract.imageId, networks: 'none' },
  });

  it('answers a full network quota with 409 OverQuota', async () => {
    const set = await contract.admin.request('network', 'PUT', `/quotas/${scratch.session.projectId}`, {
      body: { quota: { network: 0, security_group: 1 } },
    });
    expect(set.body.quota).toMatchObject({ network: 0, security_group: 1, port: -1 });
    const over = async (path: string, body: object) => neutronError(await scratch.session.request('network', 'POST', path, { body }));
    expect(await over('/networks', { network: {} })).toEqual([409, 'OverQuota', "Quota exceeded for resources: ['network']."]);
    await scratch.session.request('network', 'GET', '/security-groups');
    expect(await over('/security-groups', { security_group: { name: contract.name('over') } })).toEqual([
      409,
      'OverQuota',
      "Quota exceeded for resources: ['security_group'].",
    ]);
    const details = await scratch.session.request('network', 'GET', `/quotas/${scratch.session.projectId}/details.json`);
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
    expect(fault(await scratch.session.request('compute', 'POST', '/servers', { body: server('3') }))).toEqual([
      403,
      'forbidden',
      'Quota exceeded for cores, ram: Requested 2, 4096, but already used 0, 0 of 1, 512 cores, ram',
    ]);
    await limit('compute', { instances: 0 });
    expect(fault(await scratch.session.request('compute', 'POST', '/servers', { body: server('1') }))).toEqual([
      403,
      'forbidden',
      'Quota exceeded for instances: Requested 1, but already used 0 of 0 instances',
    ]);
    const shown = await scratch.session.request('compute', 'GET', '/limits');
    expect(shown.body.limits.absolute).toMatchObject({ maxTotalInstances: 0, maxTotalCores: 1, totalInstancesUsed: 0 });
  });

  it('answers a full volume quota with 413 and a Retry-After that is not meant', async () => {
    await limit('block-storage', { volumes: 1, gigabytes: 2 });
    const create = (size: number) => scratch.session.request('block-storage', 'POST', '/volumes', { body: { volume: { size } } });
    const tooBig = await create(3);
    expect([tooBig.headers.get('retry-after'), ...fault(tooBig)]).toEqual([
      '0',
      413,
      'overLimit',
      'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 3G, quota is 2G and 0G has been consumed.',
    ]);
    const made = (await create(1)).body.volume;
    contract.later(() => remove(scratch.session, 'block-storage', `/volumes/${made.id}`));
    expect(fault(await create(1))[2]).toBe("VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'.");
    await until(
      () => scratch.session.request('block-storage', 'GET', `/volumes/${made.id}`),
      ({ body }) => body.volume.status === 'available',
    );
    const extend = await scratch.session.request('block-storage', 'POST', `/volumes/${made.id}/action`, {
      body: { 'os-extend': { new_size: 5 } },
    });
    expect([extend.status, extend.body.overLimit.message]).toEqual([
      413,
      expect.stringContaining('Requested 4G, quota is 2G and 1G has been consumed.'),
    ]);
    await remove(scratch.session, 'block-storage', `/volumes/${made.id}`);
  });
}
