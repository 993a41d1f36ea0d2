import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDocument, visit } from 'yaml';
import type { ServiceName } from './cloud.ts';
import { type CloudAuth, parseAuth } from './cloud-auth.ts';
import { CloudConfigError, flag, isAbsent, mapping, normalizeKeys, type Section, text } from './config-section.ts';
import { Secret } from './secret.ts';

/** One entry of clouds.yaml, checked and complete: all that is needed to connect. */
export interface CloudConfig {
  /** The entry's name; `envvars` for one made of `OS_*` variables. */
  readonly name: string;
  /** Keystone's v3 address, without a slash at the end. */
  readonly authUrl: string;
  readonly auth: CloudAuth;
  /** Absent: the only region of the catalog. */
  readonly region?: string;
  readonly interface: 'public' | 'internal' | 'admin';
  /** false: any certificate is accepted. */
  readonly verify: boolean;
  /** PEM of the authorities trusted instead of the system's. */
  readonly ca?: string;
  /** PEM of a client certificate and its key, for clouds that ask for one. */
  readonly clientCertificate?: { readonly cert: string; readonly key: Secret };
  /** Replaces what the catalog says. */
  readonly endpointOverrides: Readonly<Partial<Record<ServiceName, string>>>;
  /** `api_timeout`: longest wait for one answer. */
  readonly timeoutMs?: number;
  /**
   * Hash of everything above but the name. Two configs of one process with the same fingerprint may share a connection; it is keyed anew
   * in each process, so it gives nothing away and MUST NOT be stored.
   */
  readonly fingerprint: string;
  /** The same for authUrl and auth alone: two configs that agree in it may share one token. */
  readonly credential: string;
}

/** Where cloud entries come from. Nothing is read from disk but the PEM files an entry names, through `readFile`. */
export interface CloudSource {
  /** Text of clouds.yaml; JSON is YAML too. */
  readonly cloudsYaml?: string;
  /** Text of secure.yaml, merged over it. */
  readonly secureYaml?: string;
  /** Where `OS_*` variables are looked up; none are when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Reads a PEM file named by `cacert`, `cert` or `key`; absent: such paths are refused, PEM text still works. */
  readonly readFile?: (path: string) => string;
}

export interface CloudOverrides {
  /** Entry name; absent: `OS_CLOUD`, else the only entry. */
  readonly cloud?: string;
  readonly region?: string;
  readonly interface?: string;
  /** PEM; wins over `cacert`. */
  readonly caBundle?: string;
}

export interface Clouds {
  readonly names: readonly string[];
  /** Throws CloudConfigError naming the field and the next step. */
  get(overrides?: CloudOverrides): CloudConfig;
}

/** Reads all entries as openstacksdk does; an entry is checked only when it is asked for, so a wrong one does not hide the others. */
export function loadClouds(source: CloudSource & Pick<CloudOverrides, 'cloud'>): Clouds {
  const entries = merge(entriesOf(source.cloudsYaml, 'clouds.yaml'), entriesOf(source.secureYaml, 'secure.yaml'));
  const env = source.env ?? {};
  const fromEnv = environmentEntry(env);
  const envName = env['OS_CLOUD_NAME'] ?? 'envvars';
  if (fromEnv && entries[envName]) {
    throw new CloudConfigError(envName, `clouds.${envName}`, 'is also the name of the entry made of OS_* variables; rename one of them');
  }
  const all = fromEnv ? { ...entries, [envName]: fromEnv } : entries;
  const fallback = source.cloud ?? env['OS_CLOUD'] ?? (fromEnv ? envName : undefined);
  return {
    names: Object.keys(all),
    get: (overrides = {}) => {
      const name = overrides.cloud ?? fallback ?? onlyName(all);
      const region = overrides.region ?? env['OS_REGION_NAME'];
      return configOf(name, all, { ...overrides, ...(region ? { region } : {}) }, source.readFile);
    },
  };
}

/** `loadClouds` and `get` in one, for a source that is only asked for one entry. */
export function parseCloudConfig(source: CloudSource & CloudOverrides): CloudConfig {
  return loadClouds(source).get(source);
}

/** Paths of clouds.yaml and secure.yaml that openstacksdk would take: the named one, else ./, ~/.config/openstack, /etc/openstack. */
export function findCloudsYaml(
  options: { env?: CloudSource['env']; cwd?: string; home?: string; exists?: (path: string) => boolean } = {},
): { clouds?: string; secure?: string; searched: readonly string[] } {
  const { env = process.env, cwd = process.cwd(), home = homedir(), exists = existsSync } = options;
  const folders = [cwd, join(home, '.config', 'openstack'), '/etc/openstack'];
  const candidates = (name: string, named: string | undefined) => [
    ...(named ? [resolve(cwd, named)] : []),
    ...folders.flatMap((folder) => ['yaml', 'yml', 'json'].map((suffix) => join(folder, `${name}.${suffix}`))),
  ];
  const searched = candidates('clouds', env['OS_CLIENT_CONFIG_FILE']);
  const clouds = searched.find(exists);
  const secure = candidates('secure', env['OS_CLIENT_SECURE_FILE']).find(exists);
  return { ...(clouds ? { clouds } : {}), ...(secure ? { secure } : {}), searched };
}

