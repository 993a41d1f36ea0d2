import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Send, startTown, type Town } from './people.fixture.ts';

let town: Town;
let anna: Send;
let made = 0;
beforeAll(async () => {
  town = await startTown();
  await town.settle('anna', 'super_admin');
  anna = await town.browser('anna');
});
afterAll(() => town.close());

const types = async () => (await town.audit.list({}, { limit: 100 })).items.map(({ type, actor }) => `${type} ${actor}`);

describe('a request with a cookie', () => {
  it.each([
    ['without the token of the session', { 'x-csrf-token': '' }],
    ['with another token', { 'x-csrf-token': 'A'.repeat(43) }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from no origin', { origin: 'null' }],
    ['that a browser made for another site', { 'sec-fetch-site': 'cross-site' }],
    ['that a browser made for a sibling', { 'sec-fetch-site': 'same-site' }],
  ])('%s changes nothing, and is recorded', async (_, headers) => {
    expect(await anna('POST', '/api/v1/users', { username: 'carl' }, headers)).toMatchObject({
      status: 403,
      body: { title: expect.stringMatching(/^(?:CrossSite|CsrfTokenMissing)$/) },
    });
    expect(
      await anna('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }, headers),
    ).toMatchObject({ status: expect.toBeOneOf([401, 403]), body: { kind: 'Status' } });
    expect(await types()).toContain('Denied anna');
    expect((await anna('GET', '/api/v1/users', undefined, headers)).status).toBe(200);
    expect((await anna('POST', '/api/v1/users', { username: `carl${(made += 1)}` }, { origin: 'https://localhost:80' })).status).toBe(201);
  });
});

describe('what a route does not take', () => {
  it.each([
    ['POST', '/api/v1/users', { username: 'x', isAdmin: true }, 'isAdmin'],
    ['POST', '/api/v1/users', { username: 'x', state: 'active' }, 'state'],
    ['POST', '/api/v1/users', { username: 'x', email: 'nothing' }, 'email'],
    ['POST', '/api/v1/users', { username: 'x'.repeat(101) }, 'username'],
    ['POST', '/api/v1/users', {}, 'username'],
    ['POST', '/api/v1/users', { username: 'x', bindings: [{ role: 'viewer', cluster: '../etc' }] }, 'bindings/0/cluster'],
    ['POST', '/api/v1/users', '{"__proto__":{"a":1},"username":"x"}', '__proto__'],
    ['POST', '/api/v1/roles', { name: 'x', permissions: ['everything'] }, 'permissions/0'],
    ['GET', '/api/v1/users?colour=red', undefined, 'colour'],
    ['GET', '/api/v1/me?user=carl', undefined, 'user'],
    ['DELETE', '/api/v1/me/tokens/x?all=true', undefined, 'all'],
    ['GET', '/api/v1/users?limit=0', undefined, 'limit'],
    ['POST', '/api/v1/access', { questions: [] }, 'questions'],
    ['POST', '/api/v1/session', { username: ['x'], password: 'y' }, 'username'],
  ] as const)('%s %s with %j is answered with the field that is wrong', async (method, url, body, field) => {
    const reply = await anna(method, url, typeof body === 'string' ? (JSON.parse(body) as object) : body);
    expect(reply.status).toBe(400);
    if (field !== '__proto__') expect(reply.body).toMatchObject({ title: 'BadRequest', errors: [{ field }] });
  });
});
