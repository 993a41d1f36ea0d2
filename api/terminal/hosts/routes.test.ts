import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { printed } from './console-logs.fixture.ts';
import { type HostsApp, openHosts } from './hosts.fixture.ts';
import { generatePrivateKey } from './private-key.ts';

let at: HostsApp;
beforeAll(async () => {
  at = await openHosts();
}, 60_000);
afterAll(() => at.close());
beforeEach(() => at.reset());

const profile = { name: 'default', cluster: 'main', serverId: '', user: 'debian', port: 22, via: 'any', keyId: null };
const profilesUrl = '/api/v1/terminal-profiles';
const keysUrl = '/api/v1/terminal-keys';
const fieldsIn = ({ body }: { body: Record<string, unknown> }) => (body['errors'] as { field: string }[]).map(({ field }) => field);

describe('connection profiles', () => {
  it('are made, read, changed and removed, each on the record', async () => {
    const made = await at.call('POST', profilesUrl, profile);
    expect([made.status, made.body]).toEqual([
      201,
      { ...profile, id: expect.any(String), createdBy: 'anna', updatedAt: expect.any(String) },
    ]);
    const url = `${profilesUrl}/${made.body['id'] as string}`;
    expect(made.headers['location']).toBe(url);
    const read = await at.call('GET', url);
    const changed = await at.call('PUT', url, { ...profile, user: 'root', via: '2001:DB8:0::1' }, { match: String(read.headers['etag']) });
    expect(changed.body).toMatchObject({ user: 'root', via: '2001:db8::1' });
    expect((await at.call('PUT', url, profile, { match: String(read.headers['etag']) })).status).toBe(412);
    expect((await at.call('GET', profilesUrl)).body.items).toMatchObject([{ user: 'root' }]);
    expect((await at.call('DELETE', url)).status).toBe(204);
    expect((await at.call('GET', url)).status).toBe(404);
    const entries = (await at.audited('TerminalProfileChanged')).toReversed();
    expect(entries.map(({ message }) => message)).toEqual(
      ['made', 'changed', 'removed'].map((what) => `anna ${what} connection profile default of cluster main.`),
    );
    expect(entries[1]).toMatchObject({
      actor: 'anna',
      cluster: 'main',
      changes: [{ path: 'user', from: 'debian', to: 'root' }, { path: 'via' }],
    });
  });

  it('are refused field by field', async () => {
    for (const [wrong, field] of [
      [{ cluster: 'nowhere' }, 'cluster'],
      [{ name: ' blank' }, 'name'],
      [{ user: 'two words' }, 'user'],
      [{ port: 0 }, 'port'],
      [{ via: 'somewhere' }, 'via'],
      [{ via: 'fe80::1%eth0' }, 'via'],
      [{ keyId: '00000000-0000-0000-0000-000000000000' }, 'keyId'],
      [{ serverId: '../x' }, 'serverId'],
      [{ more: 1 }, 'more'],
    ] as const) {
      const answer = await at.call('POST', profilesUrl, { ...profile, ...wrong });
      expect([answer.status, fieldsIn(answer)], JSON.stringify(wrong)).toEqual([400, [field]]);
    }
    expect((await at.call('GET', `${profilesUrl}?cursor=eyJ9`)).status).toBe(400);
  });

  it('are for those who may configure terminals in their cluster alone', async () => {
    const { body } = await at.call('POST', profilesUrl, profile);
    const own = await at.call('POST', profilesUrl, { ...profile, cluster: 'lab' }, { who: 'labadmin' });
    expect(own.status).toBe(201);
    const url = `${profilesUrl}/${body['id'] as string}`;
    expect((await at.call('POST', profilesUrl, profile, { who: 'labadmin' })).status).toBe(403);
    expect((await at.call('GET', url, undefined, { who: 'labadmin' })).status).toBe(404);
    expect((await at.call('DELETE', url, undefined, { who: 'labadmin' })).status).toBe(404);
    const moved = await at.call('PUT', `${profilesUrl}/${own.body['id'] as string}`, profile, { who: 'labadmin' });
    expect(moved.status, 'nobody moves one to where they may not').toBe(403);
    const seen = async (query = '') => (await at.call('GET', `${profilesUrl}${query}`, undefined, { who: 'labadmin' })).body.items;
    expect((await seen()).map(({ cluster }) => cluster)).toEqual(['lab']);
    expect(await seen('?cluster=main')).toEqual([]);
    for (const who of ['olga', 'victor'] as const) expect((await at.call('GET', profilesUrl, undefined, { who })).status).toBe(403);
  });

  it('are listed page by page', async () => {
    for (const name of ['c', 'a', 'b']) await at.call('POST', profilesUrl, { ...profile, name });
    const first = await at.call('GET', `${profilesUrl}?limit=2`);
    const rest = await at.call('GET', `${profilesUrl}?limit=2&cursor=${first.body['next'] as string}`);
    expect([first, rest].map(({ body }) => body.items.map(({ name }) => name))).toEqual([['a', 'b'], ['c']]);
    expect(rest.body['next']).toBeUndefined();
  });
});

