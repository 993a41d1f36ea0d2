import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings, UsageError } from './settings.ts';

describe('settings', () => {
  it('default to the sandbox, SQLite in ./data and a loopback address', () => {
    expect(readSettings([], {})).toEqual({
      profile: 'development',
      trustProxy: [],
      selfRegistration: false,
      limits: { known: 6000, unknown: 600 },
      terminal: {
        recording: 'text',
        recordingDays: 180,
        idleMs: 15 * 60_000,
        maxMs: 8 * 3_600_000,
        detachMs: 10 * 60_000,
        perPerson: 20,
        perTarget: 10,
        localTargets: false,
      },
      dataDir: resolve('data'),
      host: '127.0.0.1',
      port: 8443,
      sandbox: true,
      logLevel: 'warn',
      historyDays: 90,
      databaseUrl: `sqlite:${resolve('data', 'stackwarden.db')}`,
      shown: expect.anything(),
    });
  });

  it('take the addresses of Redis and of this process, and name what is wrong with them', () => {
    const env = { REDIS_URL: 'redis://:secret@h:1/2', STACKWARDEN_ADVERTISE: 'https://a:8443' };
    expect(readSettings([], env)).toMatchObject({ redisUrl: 'redis://:secret@h:1/2', advertise: 'https://a:8443' });
    expect(() => readSettings([], { REDIS_URL: 'http://:secret@h' })).toThrow(/^REDIS_URL takes redis:(?!.*secret)/);
    expect(() => readSettings([], { STACKWARDEN_ADVERTISE: 'https://a/b' })).toThrow(UsageError);
  });

  it('let a flag win over the environment', () => {
    const settings = readSettings(['--data', '/srv/a', '--listen', '[::1]:9000'], {
      STACKWARDEN_DATA: '/srv/b',
      DATABASE_URL: 'mysql://u:p@h/d',
    });
    expect(settings).toMatchObject({ dataDir: '/srv/a', host: '::1', port: 9000, databaseUrl: 'mysql://u:p@h/d' });
  });

  it('name where images may be read, and none unless asked for', () => {
    expect(readSettings(['--images', 'disks'], {})).toMatchObject({ imageDirectory: resolve('disks') });
    expect(readSettings([], { STACKWARDEN_IMAGES: '/srv/images' })).toMatchObject({ imageDirectory: '/srv/images' });
    expect(readSettings([], { STACKWARDEN_IMAGES: '' })).not.toHaveProperty('imageDirectory');
  });

  it('let nobody register themselves unless asked to', () => {
    expect(readSettings(['--registration'], {})).toMatchObject({ selfRegistration: true });
    expect(readSettings([], { STACKWARDEN_REGISTRATION: 'true' })).toMatchObject({ selfRegistration: true });
    expect(readSettings([], {})).toMatchObject({ selfRegistration: false });
  });

  const provider = {
    STACKWARDEN_OIDC_ISSUER: 'https://login.example',
    STACKWARDEN_OIDC_CLIENT_ID: 'stackwarden',
    STACKWARDEN_OIDC_CLIENT_SECRET: 'hidden',
    STACKWARDEN_OIDC_PUBLIC_URL: 'https://clouds.example/',
    STACKWARDEN_OIDC_ROLES: 'ops=operator, bosses=admin@main/shop',
  };
  it('name an identity provider with what its groups may', () => {
    expect(readSettings([], provider)).toMatchObject({
      oidc: {
        issuer: 'https://login.example',
        publicUrl: 'https://clouds.example',
        groupsClaim: 'groups',
        roles: [
          { group: 'ops', role: 'operator', cluster: '*', namespace: '*' },
          { group: 'bosses', role: 'admin', cluster: 'main', namespace: 'shop' },
        ],
      },
    });
    expect(readSettings([], {})).not.toHaveProperty('oidc');
  });

  it.each([
    [{ STACKWARDEN_OIDC_CLIENT_SECRET: '' }, 'oidc.clientSecret has to be'],
    [{ STACKWARDEN_OIDC_ISSUER: 'http://login.example' }, 'takes an https:// address'],
    [{ STACKWARDEN_OIDC_ROLES: 'ops' }, 'takes GROUP=ROLE'],
  ])('refuse %j for an identity provider', (wrong, message) => {
    expect(() => readSettings([], { ...provider, ...wrong })).toThrow(message);
  });

  it('start no sandbox beside a named cloud', () => {
    expect(readSettings(['--cloud', 'prod'], {})).toMatchObject({ cloud: 'prod', sandbox: false });
  });

  it.each([
    [['--listen', '8443'], '--listen takes HOST:PORT'],
    [['--listen', '127.0.0.1:99999'], '--listen takes HOST:PORT'],
    [['--log-level', 'loud'], '--log-level takes debug, info, warn, error'],
    [['--history-days', '0'], '--history-days takes a number of days from 1'],
    [['--colour'], "Unknown option '--colour'"],
    [['--data'], "'--data <value>' argument missing"],
  ])('refuse %j and say what would do', (args, message) => {
    expect(() => readSettings(args, {})).toThrow(UsageError);
    expect(() => readSettings(args, {})).toThrow(message);
  });
});
