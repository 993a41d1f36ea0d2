import { type Clock, pause } from './clock.ts';
import { OpenStackError } from './errors.ts';
import { isRead, type WireRequest, type WireResponse } from './transport.ts';

const ATTEMPTS = 3;
const BASE_MS = 250;
/** Longer waits are the caller's: it has a queue, and the person waiting sees why. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Repeats what cannot have been acted on: a read that was broken off or answered 502, 503 or 504, and any call answered 429. A write is
 * never repeated after a lost answer, and nothing after a time-out, which has cost long enough already.
 */
export async function withRetries(
  wire: WireRequest,
  send: (wire: WireRequest) => Promise<WireResponse>,
  { clock, random }: { clock: Clock; random: () => number },
): Promise<WireResponse> {
  for (let attempt = 1; ; attempt += 1) {
    const backoffMs = BASE_MS * 2 ** (attempt - 1) * (1 + random());
    let waitMs = backoffMs;
    let giveUp: () => WireResponse;
    try {
      const response = await send(wire);
      giveUp = () => response;
      if (attempt === ATTEMPTS || !isRefusal(response.status, wire.method)) return response;
      waitMs = Math.max(backoffMs, retryAfterMs(response.headers, clock.now()) ?? 0);
      if (waitMs > LONGEST_WAIT_MS) return response;
    } catch (error) {
      if (attempt === ATTEMPTS || !isBrokenRead(error, wire.method)) throw error;
      giveUp = () => {
        throw error;
      };
    }
    const isCancelled = await pause(clock, waitMs, wire.signal).then(
      () => false,
      () => true,
    );
    if (isCancelled) return giveUp();
  }
}

function isRefusal(status: number, method: string): boolean {
  return status === 429 || (isRead(method) && (status === 502 || status === 503 || status === 504));
}

function isBrokenRead(error: unknown, method: string): boolean {
  return (
    error instanceof OpenStackError &&
    isRead(method) &&
    (error.kind === 'connection' || error.kind === 'dns') &&
    error.type !== 'UND_ERR_DESTROYED'
  );
}

/** Retry-After in ms: seconds or an HTTP date; undefined when absent or unreadable. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
