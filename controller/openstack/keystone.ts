import type { CatalogEntry, TokenInfo } from './cloud.ts';
import type { CloudAuth, Identified } from './cloud-auth.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { readErrorBody } from './error-body.ts';
import { retryAfterMs } from './retries.ts';
import type { Token } from './tokens.ts';
import { failure, type WireRequest, type WireResponse } from './transport.ts';

const PATH = '/auth/tokens';
/** Everything else waits for a login, so a Keystone that hangs has to be found out soon. */
const TIMEOUT_MS = 20_000;

/** Asks Keystone for a token; wrong credentials are a failure of kind `auth` that says which ones. */
export async function login(
  cloud: string,
  config: CloudConfig,
  context: {
    send: (wire: WireRequest) => Promise<WireResponse>;
    timeoutMs: number;
    now: () => number;
    headers: Readonly<Record<string, string>>;
  },
): Promise<Token> {
  const request = authRequest(config.auth);
  const wire: WireRequest = {
    service: 'identity',
    method: request ? 'POST' : 'GET',
    path: PATH,
    url: new URL(`${config.authUrl}${PATH}`),
    headers: { ...context.headers, accept: 'application/json', 'content-type': 'application/json', ...ownToken(config.auth) },
    timeoutMs: Math.min(TIMEOUT_MS, context.timeoutMs),
    ...(request ? { body: JSON.stringify(request) } : {}),
  };
  const sentAt = context.now();
  const response = await context.send(wire);
  if (response.status < 200 || response.status > 299) throw refusal(cloud, config, wire, response, request, context.now());
  const token = readToken(response, sentAt, request === undefined);
  if (token) return token;
  const detail = `${wire.url.host} answered without a token; auth_url does not lead to Keystone v3`;
  throw failure(cloud, wire, { kind: 'invalid-response', detail, status: response.status, mayHaveActed: false });
}

/** A token without a project is used as it is, and only looked up: Keystone issues none for one that was delegated (application credentials). */
function ownToken(auth: CloudAuth): Record<string, string> {
  if (auth.method !== 'token' || auth.project) return {};
  const id = auth.token.reveal();
  return { 'x-auth-token': id, 'x-subject-token': id };
}

function authRequest(auth: CloudAuth): object | undefined {
  const who = ({ id, name, domain }: Identified) => (id ? { id } : { name, domain });
  switch (auth.method) {
    case 'password': {
      const user = { ...who(auth.user), password: auth.password.reveal() };
      return { auth: { identity: { methods: ['password'], password: { user } }, scope: { project: who(auth.project) } } };
    }
    case 'application_credential': {
      const named = auth.id ? { id: auth.id } : { name: auth.name, ...(auth.user ? { user: who(auth.user) } : {}) };
      const credential = { ...named, secret: auth.secret.reveal() };
      return { auth: { identity: { methods: ['application_credential'], application_credential: credential } } };
    }
    case 'token':
      break;
  }
  if (!auth.project) return undefined;
  const identity = { methods: ['token'], token: { id: auth.token.reveal() } };
  return { auth: { identity, scope: { project: who(auth.project) } } };
}

function refusal(cloud: string, config: CloudConfig, wire: WireRequest, response: WireResponse, sent: object | undefined, now: number) {
  const { status, requestId } = response;
  const { type, detail: said } = readErrorBody(response.text, status, sent);
  const common = { status, ...(type ? { type } : {}), ...(requestId ? { requestId } : {}), mayHaveActed: false };
  const isWrongCredential =
    status === 401 || status === 403 || (status === 404 && type === 'Not Found' && config.auth.method !== 'password');
  if (isWrongCredential)
    return failure(cloud, wire, {
      ...common,
      kind: 'auth',
      detail: `${wire.url.host} refuses ${whose(config.auth, status)}; it says: ${said.replace(/\.$/, '')}`,
    });
  if (status === 404) {
    return failure(cloud, wire, {
      ...common,
      kind: 'invalid-response',
      detail: `${wire.url.host} has no Keystone v3 at ${config.authUrl}; correct auth_url`,
    });
  }
  const after = retryAfterMs(response.headers, now);
  return failure(cloud, wire, { ...common, kind: 'http', detail: said, ...(after === undefined ? {} : { retryAfterMs: after }) });
}

/** Keystone tells nobody whether user, password or project is wrong: say what to check. */
function whose(auth: CloudAuth, status: number): string {
  switch (auth.method) {
    case 'password': {
      const project = auth.project.name ?? auth.project.id;
      return `user ${auth.user.name ?? auth.user.id} in project ${project}: check the password, that the user is enabled, and its role in the project`;
    }
    case 'application_credential': {
      const name = auth.id ?? auth.name;
      if (status === 404) return `application credential ${name}: it does not exist (any more); create a new one`;
      return `application credential ${name}: it has expired or its secret is wrong; create a new one`;
    }
    case 'token':
      break;
  }
  return 'the token: it has expired or was revoked; issue a new one';
}

interface TokenBody {
  readonly token?: {
    readonly user?: { readonly id?: string };
    readonly project?: { readonly id?: string; readonly name?: string };
    readonly roles?: readonly { readonly name: string }[];
    readonly issued_at?: string;
    readonly expires_at?: string;
    readonly catalog?: readonly {
      readonly type?: string;
      readonly name?: string;
      readonly endpoints?: readonly {
        readonly interface?: string;
        readonly region?: string;
        readonly region_id?: string;
        readonly url?: string;
      }[];
    }[];
  };
}

function readToken(response: WireResponse, sentAt: number, isOld: boolean): Token | undefined {
  const id = response.headers['x-subject-token'];
  const token = parse(response.text)?.token;
  const expiresAt = Date.parse(token?.expires_at ?? '');
  if (!id || !token || Number.isNaN(expiresAt)) return undefined;
  const issuedAt = Date.parse(token.issued_at ?? '');
  // A new token's lifetime by Keystone's own two times: its clock may differ from ours.
  const lifeMs = isOld || Number.isNaN(issuedAt) ? expiresAt - sentAt : expiresAt - issuedAt;
  return {
    id,
    issuedAt: sentAt,
    expiresAt: sentAt + lifeMs,
    info: {
      userId: token.user?.id ?? '',
      projectId: token.project?.id ?? '',
      projectName: token.project?.name ?? '',
      roles: (token.roles ?? []).map((role) => role.name),
      expiresAt: new Date(sentAt + lifeMs),
      catalog: readCatalog(token),
    } satisfies TokenInfo,
  };
}

function readCatalog(token: NonNullable<TokenBody['token']>): CatalogEntry[] {
  return (token.catalog ?? []).map(({ type = '', name = '', endpoints = [] }) => ({
    type,
    name,
    endpoints: endpoints.flatMap(({ url, region, region_id, interface: face = '' }) =>
      url ? [{ url, interface: face.replace(/URL$/, ''), region: region ?? region_id ?? '' }] : [],
    ),
  }));
}

function parse(text: string): TokenBody | undefined {
  try {
    const body = JSON.parse(text) as TokenBody | null;
    return body ?? undefined;
  } catch {
    return undefined;
  }
}
