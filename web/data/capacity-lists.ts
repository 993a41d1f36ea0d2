import type { HypervisorRow, QuotaRow } from './connections.ts';
import { ask } from './http.ts';

export type CloudHypervisor = HypervisorRow & { readonly cluster: string };
export type CloudQuota = QuotaRow & { readonly cluster: string };

/** Why nothing, or something old, is told of a cloud. */
export interface UntoldCloud {
  readonly cluster: string;
  readonly reason: 'Stale' | 'Listing' | 'Hidden' | 'Unreachable' | 'Unknown';
  readonly message?: string;
}

export interface WholeList<Row> {
  readonly items: readonly Row[];
  readonly untold: readonly UntoldCloud[];
}

/** Compute hosts of all clouds that show them. Throws Problem. */
export async function allHypervisors(signal?: AbortSignal): Promise<WholeList<CloudHypervisor>> {
  interface Answer {
    readonly items: readonly CloudHypervisor[];
    readonly clouds: readonly { readonly cluster: string; readonly state: string; readonly error?: { readonly message: string } }[];
  }
  const { items, clouds } = await ask<Answer>('/api/v1/hypervisors', signal && { signal });
  const untold = clouds
    .filter(({ state }) => state !== 'Fresh')
    .map(({ cluster, state, error }) => ({ cluster, reason: state as UntoldCloud['reason'], ...(error && { message: error.message }) }));
  return { items, untold };
}

/** What our projects use of their quotas, of all clouds. Throws Problem. */
export async function allQuotas(signal?: AbortSignal): Promise<WholeList<CloudQuota>> {
  interface Answer {
    readonly items: readonly CloudQuota[];
    readonly clouds: readonly { readonly cluster: string; readonly at: string | null }[];
  }
  const { items, clouds } = await ask<Answer>('/api/v1/quotas', signal && { signal });
  return { items, untold: clouds.filter(({ at }) => at === null).map(({ cluster }) => ({ cluster, reason: 'Unknown' })) };
}
