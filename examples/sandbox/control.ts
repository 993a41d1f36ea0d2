import { type Answer, isRecord } from './call.ts';
import type { FaultRule, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/** Steers a sandbox that runs as a process of its own: faults and counters under `/_sandbox/`. Needs no token; the sandbox listens on loopback only. */
export function answerControl(method: string, path: string, body: unknown, parts: { faults: Faults; log: RequestLog }): Answer {
  const [, , noun = '', id] = path.split('/');
  if (noun === 'faults') return answerFaults(method, id, body, parts.faults);
  if (noun === 'requests') return answerRequests(method, parts.log);
  return { status: 404, body: { error: 'Known here are /_sandbox/faults and /_sandbox/requests.' } };
}

function answerFaults(method: string, id: string | undefined, body: unknown, faults: Faults): Answer {
  if (method === 'GET') return { status: 200, body: { faults: faults.list() } };
  if (method === 'DELETE' && id) return faults.remove(id) ? { status: 204 } : { status: 404, body: { error: `There is no fault ${id}.` } };
  if (method === 'DELETE') {
    faults.clear();
    return { status: 204 };
  }
  if (method !== 'POST') return { status: 405, body: { error: 'Use GET, POST or DELETE.' } };
  if (!isRecord(body) || !isRecord(body.effect))
    return { status: 400, body: { error: 'A fault needs an effect, e.g. {"effect": {"type": "slow", "ms": 500}}.' } };
  try {
    return { status: 201, body: faults.add(body as unknown as FaultRule) };
  } catch (error) {
    // A rule that makes no sense, or a path that is no regular expression.
    return { status: 400, body: { error: (error as Error).message } };
  }
}

function answerRequests(method: string, log: RequestLog): Answer {
  if (method === 'DELETE') {
    log.reset();
    return { status: 204 };
  }
  if (method !== 'GET') return { status: 405, body: { error: 'Use GET or DELETE.' } };
  return { status: 200, body: { total: log.total, writes: log.writes, counts: log.counts(), last: log.entries.slice(-1000) } };
}