describe('keys to sign in with', () => {
  it('go in and never come out, whatever is asked', async () => {
    const { pem, publicKey, fingerprint } = generatePrivateKey();
    const given = await at.call('POST', keysUrl, { name: 'deploy', cluster: '*', privateKey: pem });
    expect([given.status, given.body]).toMatchObject([
      201,
      { name: 'deploy', cluster: '*', algorithm: 'ssh-ed25519', fingerprint, publicKey, createdBy: 'anna', lastUsedAt: null, profiles: 0 },
    ]);
    const made = await at.call('POST', keysUrl, { name: 'made', cluster: 'main', generate: true });
    expect(made.body).toMatchObject({ algorithm: 'ssh-ed25519', publicKey: expect.stringMatching(/^ssh-ed25519 AAAA/) });
    const wrong = await at.call('POST', keysUrl, { name: 'deploy', cluster: '*', privateKey: pem });
    expect([wrong.status, wrong.body['title']]).toEqual([409, 'AlreadyExists']);
    const listed = await at.call('GET', keysUrl);
    const audited = JSON.stringify((await at.audit.list()).items);
    const secret = pem.split('\n')[2] as string;
    for (const text of [given.text, made.text, wrong.text, listed.text, audited, at.logged.join('\n')]) {
      expect(text).not.toContain('PRIVATE KEY');
      expect(text).not.toContain(secret);
    }
    expect((await at.audited('TerminalKeyChanged')).map(({ message }) => message)).toEqual([
      expect.stringContaining('anna made terminal key made'),
      `anna gave terminal key deploy (ssh-ed25519, ${fingerprint}) for all clusters.`,
    ]);
  });

  it('are refused by the field that is wrong', async () => {
    const key = { name: 'deploy', cluster: 'main' };
    for (const [more, field] of [
      [{}, 'privateKey'],
      [{ privateKey: 'hello' }, 'privateKey'],
      [{ privateKey: 'hello', generate: true }, 'generate'],
      [{ generate: true, cluster: 'nowhere' }, 'cluster'],
      [{ generate: false }, 'generate'],
    ] as const) {
      const answer = await at.call('POST', keysUrl, { ...key, ...more });
      expect([answer.status, fieldsIn(answer)], JSON.stringify(more)).toEqual([400, [field]]);
    }
  });

  it('in use stay, and are named', async () => {
    const { body } = await at.call('POST', keysUrl, { name: 'deploy', cluster: 'main', generate: true });
    const keyId = body['id'] as string;
    const made = await at.call('POST', profilesUrl, { ...profile, keyId });
    const held = await at.call('DELETE', `${keysUrl}/${keyId}`);
    expect([held.status, held.body['title'], held.body['profiles']]).toMatchObject([
      409,
      'KeyInUse',
      [{ name: 'default', cluster: 'main' }],
    ]);
    await at.call('DELETE', `${profilesUrl}/${made.body['id'] as string}`);
    expect((await at.call('DELETE', `${keysUrl}/${keyId}`)).status).toBe(204);
    expect((await at.call('DELETE', `${keysUrl}/${keyId}`)).status).toBe(404);
  });

  it('of all clusters are kept by who may configure them all; an admin of one sees and uses them there', async () => {
    const common = await at.call('POST', keysUrl, { name: 'common', cluster: '*', generate: true });
    const foreign = await at.call('POST', keysUrl, { name: 'foreign', cluster: 'main', generate: true });
    const as = { who: 'labadmin' } as const;
    expect((await at.call('POST', keysUrl, { name: 'x', cluster: '*', generate: true }, as)).status).toBe(403);
    expect((await at.call('GET', keysUrl, undefined, as)).body.items.map(({ name }) => name)).toEqual(['common']);
    expect((await at.call('DELETE', `${keysUrl}/${common.body['id'] as string}`, undefined, as)).status).toBe(404);
    const use = (id: unknown, name: string) => at.call('POST', profilesUrl, { ...profile, name, cluster: 'lab', keyId: id }, as);
    expect([(await use(common.body['id'], 'a')).status, (await use(foreign.body['id'], 'b')).status]).toEqual([201, 400]);
  });
});

