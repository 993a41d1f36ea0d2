import type { ServiceName } from './call.ts';

export interface LoggedRequest {
  readonly at: number;
  readonly service: ServiceName;
  readonly method: string;
  /** Below the service's prefix, with its query. */
  readonly path: string;
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly requestId: string;
  /** `X-Openstack-Request-Id` the caller sent, if it is a valid one. */
  readonly globalRequestId?: string;
}

/** What was asked of the cloud; the oldest requests fall out of the log but stay in the counts. */
export interface RequestLog {
  readonly entries: readonly LoggedRequest[];
  readonly total: number;
  /** POST, PUT, PATCH and DELETE, tokens left out: what would have changed the cloud. */
  readonly writes: number;
  /** Counts by `service method status`. */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
}

const kept = 20_000;

export function createRequestLog(): RequestLog & { record(entry: LoggedRequest): void } {
  let entries: LoggedRequest[] = [];
  let counts: Record<string, number> = {};
  let total = 0;
  let writes = 0;
  return {
    get entries() {
      return entries;
    },
    get total() {
      return total;
    },
    get writes() {
      return writes;
    },
    counts: () => ({ ...counts }),
    record(entry) {
      entries.push(entry);
      // Dropped in bulk: shifting one by one would cost each request the length of the log.
      if (entries.length > kept * 2) entries = entries.slice(-kept);
      const key = `${entry.service} ${entry.method} ${entry.status}`;
      counts[key] = (counts[key] ?? 0) + 1;
      total += 1;
      if (isWrite(entry)) writes += 1;
    },
    reset() {
      entries = [];
      counts = {};
      total = 0;
      writes = 0;
    },
  };
}

function isWrite(entry: LoggedRequest): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(entry.method) && !(entry.service === 'identity' && entry.path.startsWith('/v3/auth/tokens'));
}
