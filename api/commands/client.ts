import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, request } from 'undici';
import { CommandError, type CommandIo } from './command.ts';

/** The flags of every command that talks to a running Stackwarden, for `parseArgs`. */
export const clientFlags = { data: { type: 'string' }, kubeconfig: { type: 'string' } } as const;

/** Their lines in a command's usage. */
export const clientUsage = `  --data DIR          data directory of the running Stackwarden  (STACKWARDEN_DATA, default ./data)
  --kubeconfig FILE   server, CA and token, instead of DIR/kubeconfig
`;

/** The kubeconfig that the flags name: it tells server, CA and token. */
export function kubeconfigFile(flags: { readonly data?: string; readonly kubeconfig?: string }, env: CommandIo['env']): string {
  return resolve(flags.kubeconfig ?? resolve(flags.data ?? env['STACKWARDEN_DATA'] ?? 'data', 'kubeconfig'));
}

export interface ClientRequest {
  readonly kubeconfig: string;
  readonly method?: 'GET' | 'POST';
  /** `/api/v1/…`, with the query. */
  readonly path: string;
  /** Text goes as it is, with `contentType`; anything else as JSON. */
  readonly body?: unknown;
  /** Of a text body; default application/yaml. */
  readonly contentType?: string;
  /** What `requestText` asks for; default text/plain. */
  readonly accept?: string;
  /** How long the answer may take; default 60 s. */
  readonly timeoutMs?: number;
}

/** Sends a request to a running Stackwarden; throws CommandError, worded for people, unless it is answered with success. */
export async function requestJson<T>(options: Omit<ClientRequest, 'accept'>): Promise<T> {
  return JSON.parse(await requestText({ ...options, accept: 'application/json' })) as T;
}

/** Like `requestJson`, for an answer that is shown or kept as it is. */
export async function requestText(options: ClientRequest): Promise<string> {
  const server = readServer(options.kubeconfig);
  // The server's CA is all we trust; a pool of one request needs no HTTP/2.
  const { ca, servername } = server;
  const agent = new Agent({
    connect: { ...(ca !== undefined && { ca }), ...(servername !== undefined && { servername }) },
    allowH2: false,
  });
  try {
    const { statusCode, headers, body } = await send(server, agent, options);
    const text = await body.text();
    if (statusCode >= 200 && statusCode < 300) return text;
    throw new CommandError(refusal(server, statusCode, String(headers['content-type'] ?? ''), text));
  } finally {
    await agent.close();
  }
}

/** Like `requestText`, for an answer of any length: hands it on piece by piece, each when the one before was taken. */
export async function requestPieces(options: ClientRequest, take: (piece: Uint8Array) => Promise<void> | void): Promise<void> {
  const server = readServer(options.kubeconfig);
  const agent = new Agent({ connect: server.ca === undefined ? {} : { ca: server.ca }, allowH2: false });
  try {
    const { statusCode, headers, body } = await send(server, agent, options);
    if (statusCode < 200 || statusCode >= 300)
      throw new CommandError(refusal(server, statusCode, String(headers['content-type'] ?? ''), await body.text()));
    const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        throw new CommandError(
          `Stackwarden at ${server.url} broke off in the middle of its answer (${(error as Error).message}). Try again.`,
        );
      });
      if (piece.done) return;
      await take(piece.value);
    }
  } finally {
    await agent.close();
  }
}

interface Server {
  readonly kubeconfig: string;
  readonly url: string;
  readonly ca?: Buffer | string;
  /** The name the certificate is for, where it is not the one in `url`. */
  readonly servername?: string;
  readonly token?: string;
}

function readServer(kubeconfig: string): Server {
  if (!existsSync(kubeconfig)) {
    throw new CommandError(
      `There is no kubeconfig at ${kubeconfig}. Name the data directory of a running Stackwarden with --data DIR, or a kubeconfig with --kubeconfig FILE.`,
    );
  }
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    throw new CommandError(`${kubeconfig} is not a kubeconfig: ${(error as Error).message}`);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new CommandError(`${kubeconfig} names no server: its current-context leads to no cluster.`);
  const token = config.getCurrentUser()?.token;
  const ca = readCa(cluster);
  const servername = cluster.tlsServerName;
  return {
    kubeconfig,
    url: cluster.server.replace(/\/$/, ''),
    ...(ca !== undefined && { ca }),
    ...(servername !== undefined && { servername }),
    ...(token !== undefined && { token }),
  };
}

function readCa({ caData, caFile }: { caData?: string; caFile?: string }): Buffer | string | undefined {
  if (caData !== undefined) return Buffer.from(caData, 'base64');
  if (caFile === undefined) return undefined;
  try {
    return readFileSync(caFile);
  } catch (error) {
    throw new CommandError(`The CA file ${caFile} cannot be read: ${(error as Error).message}`);
  }
}

async function send(server: Server, agent: Agent, options: ClientRequest): Promise<Dispatcher.ResponseData> {
  const { method = 'GET', path, body, accept = 'text/plain', contentType = 'application/yaml', timeoutMs = 60_000 } = options;
  const isText = typeof body === 'string';
  try {
    return await request(server.url + path, {
      dispatcher: agent,
      method,
      headers: {
        accept: `${accept}, application/problem+json`,
        ...(server.token !== undefined && { authorization: `Bearer ${server.token}` }),
        ...(body !== undefined && { 'content-type': isText ? contentType : 'application/json' }),
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  } catch (error) {
    throw new CommandError(unreachable(server, error as NodeJS.ErrnoException, timeoutMs));
  }
}

function unreachable({ url, kubeconfig }: Server, { code, message }: NodeJS.ErrnoException, timeoutMs: number): string {
  const next = `It is the server in ${kubeconfig}; name another with --data DIR or --kubeconfig FILE.`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return `Stackwarden at ${url} gave no answer within ${timeoutMs / 1000} s. Try again; its log may say why.`;
  if (code === 'ECONNREFUSED') return `Nothing listens at ${url}: is Stackwarden running? ${next}`;
  if (code !== undefined && /CERT|SIGNATURE|ERR_TLS/.test(code))
    return `The certificate of ${url} does not fit the CA in ${kubeconfig} (${code}). ${next}`;
  return `Stackwarden at ${url} cannot be reached: ${code ?? message}. ${next}`;
}

/** What an answer other than success tells; RFC 9457 or a Kubernetes Status where there is one. */
function refusal({ url, kubeconfig }: Server, status: number, type: string, text: string): string {
  if (status === 401) return `Stackwarden at ${url} does not take the token in ${kubeconfig}. Is it the kubeconfig of this server?`;
  if (!/json/.test(type)) return `Stackwarden at ${url} answered ${status}.`;
  const { detail, message } = parsed(text);
  return detail ?? message ?? `Stackwarden at ${url} answered ${status}.`;
}

function parsed(text: string): { detail?: string; message?: string } {
  try {
    return JSON.parse(text) as { detail?: string; message?: string };
  } catch {
    return {};
  }
}
