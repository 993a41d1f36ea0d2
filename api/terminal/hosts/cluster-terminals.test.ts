import { afterAll, beforeAll, expect, it } from 'vitest';
import { doorOf } from '#api/connections/kube-door.ts';
import { type Application, openApplication } from '#api/http/application.fixture.ts';
import { ownKube } from '#api/own-kube.ts';
import { clusterTerminals } from './cluster-terminals.ts';
import { generatePrivateKey } from './private-key.ts';

let one: Application;
beforeAll(async () => {
  one = await openApplication();
}, 60_000);
afterAll(() => one.close());

const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const print = 'SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg';
const key = generatePrivateKey();

const post = (url: string, payload: object) =>
  one.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${one.token}` }, payload });
async function declare(name: string, terminals: object | undefined): Promise<{ status: number; text: string }> {
  const spec = { credentialsSecretRef: { namespace: 'default', name: 'none' }, ...(terminals && { terminals }) };
  const { statusCode, body } = await post(`/apis/${apiVersion}/clusters`, { apiVersion, kind: 'Cluster', metadata: { name }, spec });
  return { status: statusCode, text: body };
}
const bastion = (name: string, more: object = {}) => ({
  bastion: { host: 'bastion.example', user: 'warden', privateKeySecretRef: { namespace: 'default', name }, hostKeys: [print], ...more },
});
const ofClusters = () => clusterTerminals(doorOf(ownKube(one.app), { authorization: `Bearer ${one.token}` }));

it('what a Cluster says about terminals is read, with the key of its bastion', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bastion', namespace: 'default' } };
  await post('/api/v1/namespaces/default/secrets', { ...secret, stringData: { 'ssh-privatekey': key.pem, other: 'words' } });
  expect((await declare('quiet', undefined)).status).toBe(201);
  expect((await declare('strict', { recording: 'All', ...bastion('bastion') })).status).toBe(201);
  const clusters = ofClusters();
  const read = await Promise.all(
    ['quiet', 'strict', 'none'].map((name) => Promise.all([clusters.recording(name), clusters.bastion(name)])),
  );
  expect(read).toEqual([
    [undefined, undefined],
    ['all', { host: 'bastion.example', port: 22, user: 'warden', privateKey: key.pem, hostKeys: [print] }],
    [undefined, undefined],
  ]);
  expect(await clusters.shownBastion('strict')).toEqual({ host: 'bastion.example', port: 22, user: 'warden' });
});

it('a bastion whose key cannot be had is told in words that hold nothing of it', async () => {
  await declare('lost', bastion('nowhere'));
  await declare('entry', bastion('bastion', { privateKeySecretRef: { namespace: 'default', name: 'bastion', key: 'missing' } }));
  await declare('words', bastion('bastion', { privateKeySecretRef: { namespace: 'default', name: 'bastion', key: 'other' } }));
  const clusters = ofClusters();
  for (const [name, said] of [
    ['lost', 'Secret default/nowhere, which its Cluster names, does not exist'],
    ['entry', 'Secret default/bastion has no entry "missing"'],
    ['words', 'Secret default/bastion, entry "other", is no private key'],
  ] as const)
    await expect(clusters.bastion(name), name).rejects.toThrow(said);
  expect(await clusters.shownBastion('lost')).toMatchObject({ host: 'bastion.example' });
});

it('a Cluster with a bastion that nothing is known by, or with another mistake, is refused', async () => {
  for (const [terminals, field] of [
    [bastion('bastion', { hostKeys: [] }), 'hostKeys'],
    [bastion('bastion', { hostKeys: ['ssh-dss AAAA'] }), 'hostKeys'],
    [bastion('bastion', { hostKeys: undefined }), 'hostKeys'],
    [bastion('bastion', { host: 'bastion.example/path' }), 'host'],
    [bastion('bastion', { port: 0 }), 'port'],
    [bastion('bastion', { user: '-oProxyCommand=id' }), 'user'],
    [{ recording: 'Some' }, 'recording'],
  ] as const) {
    const { status, text } = await declare('wrong', terminals);
    expect([status, text.includes(`terminals.${'recording' in terminals ? '' : 'bastion.'}${field}`)], text).toEqual([422, true]);
  }
});
