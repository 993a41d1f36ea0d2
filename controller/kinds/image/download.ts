import { Agent, type Dispatcher, request } from 'undici';
import { FORBIDDEN_CODE, guardedLookup, isForbiddenAddress } from '#controller/openstack/forbidden-address.ts';
import { Obstacle } from '../obstacle.ts';

const MAX_BYTES = 128 * 1024 ** 3;
const IDLE_MS = 60_000;
const MAX_REDIRECTS = 5;

const agent = new Agent({ connect: { lookup: guardedLookup, timeout: 10_000 }, headersTimeout: IDLE_MS, bodyTimeout: IDLE_MS });

/**
 * The data behind an http or https address, redirects followed, as it comes. Ends with an Obstacle when it cannot be had, is too much,
 * or comes from where nobody may read through us.
 */
export async function* download(url: string, options: { signal?: AbortSignal; maxBytes?: number } = {}): AsyncGenerator<Uint8Array> {
  const { signal, maxBytes = MAX_BYTES } = options;
  const answer = await open(url, signal);
  let bytes = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(url, maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Obstacle ? error : unavailable(url, messageOf(error), { passes: true });
  } finally {
    drop(answer);
  }
}

/** An address as it may be shown: without user, password and query. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an address that cannot be read' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

async function open(first: string, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const answer = await ask(url, signal);
    if (answer.statusCode === 200) return answer;
    drop(answer);
    const location = answer.headers['location'];
    if (answer.statusCode < 300 || answer.statusCode > 399 || typeof location !== 'string') {
      const passes = answer.statusCode >= 500 || answer.statusCode === 429;
      throw unavailable(url, `it answered ${answer.statusCode}`, { passes });
    }
    url = URL.parse(location, url)?.href ?? '';
  }
  throw unavailable(first, `it leads from one address to the next more than ${MAX_REDIRECTS} times`, { passes: false });
}

async function ask(url: string, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
  const target = URL.parse(url);
  if (target === null || !['http:', 'https:'].includes(target.protocol)) {
    throw unavailable(url, 'only http and https addresses are downloaded', { passes: false });
  }
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(host)) throw refused(host);
  try {
    return await request(target, { dispatcher: agent, ...(signal && { signal }), headers: { accept: '*/*' } });
  } catch (error) {
    const isForbidden = error instanceof Error && (error as NodeJS.ErrnoException).code === FORBIDDEN_CODE;
    throw isForbidden ? refused(host) : unavailable(url, messageOf(error), { passes: true });
  }
}

/** Ends the connection; what it says to that concerns nobody, and would end the process if nobody heard it. */
function drop({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy();
}

function unavailable(url: string, why: string, { passes }: { passes: boolean }): Obstacle {
  const next = passes ? 'Tries again.' : 'Correct spec.source.url.';
  return new Obstacle('SourceUnavailable', `${shownUrl(url)} cannot be downloaded: ${why}. ${next}`, { passes });
}

function tooLarge(url: string, maxBytes: number): Obstacle {
  const message = `${shownUrl(url)} has more than ${maxBytes} bytes, the most that is taken. Correct spec.source.url.`;
  return new Obstacle('SourceTooLarge', message, { passes: false });
}

function refused(host: string): Obstacle {
  const message = `${host} is a link-local address, and nothing is downloaded from those. Correct spec.source.url.`;
  return new Obstacle('SourceRefused', message, { passes: false });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
