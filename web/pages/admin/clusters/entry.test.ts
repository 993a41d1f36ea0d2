import { expect, it } from 'vitest';
import { configOf } from '#api/connections/credentials.ts';
import { entryOf } from './entry.ts';

const entered = {
  authUrl: ' https://cloud.example:5000/v3 ',
  username: 'ops',
  password: ' green tea ',
  project: 'shop',
  region: 'north',
  interface: 'internal',
};

it('makes of what was entered an entry that the server reads the same, secrets untouched', () => {
  const made = entryOf({ ...entered, ca: 'PEM' });
  expect(made?.spec).toEqual({ region: 'north', interface: 'internal', caBundle: 'PEM' });
  expect(configOf({ entry: made?.entry ?? {} }, {})).toMatchObject({
    authUrl: 'https://cloud.example:5000/v3',
    auth: { method: 'password', user: { name: 'ops' }, project: { name: 'shop' } },
  });
  expect(made?.entry).toMatchObject({ auth: { password: ' green tea ' } });
  const other = entryOf({
    authUrl: 'https://c:5000',
    kind: 'application',
    credentialId: 'abc',
    credentialSecret: 's',
    interface: 'public',
  });
  expect(other?.spec).toEqual({});
  expect(configOf({ entry: other?.entry ?? {} }, {})).toMatchObject({ auth: { method: 'application_credential', id: 'abc' } });
});

it('makes none while something is missing', () => {
  for (const missing of ['authUrl', 'username', 'password', 'project'])
    expect(entryOf({ ...entered, [missing]: '' }), missing).toBeUndefined();
  expect(entryOf({ authUrl: 'https://c', kind: 'application', credentialId: 'abc' })).toBeUndefined();
});
