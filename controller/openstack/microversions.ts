import type { ServiceName } from './cloud.ts';

export interface MicroversionRange {
  readonly min: string;
  readonly max: string;
}

/** How a service is called in `OpenStack-API-Version`. */
const HEADER_NAMES: Readonly<Partial<Record<ServiceName, string>>> = { compute: 'compute', 'block-storage': 'volume' };

/** Reads a version document: `{version: {...}}` of Nova, `{versions: [...]}` of Cinder; undefined when it is neither. */
export function readRange(document: unknown): MicroversionRange | undefined {
  const { version, versions } = (document ?? {}) as { version?: unknown; versions?: unknown };
  const entries = (Array.isArray(versions) ? versions : [version]) as ({
    version?: unknown;
    min_version?: unknown;
    max_version?: unknown;
  } | null)[];
  const ranges = entries.flatMap((entry) => {
    const [min, max] = [entry?.min_version, entry?.version ?? entry?.max_version];
    return isMicroversion(min) && isMicroversion(max) ? [{ min, max }] : [];
  });
  return ranges.toSorted((a, b) => compareMicroversions(b.max, a.max))[0];
}

function isMicroversion(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d+$/.test(value);
}

/** Below 0 when `a` is older; `2.9` is older than `2.10`. */
export function compareMicroversions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** The headers that ask `service` for `wanted`, or for its newest when that is older. Each service is sent its own only: Cinder refuses Nova's. */
export function microversionHeaders(service: ServiceName, wanted: string, range: MicroversionRange): Record<string, string> {
  const name = HEADER_NAMES[service];
  if (!name) return {};
  const version = compareMicroversions(wanted, range.max) > 0 ? range.max : wanted;
  const header = { 'openstack-api-version': `${name} ${version}` };
  return service === 'compute' ? { ...header, 'x-openstack-nova-api-version': version } : header;
}
