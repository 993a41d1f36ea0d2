import type { TerminalFilter } from '../../data/recordings.ts';
import { recordingStates } from '../../data/terminals.ts';
import { spanIn, timeParameters } from '../../elements/time-span.ts';

export const purposes = ['ssh', 'serial', 'vnc'] as const;

/** Parameters of the address that are texts, as the API calls them. */
export const texts = ['q', 'user', 'server'] as const;

/** What the address asks for, in the clouds in view; of several the server is asked for all, and says what is there. */
export function filterIn(query: URLSearchParams, clusters: readonly string[], now: number): TerminalFilter {
  const given = texts.flatMap((name) => (query.get(name)?.trim() ? [[name, query.get(name)?.trim()] as const] : []));
  const purpose = purposes.find((one) => one === query.get('purpose'));
  const recording = recordingStates.find((one) => one === query.get('recording'));
  const { since, until } = spanIn(query, now);
  return {
    state: 'all',
    ...(Object.fromEntries(given) as { readonly q?: string; readonly user?: string; readonly server?: string }),
    ...(purpose && { purpose }),
    ...(recording && { recording }),
    ...(clusters.length === 1 && { cluster: clusters[0] as string }),
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { until }),
  };
}

/** The address without any filter. */
export const noFilter: Readonly<Record<string, undefined>> = Object.fromEntries(
  [...texts, 'purpose', 'recording', ...timeParameters].map((name) => [name, undefined]),
);

export function isFiltered(query: URLSearchParams): boolean {
  return Object.keys(noFilter).some((name) => (query.get(name) ?? '') !== '');
}
