import type { DriftItem, SettleBody, Way } from '../../data/drift.ts';

/** Why an item cannot be settled this way by this person; a name in the texts. */
export function obstacleOf(item: DriftItem, way: Way): 'Missing' | 'OnlyObserved' | 'Paused' | 'Deleting' | 'Forbidden' | undefined {
  if (!item.mayChange) return 'Forbidden';
  return item.obstacles[way]?.reason;
}

/** Fields that can be settled this way: the stamp of a resource is no field that people declare, so it is only put right. */
export function settleable(item: DriftItem, way: Way): readonly string[] {
  return item.fields.map(({ path }) => path).filter((path) => way === 'revert' || path.startsWith('spec.'));
}

export type EndChoice = 'hour' | 'day' | 'week' | 'month' | 'never' | 'at';

const hourMs = 3_600_000;
const lengths: Readonly<Record<'hour' | 'day' | 'week' | 'month', number>> = {
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  month: 30 * 24 * hourMs,
};

/** When ignoring ends (RFC 3339), undefined for never, null for a time that is no time to come. `at` is a local time as inputs give it. */
export function endOf(choice: EndChoice, at: string, now: number): string | undefined | null {
  if (choice === 'never') return undefined;
  const end = choice === 'at' ? Date.parse(at) : now + lengths[choice];
  return Number.isNaN(end) || end <= now ? null : new Date(end).toISOString();
}

export interface Job {
  readonly item: DriftItem;
  readonly body: SettleBody;
}

export type JobState =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly error: unknown };

const atOnce = 4;

/** Does all jobs, a few at a time; what fails keeps nothing else from being done. Tells how each stands as it changes. */
export async function runAll(
  jobs: readonly Job[],
  run: (job: Job) => Promise<unknown>,
  told: (states: ReadonlyMap<DriftItem, JobState>) => void,
): Promise<ReadonlyMap<DriftItem, JobState>> {
  const states = new Map<DriftItem, JobState>(jobs.map(({ item }) => [item, { state: 'waiting' }]));
  const set = (item: DriftItem, state: JobState) => {
    states.set(item, state);
    told(new Map(states));
  };
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      set(job.item, { state: 'running' });
      try {
        await run(job);
        set(job.item, { state: 'done' });
      } catch (error) {
        set(job.item, { state: 'failed', error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  return states;
}

/** Identity of an item between two answers. */
export function keyOf({ cause, type, kind, cluster, namespace, name, id }: DriftItem): string {
  return cause === 'undeclared' ? `${type}/${cluster}/${id ?? ''}` : `${kind}/${namespace}/${name}`;
}

/** Where undeclared resources of one cloud are adopted. */
export function adoptHref(items: readonly DriftItem[]): string {
  const query = new URLSearchParams({ cluster: items[0]?.cluster ?? '' });
  for (const { id } of items) query.append('select', `id=${id ?? ''}`);
  return `/declare/adopt?${query}`;
}
