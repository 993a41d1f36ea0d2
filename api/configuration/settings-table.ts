export type Value = string | number | boolean | readonly string[];

export const profiles = ['development', 'production', 'test'] as const;
export type Profile = (typeof profiles)[number];

/** One thing an operator can set. */
export interface Setting {
  /** In the file, a dot for each level: `log.level`. */
  readonly name: string;
  /** On the command line, without `--`; some things have no place there. */
  readonly flag?: string;
  /** In the environment. */
  readonly env: string;
  /** What stands for the value in help: DIR, HOST:PORT. */
  readonly valueName: string;
  /** A line for people. */
  readonly meaning: string;
  /** What a value has to be, as messages say it: `--listen takes …`. */
  readonly takes: string;
  /** JSON schema of the value; `listen` and `network` are formats of ours. */
  readonly schema: { readonly type: 'string' | 'integer' | 'boolean' | 'array'; readonly [keyword: string]: unknown };
  /** Of a file or directory: absolute once read; in a file relative to that file. */
  readonly isPath?: true;
  /** Never shown, and in the file only as `{file: PATH}` or `{env: NAME}`. */
  readonly isSecret?: true;
  /** What holds when nobody says anything. */
  readonly default?: Value;
  readonly byProfile?: Readonly<Partial<Record<Profile, Value>>>;
  /** Where there is no default in the table: what happens then. */
  readonly otherwise?: string;
}

const text = { type: 'string', minLength: 1, maxLength: 1000 } as const;
const perMinute = { type: 'integer', minimum: 1, maximum: 10_000_000 } as const;