/** A source made of the files `findCloudsYaml` finds and the environment. */
export function readCloudSource(env: NonNullable<CloudSource['env']> = process.env): CloudSource {
  const { clouds, secure } = findCloudsYaml({ env });
  const readFile = (path: string) => readFileSync(path.replace(/^~(?=\/)/, homedir()), 'utf8');
  const read = (path: string) => {
    try {
      return readFile(path);
    } catch (error) {
      throw new CloudConfigError(
        '',
        path,
        `cannot be read (${(error as NodeJS.ErrnoException).code}); correct its path or its permissions`,
      );
    }
  };
  return { env, readFile, ...(clouds ? { cloudsYaml: read(clouds) } : {}), ...(secure ? { secureYaml: read(secure) } : {}) };
}

/** Some 300 clouds. The parser's time grows faster than the text, and the text may come from outside. */
const maxLength = 128 * 1024;

function entriesOf(yaml: string | undefined, file: string): Section {
  if (yaml === undefined || yaml.trim() === '') return {};
  if (yaml.length > maxLength) throw new CloudConfigError('', file, 'is larger than 128 KiB; leave only the clouds that are meant');
  // Pretty errors would quote the faulty line, which may be the one with the password.
  const document = parseDocument(yaml, { prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const line = yaml.slice(0, fault.pos[0]).split('\n').length;
    throw new CloudConfigError('', `${file} line ${line}`, `is not YAML (${fault.code}); correct it`);
  }
  // A password of digits only is a number to YAML, and would lose its leading zeros.
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'number' && node.source !== undefined) node.value = node.source;
    },
  });
  const root = mapping(document.toJS({ maxAliasCount: 100 }) as unknown, file, '');
  return isAbsent(root['clouds']) ? {} : mapping(root['clouds'], `${file}: clouds`, '');
}