describe('host keys', () => {
  const url = '/api/v1/host-keys/main/s-1';

  it('are pinned by hand, listed and forgotten, each on the record', async () => {
    const { line, fingerprint } = printed.deb.ed25519;
    const pinned = await at.call('POST', url, { port: 22, publicKey: line });
    expect([pinned.status, pinned.body]).toMatchObject([
      201,
      { cluster: 'main', server: 's-1', port: 22, fingerprint, algorithm: 'ssh-ed25519', learntFrom: 'accepted', by: 'anna' },
    ]);
    const { fingerprint: other } = printed.deb.rsa;
    expect((await at.call('POST', url, { port: 2222, fingerprint: other, algorithm: 'ssh-rsa' })).status).toBe(201);
    const listed = async (query = '') => (await at.call('GET', `/api/v1/host-keys${query}`)).body.items.map(({ port }) => port);
    expect([await listed(), await listed('?cluster=main&server=s-1'), await listed('?server=s-2'), await listed('?cluster=lab')]).toEqual([
      [22, 2222],
      [22, 2222],
      [],
      [],
    ]);
    expect((await at.call('DELETE', `${url}?port=22`)).status).toBe(204);
    expect(await listed()).toEqual([2222]);
    expect((await at.call('DELETE', `${url}?port=22`)).status).toBe(404);
    expect((await at.audited('HostKeyAccepted')).map(({ cloudId, actor }) => [cloudId, actor])).toEqual([
      ['s-1', 'anna'],
      ['s-1', 'anna'],
    ]);
    expect(await at.audited('HostKeyForgotten')).toMatchObject([
      { message: expect.stringContaining(fingerprint), source: expect.anything() },
    ]);
  });

  it('are refused by the field that is wrong', async () => {
    const { fingerprint, line } = printed.deb.ed25519;
    for (const [body, field] of [
      [{ port: 22 }, 'fingerprint'],
      [{ port: 22, fingerprint }, 'algorithm'],
      [{ port: 22, publicKey: line, algorithm: 'ssh-ed25519' }, 'algorithm'],
      [{ port: 22, publicKey: 'ssh-ed25519-cert-v01@openssh.com AAAA' }, 'publicKey'],
      [{ port: 22, fingerprint: `SHA256:${'_'.repeat(43)}`, algorithm: 'ssh-ed25519' }, 'fingerprint'],
    ] as const) {
      const answer = await at.call('POST', url, body);
      expect([answer.status, fieldsIn(answer)], JSON.stringify(body)).toEqual([400, [field]]);
    }
  });

  it('are seen by who sees the cluster, and kept by who configures terminals there', async () => {
    await at.call('POST', url, { port: 22, publicKey: printed.deb.ed25519.line });
    const seen = async (who: 'victor' | 'labadmin') => (await at.call('GET', '/api/v1/host-keys', undefined, { who })).body.items.length;
    expect([await seen('victor'), await seen('labadmin')]).toEqual([1, 0]);
    for (const who of ['victor', 'labadmin', 'olga'] as const)
      expect((await at.call('DELETE', url, undefined, { who })).status, who).toBe(403);
  });
});