/** All of them, in the order people read them. */
export const settingsTable: readonly Setting[] = [
  {
    name: 'profile',
    flag: 'profile',
    env: 'STACKWARDEN_PROFILE',
    valueName: 'PROFILE',
    meaning: 'what the other defaults are; `production` refuses unsafe settings',
    takes: 'development, production or test',
    schema: { type: 'string', enum: profiles },
    default: 'development',
  },
  {
    name: 'data',
    flag: 'data',
    env: 'STACKWARDEN_DATA',
    valueName: 'DIR',
    meaning: 'database, keys, certificates, kubeconfig',
    takes: 'a directory',
    schema: text,
    isPath: true,
    default: './data',
  },
  {
    name: 'listen',
    flag: 'listen',
    env: 'STACKWARDEN_LISTEN',
    valueName: 'HOST:PORT',
    meaning: 'where the API listens (TLS)',
    takes: 'HOST:PORT, such as 127.0.0.1:8443 or [::1]:8443',
    schema: { ...text, format: 'listen' },
    default: '127.0.0.1:8443',
    byProfile: { test: '127.0.0.1:0' },
  },
  {
    name: 'cloud',
    flag: 'cloud',
    env: 'STACKWARDEN_CLOUD',
    valueName: 'NAME',
    meaning: 'entry of clouds.yaml (secure.yaml and `OS_*` are read too)',
    takes: 'the name of an entry of clouds.yaml',
    schema: text,
    otherwise: 'the sandbox',
  },
  {
    name: 'sandbox',
    flag: 'sandbox',
    env: 'STACKWARDEN_SANDBOX',
    valueName: '',
    meaning: 'a simulated cloud, unless a cloud is named; `--no-sandbox` for none',
    takes: 'true or false',
    schema: { type: 'boolean' },
    default: true,
    byProfile: { production: false, test: false },
  },
  {
    name: 'images',
    flag: 'images',
    env: 'STACKWARDEN_IMAGES',
    valueName: 'DIR',
    meaning: 'images may be made of the files in it (`spec.source.file`)',
    takes: 'a directory',
    schema: text,
    isPath: true,
    otherwise: 'none',
  },
  {
    name: 'history.days',
    flag: 'history-days',
    env: 'STACKWARDEN_HISTORY_DAYS',
    valueName: 'N',
    meaning: 'how long history, and operations that ended, are kept',
    takes: 'a number of days from 1 to 99999',
    // At least a day: what happened today is what people ask about.
    schema: { type: 'integer', minimum: 1, maximum: 99_999 },
    default: 90,
  },
  {
    name: 'log.level',
    flag: 'log-level',
    env: 'STACKWARDEN_LOG_LEVEL',
    valueName: 'LEVEL',
    meaning: 'debug, info, warn, error',
    takes: 'debug, info, warn, error',
    schema: { type: 'string', enum: ['debug', 'info', 'warn', 'error'] },
    default: 'warn',
    byProfile: { production: 'info', test: 'error' },
  },
  {
    name: 'database.url',
    env: 'DATABASE_URL',
    valueName: 'URL',
    meaning: 'MySQL instead of SQLite: `mysql://USER:PASSWORD@HOST/DB`',
    takes: 'sqlite:PATH or mysql://USER:PASSWORD@HOST/DB',
    schema: { ...text, pattern: '^(sqlite:.|mysql://.)' },
    isSecret: true,
    otherwise: 'SQLite in DIR',
  },
  {
    name: 'redis.url',
    env: 'REDIS_URL',
    valueName: 'URL',
    meaning: 'Redis, by which processes on one MySQL hear of each other at once',
    takes: 'redis://[USER:PASSWORD@]HOST[:PORT][/DB] or rediss://…',
    schema: { ...text, pattern: '^rediss?://.' },
    isSecret: true,
    otherwise: 'once a second',
  },
  {
    name: 'advertise',
    flag: 'advertise',
    env: 'STACKWARDEN_ADVERTISE',
    valueName: 'URL',
    meaning: 'where the other processes on one MySQL reach this one',
    takes: 'https://HOST:PORT',
    schema: { ...text, pattern: '^https://[^/]+$' },
    otherwise: 'where it listens',
  },
  {
    name: 'registration',
    flag: 'registration',
    env: 'STACKWARDEN_REGISTRATION',
    valueName: '',
    meaning: 'people may ask for an account, which an admin approves',
    takes: 'true or false',
    schema: { type: 'boolean' },
    default: false,
  },
  {
    name: 'oidc.issuer',
    env: 'STACKWARDEN_OIDC_ISSUER',
    valueName: 'URL',
    meaning: 'an identity provider (OpenID Connect) that people may sign in at',
    takes: 'an https:// address (http:// on loopback only)',
    schema: { ...text, format: 'web-address' },
    otherwise: 'none',
  },
  {
    name: 'oidc.clientId',
    env: 'STACKWARDEN_OIDC_CLIENT_ID',
    valueName: 'ID',
    meaning: 'what this server is called there',
    takes: 'a text',
    schema: text,
    otherwise: 'none',
  },
  {
    name: 'oidc.clientSecret',
    env: 'STACKWARDEN_OIDC_CLIENT_SECRET',
    valueName: 'SECRET',
    meaning: 'what it proves itself with there',
    takes: 'a text',
    schema: text,
    isSecret: true,
    otherwise: 'none',
  },
  {
    name: 'oidc.publicUrl',
    env: 'STACKWARDEN_OIDC_PUBLIC_URL',
    valueName: 'URL',
    meaning: 'where browsers reach this server; the provider sends them back there',
    takes: 'an https:// address (http:// on loopback only)',
    schema: { ...text, format: 'web-address' },
    otherwise: 'none',
  },
  {
    name: 'oidc.groupsClaim',
    env: 'STACKWARDEN_OIDC_GROUPS_CLAIM',
    valueName: 'CLAIM',
    meaning: 'the claim that lists the groups of a person',
    takes: 'the name of a claim',
    schema: text,
    default: 'groups',
  },
  {
    name: 'oidc.roles',
    env: 'STACKWARDEN_OIDC_ROLES',
    valueName: 'LIST',
    meaning: 'what members of a group get: `GROUP=ROLE[@CLUSTER[/NAMESPACE]]`, with commas between',
    takes: 'GROUP=ROLE[@CLUSTER[/NAMESPACE]], ..., such as ops=operator',
    schema: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string', maxLength: 500, format: 'role-of-group' } },
    otherwise: 'none',
  },
  {
    name: 'tls.certificate',
    flag: 'tls-certificate',
    env: 'STACKWARDEN_TLS_CERTIFICATE',
    valueName: 'FILE',
    meaning: 'a certificate of your own with its chain (PEM)',
    takes: 'a PEM file',
    schema: text,
    isPath: true,
    otherwise: 'one made at the first start',
  },
  {
    name: 'tls.key',
    flag: 'tls-key',
    env: 'STACKWARDEN_TLS_KEY',
    valueName: 'FILE',
    meaning: 'its private key (PEM)',
    takes: 'a PEM file',
    schema: text,
    isPath: true,
    otherwise: 'one made at the first start',
  },
  {
    name: 'trustProxy',
    flag: 'trust-proxy',
    env: 'STACKWARDEN_TRUST_PROXY',
    valueName: 'LIST',
    meaning: 'proxies whose `X-Forwarded-*` are believed: addresses and networks, with commas between',
    takes: 'addresses and networks such as 10.0.0.0/8',
    schema: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 60, format: 'network' } },
    otherwise: 'nobody',
  },
  {
    name: 'limits.known',
    flag: 'limit-known',
    env: 'STACKWARDEN_LIMIT_KNOWN',
    valueName: 'N',
    meaning: 'requests a minute of one person to the platform API',
    takes: 'a number from 1 to 10000000',
    schema: perMinute,
    default: 6000,
    byProfile: { test: 1_000_000 },
  },
  {
    name: 'limits.unknown',
    flag: 'limit-unknown',
    env: 'STACKWARDEN_LIMIT_UNKNOWN',
    valueName: 'N',
    meaning: 'requests a minute of an address nobody vouches for',
    takes: 'a number from 1 to 10000000',
    schema: perMinute,
    default: 600,
    byProfile: { test: 1_000_000 },
  },
  {
    name: 'terminal.recording',
    flag: 'terminal-recording',
    env: 'STACKWARDEN_TERMINAL_RECORDING',
    valueName: 'WHAT',
    meaning:
      'terminals that end when they cannot be recorded: `text` is SSH and serial, `all` refuses VNC, which cannot be; `off` records none',
    takes: 'text, all or off',
    schema: { type: 'string', enum: ['text', 'all', 'off'] },
    default: 'text',
  },
  {
    name: 'terminal.recordingDays',
    flag: 'terminal-recording-days',
    env: 'STACKWARDEN_TERMINAL_RECORDING_DAYS',
    valueName: 'N',
    meaning: 'how long recordings of terminals are kept',
    takes: 'a number of days from 1 to 99999',
    schema: { type: 'integer', minimum: 1, maximum: 99_999 },
    default: 180,
  },
  {
    name: 'terminal.idleMinutes',
    flag: 'terminal-idle-minutes',
    env: 'STACKWARDEN_TERMINAL_IDLE_MINUTES',
    valueName: 'N',
    meaning: 'a terminal nobody types into, nor moves files over, is ended after them',
    takes: 'a number of minutes from 1 to 1440',
    schema: { type: 'integer', minimum: 1, maximum: 1440 },
    default: 15,
  },
  {
    name: 'terminal.maxMinutes',
    flag: 'terminal-max-minutes',
    env: 'STACKWARDEN_TERMINAL_MAX_MINUTES',
    valueName: 'N',
    meaning: 'a terminal is ended after them, whatever happens in it',
    takes: 'a number of minutes from 1 to 10080',
    schema: { type: 'integer', minimum: 1, maximum: 10_080 },
    default: 480,
  },
  {
    name: 'terminal.detachMinutes',
    flag: 'terminal-detach-minutes',
    env: 'STACKWARDEN_TERMINAL_DETACH_MINUTES',
    valueName: 'N',
    meaning: 'a terminal whose page is gone waits for them to come back',
    takes: 'a number of minutes from 0 to 1440',
    schema: { type: 'integer', minimum: 0, maximum: 1440 },
    default: 10,
  },
  {
    name: 'terminal.perPerson',
    flag: 'terminal-per-person',
    env: 'STACKWARDEN_TERMINAL_PER_PERSON',
    valueName: 'N',
    meaning: 'terminals of one person at a time',
    takes: 'a number from 1 to 10000',
    schema: { type: 'integer', minimum: 1, maximum: 10_000 },
    default: 20,
    byProfile: { test: 1000 },
  },
  {
    name: 'terminal.perTarget',
    flag: 'terminal-per-target',
    env: 'STACKWARDEN_TERMINAL_PER_TARGET',
    valueName: 'N',
    meaning: 'terminals to one instance at a time',
    takes: 'a number from 1 to 10000',
    schema: { type: 'integer', minimum: 1, maximum: 10_000 },
    default: 10,
    byProfile: { test: 1000 },
  },
  {
    name: 'terminal.localTargets',
    flag: 'terminal-local-targets',
    env: 'STACKWARDEN_TERMINAL_LOCAL_TARGETS',
    valueName: '',
    meaning: 'terminals may lead to loopback and to this machine, where instances of tests live',
    takes: 'true or false',
    schema: { type: 'boolean' },
    default: false,
  },
];