function merge(under: Section, over: Section): Section {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isSection(below) && isSection(value) ? merge(below, value) : value;
  }
  return merged;
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Variables that choose an entry or a file, and do not make one. */
const SELECTORS = new Set(['OS_CLOUD', 'OS_REGION_NAME', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE', 'OS_CLOUD_NAME']);

function environmentEntry(env: NonNullable<CloudSource['env']>): Section | undefined {
  const own = Object.entries(env).filter(([key, value]) => /^OS_(?!TEST|STD|LOG)/.test(key) && value);
  if (own.every(([key]) => SELECTORS.has(key))) return undefined;
  return Object.fromEntries(own.map(([key, value]) => [key.slice(3).toLowerCase(), value]));
}

function onlyName(entries: Section): string {
  const names = Object.keys(entries);
  if (names.length === 1 && names[0] !== undefined) return names[0];
  if (names.length === 0)
    throw new CloudConfigError('', 'clouds', 'has no entry; write one into clouds.yaml or set OS_AUTH_URL and the rest');
  throw new CloudConfigError('', 'cloud', `must be named: there are ${names.join(', ')} (or set OS_CLOUD)`);
}

function configOf(name: string, entries: Section, overrides: CloudOverrides, readFile: CloudSource['readFile']): CloudConfig {
  if (entries[name] === undefined) {
    const names = Object.keys(entries);
    throw new CloudConfigError(
      name,
      `clouds.${name}`,
      `does not exist; ${names.length ? `there are ${names.join(', ')}` : 'there is none'}`,
    );
  }
  const raw = normalizeKeys(mapping(entries[name], `clouds.${name}`, name));
  const profile = raw['profile'] ?? raw['cloud'];
  if (profile !== undefined)
    throw new CloudConfigError(name, 'profile', 'is not supported; write the auth_url and regions of that profile out');
  const region = regionOf(name, raw, overrides.region);
  const entry = normalizeKeys(merge(raw, region.values));
  const { auth, authUrl } = parseAuth(name, entry);
  const trust = trustOf(name, entry, overrides.caBundle, readFile);
  const timeoutMs = timeoutOf(name, entry);
  const config = {
    authUrl,
    auth,
    ...(region.name ? { region: region.name } : {}),
    interface: interfaceOf(name, overrides.interface ?? text(name, entry, 'interface') ?? text(name, entry, 'endpoint_type') ?? 'public'),
    ...trust,
    endpointOverrides: endpointOverridesOf(name, entry),
    ...(timeoutMs ? { timeoutMs } : {}),
  };
  return { name, ...config, fingerprint: hash(config), credential: hash({ authUrl, auth }) };
}

function regionOf(name: string, entry: Section, wanted: string | undefined): { name: string; values: Section } {
  const listed = entry['regions'] ?? entry['region_name'];
  const given = typeof listed === 'string' ? listed.split(',') : listed;
  if (isAbsent(given) || (Array.isArray(given) && given.length === 0)) return { name: wanted ?? '', values: {} };
  if (!Array.isArray(given)) throw new CloudConfigError(name, 'regions', 'must be a list of region names');
  const regions = given.map((region: unknown) => {
    if (typeof region === 'string') return { name: region.trim(), values: {} };
    const { name: regionName, values } = mapping(region, 'regions', name);
    if (typeof regionName !== 'string') throw new CloudConfigError(name, 'regions', 'has an entry without a name');
    return { name: regionName, values: isAbsent(values) ? {} : normalizeKeys(mapping(values, `regions.${regionName}.values`, name)) };
  });
  const found = wanted ? regions.find((region) => region.name === wanted) : regions[0];
  if (found) return found;
  const names = regions.map((region) => region.name).join(', ');
  throw new CloudConfigError(name, 'region_name', `${wanted} is not among the regions of this cloud: ${names}; names are case sensitive`);
}

function interfaceOf(name: string, value: string): CloudConfig['interface'] {
  const plain = value.replace(/URL$/, '');
  if (plain === 'public' || plain === 'internal' || plain === 'admin') return plain;
  throw new CloudConfigError(name, 'interface', `is ${value}; write public, internal or admin`);
}

function trustOf(name: string, entry: Section, caBundle: string | undefined, readFile: CloudSource['readFile']) {
  const pem = (field: string): string | undefined => {
    const value = text(name, entry, field);
    if (!value || value.includes('-----BEGIN')) return value;
    if (!readFile)
      throw new CloudConfigError(name, field, 'names a file, which is not read here; give the PEM text itself (for cacert: caBundle)');
    try {
      return readFile(value);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      throw new CloudConfigError(name, field, `${value} cannot be read (${code}); correct the path`);
    }
  };
  const verify = !flag(name, entry, 'insecure') && (flag(name, entry, 'verify') ?? true);
  const ca = verify ? caBundle || pem('cacert') : undefined;
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CloudConfigError(name, caBundle ? 'caBundle' : 'cacert', 'holds no PEM certificate; it must have a BEGIN CERTIFICATE line');
  }
  const cert = pem('cert');
  const key = pem('key') ?? cert;
  return {
    verify,
    ...(ca ? { ca } : {}),
    ...(cert && key ? { clientCertificate: { cert, key: new Secret(key) } } : {}),
  };
}

/** Names an override is written with, newest first. */
const OVERRIDE_PREFIXES: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: ['identity'],
  compute: ['compute'],
  'block-storage': ['block_storage', 'volumev3', 'volume'],
  network: ['network'],
  image: ['image'],
};

function endpointOverridesOf(name: string, entry: Section): Partial<Record<ServiceName, string>> {
  const overrides: Partial<Record<ServiceName, string>> = {};
  for (const [service, prefixes] of Object.entries(OVERRIDE_PREFIXES) as [ServiceName, readonly string[]][]) {
    const field = prefixes.flatMap((prefix) => [`${prefix}_endpoint_override`, `${prefix}_endpoint`]).find((key) => entry[key]);
    const url = field && text(name, entry, field);
    if (!url) continue;
    if (!/^https?:\/\/[^/]/.test(url)) throw new CloudConfigError(name, field, 'is not an address; write http(s)://host...');
    overrides[service] = url;
  }
  return overrides;
}

function timeoutOf(name: string, entry: Section): number | undefined {
  const value = entry['api_timeout'];
  if (isAbsent(value) || value === '') return undefined;
  const seconds = Number(value);
  if (seconds > 0 && seconds <= 3600) return seconds * 1000;
  throw new CloudConfigError(name, 'api_timeout', 'must be a number of seconds between 0 and 3600');
}

const fingerprintKey = randomBytes(32);

function hash(value: unknown): string {
  const revealed = (part: unknown): unknown => {
    if (part instanceof Secret) return part.reveal();
    if (!isSection(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, revealed(inner)]));
  };
  return createHmac('sha256', fingerprintKey)
    .update(JSON.stringify(revealed(value)))
    .digest('hex')
    .slice(0, 32);
}
