import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Configuration, Effective } from './read.ts';
import { readListen } from './schema.ts';

/** What is wrong with settings together, and, in production, what is unsafe: a sentence each, with the next step. */
export function unsafeSettings(configuration: Configuration, env: NodeJS.ProcessEnv, now = new Date()): string[] {
  const { profile, values } = configuration;
  const value = (name: string) => values.get(name)?.value;
  const certificate = certificateProblems(values, now);
  if (profile !== 'production') return certificate;
  const refused = (isUnsafe: boolean, name: string, why: string) =>
    isUnsafe ? [`${name} (${values.get(name)?.origin ?? 'not set'}) is unsafe in production: ${why}`] : [];
  const tooMany = (name: string, bound: number) =>
    refused(Number(value(name)) > bound, name, `more than ${bound} a minute is no limit. Set ${bound} or less.`);
  return [
    ...certificate,
    ...refused(
      value('sandbox') === true && value('cloud') === undefined,
      'sandbox',
      'a simulated cloud forgets everything at its end. Set it to false, or name a cloud.',
    ),
    ...refused(
      !isLoopback(String(value('listen'))) && value('tls.certificate') === undefined,
      'listen',
      'others than this machine reach it, and nobody trusts the certificate made at the first start. Set tls.certificate and tls.key, or listen on 127.0.0.1.',
    ),
    ...refused(value('log.level') === 'debug', 'log.level', 'debug tells more of requests than a log should keep. Use info.'),
    ...refused(trustsAll(value('trustProxy')), 'trustProxy', 'everybody could claim any address. Name the addresses of your proxies.'),
    ...refused(value('registration') === true, 'registration', 'anybody could ask for an account. Set it to false, and invite people.'),
    ...refused(
      value('redis.url') !== undefined && !String(value('database.url')).startsWith('mysql:'),
      'redis.url',
      'it is for several processes, and SQLite is for one. Set database.url to a MySQL, or leave Redis out.',
    ),
    ...refused(
      value('terminal.localTargets') === true,
      'terminal.localTargets',
      'whoever may set an address of an instance could reach programs that listen on this machine alone. Set it to false.',
    ),
    ...tooMany('limits.known', 60_000),
    ...tooMany('limits.unknown', 6000),
    ...databaseProblems(value('database.url')).flatMap((why) => refused(true, 'database.url', why)),
    ...openToOthers(configuration),
    ...(env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED=0 is unsafe in production: no certificate of any cloud would be checked. Unset it; a Cluster takes a caBundle.',
        ]
      : []),
  ];
}

function isLoopback(listen: string): boolean {
  const host = readListen(listen)?.host ?? '';
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function trustsAll(networks: unknown): boolean {
  return Array.isArray(networks) && networks.some((network) => /\/0+$/.test(String(network)));
}

function databaseProblems(url: unknown): string[] {
  if (typeof url !== 'string') return [];
  if (url.startsWith('sqlite:')) return url.includes(':memory:') ? ['everything is lost at the end. Name a file.'] : [];
  const parsed = URL.parse(url);
  if (!parsed) return ['it is no URL. Write mysql://USER:PASSWORD@HOST/DB, with special characters of the password percent-encoded.'];
  return [
    ...(parsed.password === '' ? ['the user of the database has no password. Give it one.'] : []),
    ...(parsed.username === 'root' ? ['root may do everything to every database. Use a user of its own.'] : []),
  ];
}

/** Keys and data that others on this machine could read. What is not there yet will be made for the owner alone. */
function openToOthers({ values, secretFiles }: Configuration): string[] {
  const paths = [values.get('data')?.value, values.get('tls.key')?.value, ...secretFiles].filter((path) => typeof path === 'string');
  return paths
    .filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0)
    .map((path) => `${path} is unsafe in production: others than its owner can read it. Run chmod go-rwx on it.`);
}

/** In any profile: a certificate that no client could accept. */
function certificateProblems(values: ReadonlyMap<string, Effective>, now: Date): string[] {
  const [certificate, key] = ['tls.certificate', 'tls.key'].map((name) => values.get(name)?.value as string | undefined);
  if (certificate === undefined && key === undefined) return [];
  if (certificate === undefined) return ['tls.certificate is missing: tls.key is set, and each needs the other.'];
  if (key === undefined) return ['tls.key is missing: tls.certificate is set, and each needs the other.'];
  const read = <T>(name: string, file: string, parse: (pem: string) => T): T | string => {
    try {
      return parse(readFileSync(file, 'utf8'));
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      return `${name}: ${file} ${/^E[A-Z]+$/.test(code) ? `cannot be read: ${code}` : 'holds nothing of the kind in PEM'}.`;
    }
  };
  const x509 = read('tls.certificate', certificate, (pem) => new X509Certificate(pem));
  const secret = read('tls.key', key, (pem) => createPrivateKey(pem));
  if (typeof x509 === 'string' || typeof secret === 'string') return [x509, secret].filter((one) => typeof one === 'string');
  return [
    ...(x509.checkPrivateKey(secret) ? [] : [`tls.key: ${key} is not the key of ${certificate}.`]),
    ...(Date.parse(x509.validTo) > now.getTime() ? [] : [`tls.certificate: ${certificate} was valid until ${x509.validTo}. Renew it.`]),
    ...(Date.parse(x509.validFrom) <= now.getTime() ? [] : [`tls.certificate: ${certificate} is valid only from ${x509.validFrom}.`]),
  ];
}
