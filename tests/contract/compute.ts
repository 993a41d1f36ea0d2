import { expect, it } from 'vitest';
import { type Body, type RequestOptions, send } from './client.ts';
import { absent, type Contract, fault, make, microsecondsPattern } from './world.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH8yVvNbjzXiPUvUoAYLWgQDdWsHYrT4xQYe6Yp0nKpS someone@example';
const fingerprint = 'dc:6e:d1:e7:45:b0:c7:8b:16:1a:bd:b3:9c:b7:61:ec';

export function computeContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, options: RequestOptions = {}) =>
    contract.demo.request('compute', method, path, { ...options, ...(body === undefined ? {} : { body }) });

  it('names its microversions without a token', async () => {
    const reply = await send('GET', contract.demo.endpoint('compute'));
    expect(reply.body.version).toMatchObject({ id: 'v2.1', status: 'CURRENT', version: '2.100', min_version: '2.1' });
  });

  it('shows hypervisors to administrators only, with what they have up to 2.87', async () => {
    const ask = (session: typeof contract.demo, version: string) =>
      session.request('compute', 'GET', '/os-hypervisors/detail', { version });
    const denied = await ask(contract.demo, '2.87');
    expect(fault(denied)).toEqual([403, 'forbidden', "Policy doesn't allow os_compute_api:os-hypervisors:list-detail to be performed."]);
    const number = expect.any(Number);
    const { body } = await ask(contract.admin, '2.87');
    expect(body.hypervisors[0]).toMatchObject({
      id: expect.any(String),
      hypervisor_hostname: expect.any(String),
      state: 'up',
      status: 'enabled',
      vcpus: number,
      vcpus_used: number,
      memory_mb: number,
      memory_mb_used: number,
      local_gb: number,
      local_gb_used: number,
      running_vms: number,
      service: { host: expect.any(String), disabled_reason: null },
    });
    expect((await ask(contract.admin, '2.88')).body.hypervisors[0]).not.toHaveProperty('vcpus');
  });

  it('answers in the microversion asked for, and says which', async () => {
    for (const [asked, got] of [
      ['2.1', '2.1'],
      ['2.60', '2.60'],
      ['2.100', '2.100'],
      ['latest', '2.100'],
      ['', '2.1'],
    ] as const) {
      const reply = await request('GET', '/flavors?limit=1', undefined, { version: asked });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('openstack-api-version')).toBe(`compute ${got}`);
      expect(reply.headers.get('x-openstack-nova-api-version')).toBe(got);
      expect(reply.headers.get('vary')).toContain('OpenStack-API-Version');
      expect(reply.headers.get('x-compute-request-id')).toBe(reply.headers.get('x-openstack-request-id'));
    }
  });

  it('reads the header with several services, and the older one', async () => {
    const version = async (headers: Record<string, string>) =>
      (await request('GET', '/flavors?limit=1', undefined, { version: '', headers })).headers.get('x-openstack-nova-api-version');
    expect(await version({ 'openstack-api-version': 'compute 2.60, volume 3.1' })).toBe('2.60');
    expect(await version({ 'openstack-api-version': 'volume 3.60' })).toBe('2.1');
    expect(await version({ 'x-openstack-nova-api-version': '2.60' })).toBe('2.60');
  });

  it('refuses microversions it does not have with 406', async () => {
    for (const version of ['2.101', '3.0', '1.0']) {
      const reply = await request('GET', '/flavors', undefined, { version });
      expect(fault(reply)).toEqual([
        406,
        'computeFault',
        `Version ${version} is not supported by the API. Minimum is 2.1 and maximum is 2.100.`,
      ]);
      expect(reply.body.computeFault.code).toBe(406);
    }
    expect(fault(await request('GET', '/flavors', undefined, { version: 'abc' }))).toEqual([
      400,
      'badRequest',
      'API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.',
    ]);
  });

  it('lists the seeded flavors', async () => {
    const { body } = await request('GET', '/flavors/detail');
    const seeded = body.flavors.filter((flavor: Body) => ['1', '2', '3'].includes(flavor.id));
    expect(seeded.map((flavor: Body) => [flavor.id, flavor.name, flavor.ram, flavor.disk, flavor.vcpus])).toEqual([
      ['1', 'm1.tiny', 512, 1, 1],
      ['2', 'm1.small', 2048, 20, 1],
      ['3', 'm1.medium', 4096, 40, 2],
    ]);
    expect(seeded[0]).toMatchObject({
      swap: 0,
      description: null,
      extra_specs: {},
      'OS-FLV-EXT-DATA:ephemeral': 0,
      'os-flavor-access:is_public': true,
      rxtx_factor: 1,
    });
    const old = (await request('GET', '/flavors/1', undefined, { version: '2.1' })).body.flavor;
    expect(old.swap).toBe('');
    expect(old).not.toHaveProperty('extra_specs');
    const page = await request('GET', '/flavors/detail?limit=1');
    expect(page.body.flavors_links).toEqual([{ rel: 'next', href: expect.stringContaining('limit=1&marker=1') }]);
    expect(fault(await request('GET', '/flavors/nonesuch'))).toEqual([404, 'itemNotFound', 'Flavor nonesuch could not be found.']);
  });

  it('keeps key pairs per user, by name', async () => {
    const name = contract.name('key');
    const made = await make(contract, 'compute', '/os-keypairs', 'keypair', { name, public_key: publicKey, type: 'ssh' });
    expect(made).toEqual({ name, public_key: publicKey, fingerprint, type: 'ssh', user_id: contract.demo.userId });
    expect(fault(await request('POST', '/os-keypairs', { keypair: { name, public_key: publicKey } }))).toEqual([
      409,
      'conflictingRequest',
      `Key pair '${name}' already exists.`,
    ]);
    expect((await request('GET', `/os-keypairs/${name}`)).body.keypair).toEqual({
      name,
      public_key: publicKey,
      fingerprint,
      type: 'ssh',
      user_id: contract.demo.userId,
      created_at: expect.stringMatching(microsecondsPattern),
      updated_at: null,
      deleted: false,
      deleted_at: null,
      id: expect.any(Number),
    });
    const listed = await request('GET', '/os-keypairs');
    expect(listed.body.keypairs).toContainEqual({ keypair: { name, public_key: publicKey, fingerprint, type: 'ssh' } });
    const others = await contract.reader.request('compute', 'GET', '/os-keypairs');
    expect(others.body.keypairs.map((row: Body) => row.keypair.name)).not.toContain(name);
    expect((await request('DELETE', `/os-keypairs/${name}`)).status).toBe(204);
    expect(fault(await request('GET', `/os-keypairs/${name}`))).toEqual([
      404,
      'itemNotFound',
      `Keypair ${name} not found for user ${contract.demo.userId}`,
    ]);
  });

  it('makes the keys itself up to 2.91, and tells the private one once', async () => {
    const name = contract.name('made-key');
    const ask = (version: string) => request('POST', '/os-keypairs', { keypair: { name, type: 'ssh' } }, { version });
    contract.later(() => request('DELETE', `/os-keypairs/${name}`));
    expect(fault(await ask('2.92'))[2]).toContain("'public_key' is a required property");
    const reply = await ask('2.91');
    expect([reply.status, reply.body.keypair]).toEqual([
      201,
      {
        name,
        type: 'ssh',
        user_id: contract.demo.userId,
        public_key: expect.stringMatching(/^ssh-rsa AAAA\S+ Generated-by-Nova$/),
        private_key: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n/),
        fingerprint: expect.stringMatching(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
      },
    ]);
    expect((await request('GET', `/os-keypairs/${name}`)).body.keypair).not.toHaveProperty('private_key');
    const dotted = await request('POST', '/os-keypairs', { keypair: { name: `${name}.x`, type: 'ssh' } }, { version: '2.91' });
    expect(fault(dotted).slice(0, 2)).toEqual([400, 'badRequest']);
  });

  it('says what is wrong with a key pair', async () => {
    const refusal = async (keypair: object) => fault(await request('POST', '/os-keypairs', { keypair }));
    const name = contract.name('wrong');
    expect(await refusal({ name, public_key: 'garbage' })).toEqual([
      400,
      'badRequest',
      'Keypair data is invalid: failed to generate fingerprint',
    ]);
    expect((await refusal({ name }))[2]).toContain("'public_key' is a required property");
    expect((await refusal({ name: 'a!b', public_key: publicKey }))[2]).toMatch(/^An invalid 'name' value was provided/);
    expect((await refusal({ name: '', public_key: publicKey }))[2]).toBe(
      "Invalid input for field/attribute name. Value: . '' is too short",
    );
    expect((await refusal({ name, public_key: publicKey, foo: 1 }))[2]).toContain("('foo' was unexpected)");
  });

  const refusals: [string, object | ((imageId: string) => object), [number, string, unknown]][] = [
    ['no name', { name: undefined }, [400, 'badRequest', expect.stringContaining("'name' is a required property")]],
    ['an empty name', { name: '' }, [400, 'badRequest', "Invalid input for field/attribute name. Value: . '' is too short"]],
    [
      'a name that is no text',
      { name: 5 },
      [400, 'badRequest', "Invalid input for field/attribute name. Value: 5. 5 is not of type 'string'"],
    ],
    [
      'an unknown field',
      { foo: 1 },
      [400, 'badRequest', expect.stringContaining("Additional properties are not allowed ('foo' was unexpected)")],
    ],
    ['an unknown flavor', { flavorRef: '99' }, [400, 'badRequest', 'Flavor 99 could not be found.']],
    ['an unknown image', { imageRef: absent }, [400, 'badRequest', 'Can not find requested image']],
    [
      'a garbled image',
      { imageRef: 'garbage' },
      [
        400,
        'badRequest',
        "Invalid input for field/attribute imageRef. Value: garbage. 'garbage' is not valid under any of the given schemas",
      ],
    ],
    ['no image', { imageRef: '' }, [400, 'badRequest', 'Missing imageRef attribute']],
    ['no networks', { networks: undefined }, [400, 'badRequest', expect.stringContaining("'networks' is a required property")]],
    ['an unknown network', { networks: [{ uuid: absent }] }, [400, 'badRequest', `Network ${absent} could not be found.`]],
    [
      'a garbled network',
      { networks: [{ uuid: 'x' }] },
      [400, 'badRequest', expect.stringContaining('is not valid under any of the given schemas')],
    ],
    ['an unknown port', { networks: [{ port: absent }] }, [400, 'badRequest', `Port id ${absent} could not be found.`]],
    ['an unknown key pair', { key_name: 'contract-nonesuch' }, [400, 'badRequest', 'Invalid key_name provided.']],
    ['an unknown zone', { availability_zone: 'nonesuch' }, [400, 'badRequest', 'The requested availability zone is not available']],
    [
      'metadata that is no text',
      { metadata: { a: 1 } },
      [400, 'badRequest', "Invalid input for field/attribute a. Value: 1. 1 is not of type 'string'"],
    ],
    [
      'a tag with a slash',
      { tags: ['a/b'] },
      [400, 'badRequest', "Invalid input for field/attribute 0. Value: a/b. 'a/b' does not match '^[^,/]*$'"],
    ],
    [
      'an unknown volume to boot from',
      { imageRef: '', block_device_mapping_v2: [{ boot_index: 0, uuid: absent, source_type: 'volume', destination_type: 'volume' }] },
      [400, 'badRequest', `Block Device Mapping is Invalid: failed to get volume ${absent}.`],
    ],
    [
      'a volume from an image without a size',
      (uuid) => ({ block_device_mapping_v2: [{ boot_index: 0, uuid, source_type: 'image', destination_type: 'volume' }] }),
      [400, 'badRequest', "Images with destination_type 'volume' need to have a non-zero size specified"],
    ],
  ];
  it.each(refusals)('refuses a server with %s', async (_what, change, expected) => {
    const server = { name: contract.name('refused'), flavorRef: '1', imageRef: contract.imageId, networks: 'none' };
    const changed = { ...server, ...(typeof change === 'function' ? change(contract.imageId) : change) };
    expect(fault(await request('POST', '/servers', { server: changed }))).toEqual(expected);
  });

  it('refuses bodies that are none, and fields newer than the microversion', async () => {
    expect(fault(await request('POST', '/servers', '{'))).toEqual([400, 'badRequest', 'Malformed request body']);
    expect(fault(await request('POST', '/servers', {}))).toEqual([400, 'badRequest', "'server' is a required property"]);
    const server = { name: contract.name('old'), flavorRef: '1', imageRef: contract.imageId, networks: 'none', tags: ['a'] };
    expect(fault(await request('POST', '/servers', { server }, { version: '2.40' }))[2]).toContain("('tags' was unexpected)");
  });

  it('says what is wrong with a query', async () => {
    const refusal = async (query: string) => fault(await request('GET', `/servers/detail?${query}`)).slice(1);
    expect(await refusal('changes-since=garbage')).toEqual([
      'badRequest',
      "Invalid input for query parameters changes-since. Value: garbage. 'garbage' is not a 'date-time'",
    ]);
    expect(await refusal('limit=-1')).toEqual([
      'badRequest',
      "Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'",
    ]);
    expect(await refusal(`marker=${absent}`)).toEqual(['badRequest', `marker [${absent}] not found`]);
    expect(await refusal('name=%5B')).toEqual(['badRequest', "Invalid input for query parameters name. Value: [. '[' is not a 'regex'"]);
    expect(await refusal('foo=1')).toEqual(['badRequest', "'foo' does not match any of the regexes: '^_'"]);
  });

  it('answers 404 for what is missing', async () => {
    const missing = [404, 'itemNotFound', `Instance ${absent} could not be found.`];
    expect(fault(await request('GET', `/servers/${absent}`))).toEqual(missing);
    expect(fault(await request('PUT', `/servers/${absent}`, { server: { name: 'x' } }))).toEqual(missing);
    expect(fault(await request('DELETE', `/servers/${absent}`))).toEqual(missing);
    expect(fault(await request('POST', `/servers/${absent}/action`, { pause: null }))).toEqual(missing);
    const cell = [404, 'itemNotFound', `Instance ${absent} has no mapping to a cell.`];
    expect(fault(await request('POST', `/servers/${absent}/action`, { 'os-stop': null }))).toEqual(cell);
    const page = await request('GET', '/nonesuch');
    expect([page.status, page.body]).toEqual([404, expect.stringContaining('404 Not Found')]);
  });
}
