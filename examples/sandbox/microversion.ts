import type { IncomingHttpHeaders } from 'node:http';

/** A range of microversions of one major version, as Nova and Cinder negotiate them. */
export interface MicroversionRange {
  /** The word in `OpenStack-API-Version`: `compute`, `volume`. */
  readonly type: string;
  readonly major: number;
  readonly min: number;
  readonly max: number;
  /** What the service does with a header that names only other services. */
  readonly ifOthersOnly: 'minimum' | 'refuse';
  /** Header older Novas used: `X-OpenStack-Nova-API-Version`. */
  readonly legacyHeader?: string;
}

export type Negotiation =
  | { readonly outcome: 'agreed'; readonly minor: number; readonly headers: Record<string, string> }
  | { readonly outcome: 'unsupported'; readonly message: string; readonly headers: Record<string, string> }
  | { readonly outcome: 'unreadable'; readonly message: string }
  | { readonly outcome: 'others-only' };

/** Works out the microversion of a request from its headers; without any it is the minimum. */
export function negotiate(range: MicroversionRange, headers: IncomingHttpHeaders): Negotiation {
  const asked = askedVersion(range, headers);
  if (asked === othersOnly) return { outcome: 'others-only' };
  if (asked === undefined || asked === 'latest') {
    const minor = asked === 'latest' ? range.max : range.min;
    return { outcome: 'agreed', minor, headers: versionHeaders(range, `${range.major}.${minor}`) };
  }
  const [, major = '', minor = ''] = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(asked) ?? [];
  if (major === '')
    return { outcome: 'unreadable', message: `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.` };
  const given = versionHeaders(range, asked);
  if (Number(major) !== range.major || Number(minor) < range.min || Number(minor) > range.max) {
    const limits = `Minimum is ${range.major}.${range.min} and maximum is ${range.major}.${range.max}.`;
    return { outcome: 'unsupported', message: `Version ${asked} is not supported by the API. ${limits}`, headers: given };
  }
  return { outcome: 'agreed', minor: Number(minor), headers: given };
}

const othersOnly = 'others only';

function askedVersion(range: MicroversionRange, headers: IncomingHttpHeaders): string | undefined {
  const text = headers['openstack-api-version'];
  if (typeof text === 'string') {
    const own = text
      .split(',')
      .map((part) => part.trim().split(/\s+/))
      .find(([type]) => type?.toLowerCase() === range.type);
    if (own) return own[1]?.toLowerCase();
    if (range.ifOthersOnly === 'refuse') return othersOnly;
  }
  const legacy = range.legacyHeader ? headers[range.legacyHeader] : undefined;
  return typeof legacy === 'string' ? legacy : undefined;
}

function versionHeaders(range: MicroversionRange, version: string): Record<string, string> {
  const headers: Record<string, string> = { 'openstack-api-version': `${range.type} ${version}`, vary: 'OpenStack-API-Version' };
  if (range.legacyHeader) {
    headers[range.legacyHeader] = version;
    headers.vary += ', X-OpenStack-Nova-API-Version';
  }
  return headers;
}