describe('the target of a terminal', () => {
  const url = '/api/v1/terminal-targets/main/s-1';
  const addresses = {
    lan: [
      { addr: '10.0.0.5', version: 4, 'OS-EXT-IPS:type': 'fixed' },
      { addr: '203.0.113.9', version: 4, 'OS-EXT-IPS:type': 'floating' },
    ],
  };
  const purposesIn = ({ body }: { body: Record<string, unknown> }) =>
    body['purposes'] as Record<'ssh' | 'serial' | 'vnc', { allowed: boolean; why?: string }>;

  it('is told with all that one needs before a terminal is opened', async () => {
    at.servers.set('s-1', { name: 'web', namespace: 'shop', addresses });
    const { body: key } = await at.call('POST', keysUrl, { name: 'deploy', cluster: 'main', generate: true });
    await at.call('POST', profilesUrl, { ...profile, keyId: key['id'] });
    await at.call('POST', profilesUrl, { ...profile, name: 'own', serverId: 's-1' });
    await at.call('POST', profilesUrl, { ...profile, name: 'others', serverId: 's-2' });
    await at.call('POST', '/api/v1/host-keys/main/s-1', { port: 22, publicKey: printed.deb.ed25519.line });
    const { status, body } = await at.call('GET', url, undefined, { who: 'olga' });
    expect([status, body]).toMatchObject([
      200,
      {
        name: 'web',
        powerState: 'running',
        addresses: [
          { address: '10.0.0.5', kind: 'fixed', network: 'lan' },
          { address: '203.0.113.9', kind: 'floating', network: 'lan' },
        ],
        profiles: [
          { name: 'own', user: 'debian', port: 22, via: 'any', hasKey: false },
          { name: 'default', hasKey: true },
        ],
        hostKeys: [
          { fingerprint: printed.deb.ed25519.fingerprint, algorithm: 'ssh-ed25519', port: 22, learntFrom: 'accepted', by: 'anna' },
        ],
        bastion: null,
        recording: 'text',
      },
    ]);
  });

  it('says why it cannot be reached', async () => {
    const why = async (who: 'anna' | 'victor' = 'anna') => {
      const found = purposesIn(await at.call('GET', url, undefined, { who }));
      return [found.ssh.why, found.serial.why, found.vnc.why];
    };
    at.servers.set('s-1', { name: 'web', addresses });
    for (const said of await why('victor')) expect(said).toMatch(/victor .* may not/);
    at.servers.set('s-1', { name: 'web', addresses, power: 4 });
    expect(await why()).toEqual(Array(3).fill('web is stopped: start it first.'));
    at.servers.set('s-1', { name: 'web' });
    expect((await why())[0]).toContain('web has no address');
  });

  it('goes by what its Cluster says', async () => {
    const bastion = {
      host: 'bastion.example',
      port: 2222,
      user: 'warden',
      privateKeySecretRef: { namespace: 'default', name: 'none' },
      hostKeys: [printed.deb.ed25519.fingerprint],
    };
    await at.declare('strict', { recording: 'All', bastion });
    at.servers.set('s-1', { name: 'web', addresses });
    const { body } = await at.call('GET', '/api/v1/terminal-targets/strict/s-1');
    expect(body).toMatchObject({ recording: 'all', bastion: { host: 'bastion.example', port: 2222, user: 'warden' } });
    expect(Object.keys(body['bastion'] as object).toSorted()).toEqual(['host', 'port', 'user']);
  });

  it('is shown to whoever sees the instance, and to nobody else', async () => {
    at.servers.set('s-1', { name: 'web', namespace: 'other', addresses });
    const asked = await Promise.all((['olga', 'labadmin', 'victor'] as const).map((who) => at.call('GET', url, undefined, { who })));
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 200]);
    await at.call('POST', profilesUrl, profile);
    expect((await at.call('GET', url, undefined, { who: 'victor' })).body['profiles'], 'profiles are for who may use them').toEqual([]);
    expect((await at.call('GET', '/api/v1/terminal-targets/main/none')).status).toBe(404);
    expect((await at.call('GET', '/api/v1/terminal-targets/lab/s-1')).body['title']).toBe('ClusterNotReady');
  });
});
