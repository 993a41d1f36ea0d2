import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../commands/command.ts';
import { commands } from '../commands/index.ts';
import { checkSettings, readSettings, UsageError } from '../settings.ts';
import { ensureTls } from '../tls.ts';
import { fileSchema } from './schema.ts';
import { settingsTable } from './settings-table.ts';
import { settingsMarkdown } from './text.ts';

const room = () => mkdtempSync(join(tmpdir(), 'stackwarden-configuration-'));

/** A configuration file of this text, readable by the owner alone. */
function fileOf(text: string, dir = room(), name = 'stackwarden.yaml'): string {
  const file = join(dir, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const out: string[] = [];
  const warnings: string[] = [];
  const status = await runCommand(commands, args, { env, print: (text) => void out.push(text), warn: (line) => void warnings.push(line) });
  return { status, out: out.join(''), warnings };
}

describe('the configuration', () => {
  it('takes flags over environment over file over profile over default', () => {
    const file = fileOf('profile: test\nlisten: 127.0.0.1:1\nlog: {level: warn}\nhistory: {days: 7}\n');
    const settings = readSettings(['--config', file, '--listen', '127.0.0.1:3'], {
      STACKWARDEN_LISTEN: '127.0.0.1:2',
      STACKWARDEN_HISTORY_DAYS: '8',
    });
    expect(settings).toMatchObject({
      profile: 'test',
      port: 3,
      historyDays: 8,
      logLevel: 'warn',
      sandbox: false,
      dataDir: resolve('data'),
    });
    expect(readSettings([], { STACKWARDEN_CONFIG: file, STACKWARDEN_LISTEN: '127.0.0.1:2' })).toMatchObject({ port: 2, historyDays: 7 });
    expect(readSettings([], { STACKWARDEN_CONFIG: file })).toMatchObject({ port: 1 });
  });

  it('takes every setting from the file, paths from where the file is, secrets from where it points', () => {
    const dir = room();
    writeFileSync(join(dir, 'url'), 'mysql://u:hunter2@db/x\n', { mode: 0o600 });
    const file = fileOf(
      `data: state
listen: "[::1]:9000"
cloud: prod
sandbox: true
images: disks
history: {days: 7}
log: {level: error}
database: {url: {file: url}}
trustProxy: [10.0.0.0/8, "fd00::/8", 192.0.2.1]
limits: {known: 10, unknown: 5}
`,
      dir,
    );
    expect(readSettings(['--config', file], {})).toEqual({
      profile: 'development',
      dataDir: join(dir, 'state'),
      host: '::1',
      port: 9000,
      cloud: 'prod',
      sandbox: false,
      imageDirectory: join(dir, 'disks'),
      historyDays: 7,
      logLevel: 'error',
      databaseUrl: 'mysql://u:hunter2@db/x',
      trustProxy: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
      selfRegistration: false,
      limits: { known: 10, unknown: 5 },
      terminal: expect.objectContaining({ recording: 'text', idleMs: 900_000, localTargets: false }),
      shown: expect.anything(),
    });
    const byEnvironment = fileOf('database: {url: {env: DB_ADDRESS}}');
    expect(readSettings(['--config', byEnvironment], { DB_ADDRESS: 'mysql://a:b@c/d' })).toMatchObject({ databaseUrl: 'mysql://a:b@c/d' });
  });

  it('tells everything that is wrong at once, each with its place, and quotes nothing that may be a secret', () => {
    const file = fileOf(
      `colour: red
log: {level: loud, file: x}
history: [7]
database: {url: "mysql://u:hunter2@db/x"}
limits: {known: 0}
trustProxy: [everybody]
`,
    );
    const { problems } = checkSettings(['--config', file, '--listen', 'here'], {
      STACKWARDEN_SANDBOX: 'maybe',
      DATABASE_URL: 'hunter2://x',
    });
    for (const place of [
      `colour in ${file}: there is no such setting; known are profile, data,`,
      `log.level in ${file} takes debug, info, warn, error.`,
      `log.file in ${file}: there is no such setting; known are log.level.`,
      `history of ${file} has to be a map`,
      `database.url in ${file} takes {file: PATH} or {env: NAME}`,
      `limits.known in ${file} takes a number from 1`,
      `trustProxy in ${file} takes addresses and networks`,
      '--listen takes HOST:PORT, such as 127.0.0.1:8443 or [::1]:8443, not "here"',
      'STACKWARDEN_SANDBOX takes true or false, not "maybe"',
      'DATABASE_URL takes sqlite:PATH or mysql://USER:PASSWORD@HOST/DB',
    ])
      expect(problems).toContainEqual(expect.stringContaining(place));
    expect(problems).toHaveLength(10);
    expect(problems.join()).not.toContain('hunter2');
    expect(() => readSettings(['--config', file], {})).toThrow(UsageError);
  });

  it.each([
    ['a: [', 'line 1: '],
    ['- a', 'has to be a map of settings'],
    ['database: {url: {file: nowhere}}', 'nowhere cannot be read: ENOENT'],
    ['database: {url: {env: NOT_THERE}}', 'the environment has no NOT_THERE'],
    ['database: {url: {env: A, file: b}}', 'database.url'],
    ['a: &a [x,x]\nb: [*a,*a]', 'there is no such setting'],
  ])('refuses the file %j and says why', (text, message) => {
    expect(checkSettings(['--config', fileOf(text)], {}).problems).toContainEqual(expect.stringContaining(message));
  });

  it('names the file that cannot be read', () => {
    expect(checkSettings(['--config', '/nowhere/x.yaml'], {}).problems).toEqual([
      'The configuration file /nowhere/x.yaml cannot be read: ENOENT. Name it with --config FILE.',
    ]);
  });

  it('has a schema that editors can use, with a sentence for each setting', () => {
    const schema = fileSchema();
    expect(() => new Ajv({ strict: false, validateFormats: false }).compile(schema)).not.toThrow();
    for (const { name } of settingsTable) {
      const at = name
        .split('.')
        .reduce<unknown>((level, part) => (level as { properties: Record<string, unknown> }).properties[part], schema);
      expect(at, name).toMatchObject({ description: expect.stringMatching(/Takes .+\.$/) });
    }
  });

  it('is in the README, every setting of it', () => {
    expect(readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')).toContain(settingsMarkdown());
  });
});

describe('production', () => {
  const unsafe = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    checkSettings(['--profile', 'production', '--data', '/nowhere', ...args], env).problems;

  it('starts with what is safe', () => {
    expect(unsafe([])).toEqual([]);
    expect(readSettings(['--profile', 'production', '--data', '/nowhere'], {})).toMatchObject({ sandbox: false, logLevel: 'info' });
  });

  it.each<[string, string[], NodeJS.ProcessEnv]>([
    ['sandbox (--sandbox) is unsafe', ['--sandbox'], {}],
    ['listen (--listen) is unsafe', ['--listen', '0.0.0.0:8443'], {}],
    ['listen (STACKWARDEN_LISTEN) is unsafe', [], { STACKWARDEN_LISTEN: '192.0.2.1:8443' }],
    ['log.level (--log-level) is unsafe', ['--log-level', 'debug'], {}],
    ['trustProxy (--trust-proxy) is unsafe', ['--trust-proxy', '10.0.0.0/8, ::/0'], {}],
    ['terminal.localTargets (--terminal-local-targets) is unsafe', ['--terminal-local-targets'], {}],
    ['limits.known (--limit-known) is unsafe', ['--limit-known', '1000000'], {}],
    ['limits.unknown (--limit-unknown) is unsafe', ['--limit-unknown', '1000000'], {}],
    ['database.url (DATABASE_URL) is unsafe', [], { DATABASE_URL: 'sqlite::memory:' }],
    ['registration (--registration) is unsafe', ['--registration'], {}],
    ['redis.url (REDIS_URL) is unsafe', [], { REDIS_URL: 'redis://h' }],
    ['has no password', [], { DATABASE_URL: 'mysql://u@db/x' }],
    ['root may do everything', [], { DATABASE_URL: 'mysql://root:p@db/x' }],
    ['NODE_TLS_REJECT_UNAUTHORIZED=0 is unsafe', [], { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ])('refuses: %s', (message, args, env) => {
    expect(unsafe(args, env)).toEqual([expect.stringContaining(message)]);
    const [, , ...sameInDevelopment] = ['--profile', 'production', ...args];
    expect(checkSettings(sameInDevelopment, env).problems).toEqual([]);
  });

  it('names all that is unsafe at once', () => {
    expect(unsafe(['--sandbox', '--listen', '[::]:443', '--log-level', 'debug'])).toHaveLength(3);
  });

  it('refuses data and secrets that others can read', () => {
    const dir = room();
    chmodSync(dir, 0o755);
    const secret = fileOf('mysql://u:p@db/x', room(), 'url');
    chmodSync(secret, 0o644);
    const file = fileOf(`profile: production\ndata: ${dir}\ndatabase: {url: {file: ${secret}}}`);
    expect(checkSettings(['--config', file], {}).problems).toEqual(
      [dir, secret].map((path) => expect.stringContaining(`${path} is unsafe in production: others than its owner can read it`)),
    );
    chmodSync(dir, 0o700);
    chmodSync(secret, 0o600);
    expect(checkSettings(['--config', file], {}).problems).toEqual([]);
  });

  it('listens to others with a certificate of its own that fits its key and is valid', async () => {
    const one = join(room(), 'tls');
    const other = join(room(), 'tls');
    await ensureTls(one, 'warden.example');
    await ensureTls(other, 'warden.example');
    const certificate = join(one, 'server.crt');
    const listen = ['--listen', '0.0.0.0:8443', '--tls-certificate', certificate];
    expect(unsafe([...listen, '--tls-key', join(one, 'server.key')])).toEqual([]);
    expect(unsafe([...listen, '--tls-key', join(other, 'server.key')])).toEqual([expect.stringContaining('is not the key of')]);
    expect(unsafe([...listen, '--tls-key', certificate])).toContainEqual(expect.stringContaining('tls.key: '));
    expect(unsafe(listen)).toEqual([expect.stringContaining('tls.key is missing')]);
    expect(checkSettings(['--tls-key', '/nowhere'], {}).problems).toEqual([expect.stringContaining('tls.certificate is missing')]);
    expect(checkSettings(['--tls-certificate', '/nowhere.crt', '--tls-key', join(one, 'server.key')], {}).problems).toEqual([
      expect.stringContaining('/nowhere.crt cannot be read: ENOENT'),
    ]);
    const old = join(room(), 'tls');
    await ensureTls(old, 'warden.example', new Date('2020-01-01'));
    const expired = ['--tls-certificate', join(old, 'server.crt'), '--tls-key', join(old, 'server.key')];
    expect(checkSettings(expired, {}).problems).toEqual([expect.stringContaining('was valid until')]);
  });
});

describe('the commands for settings', () => {
  it('check them without a start', async () => {
    expect(await run(['check-config', '--profile', 'production', '--data', '/nowhere'])).toMatchObject({
      status: 0,
      out: 'The settings are in order (profile production).\n',
    });
    const refused = await run(['check-config', '--listen', 'x', '--log-level', 'y']);
    expect([refused.status, refused.warnings.length]).toEqual([1, 2]);
    expect((await run(['check-config', '--colour'])).status).toBe(2);
  });

  it('show what holds and who said so, and no secret', async () => {
    const { status, out } = await run(['config', '--listen', '127.0.0.1:1'], { DATABASE_URL: 'mysql://u:hunter2@db:3306/x' });
    expect(status).toBe(0);
    expect(out).toMatch(/^listen +127\.0\.0\.1:1 +--listen$/m);
    expect(out).toMatch(/^database\.url +mysql:\/\/\*\*\*@db:3306\/x +DATABASE_URL$/m);
    expect(out).toMatch(/^log\.level +warn +default$/m);
    expect(out).not.toContain('hunter2');
    for (const { name } of settingsTable) expect(out).toContain(name);
  });

  it('print the schema of the file', async () => {
    expect(JSON.parse((await run(['config', '--schema'])).out)).toEqual(fileSchema());
  });
});
