import { inParallel } from './parallel.ts';

/** More than this many rows missing at once is believed only after a second list, and a sample of this size is asked for by GET. */
export const CONFIRM_LIMIT = 20;
const MASS_ROWS = 5;
const MASS_SHARE = 0.2;
const GETS_AT_ONCE = 4;

export type Probe = 'gone' | 'there' | 'unknown';

export interface VanishedDeps {
  /** Asks for one row by GET; a row that is still there is taken, one that answers 404 is dropped. */
  probe(id: string): Promise<Probe>;
  /** Reads the whole list again and returns which of these ids it lacks too. */
  listAgain(ids: readonly string[]): Promise<readonly string[]>;
  /** Takes these rows for gone. */
  drop(ids: readonly string[]): void;
  /** [0, 1). */
  random(): number;
  readonly isConfirmedByGet: boolean;
}

export interface Vanished {
  /** True when the list can be taken for complete. */
  readonly isBelieved: boolean;
  /** Set when the disappearance was out of the ordinary, or the list was wrong. */
  readonly suspicion?: string;
}

/**
 * Settles which of the rows missing from a complete list are gone. No list alone deletes anything: a cloud with a lagging replica, a
 * lost database or a wrong policy answers 200 with rows missing, and acting on that would create everything anew.
 */
export async function settleVanished(missing: readonly string[], held: number, deps: VanishedDeps): Promise<Vanished> {
  if (missing.length === 0) return { isBelieved: true };
  const isMass = missing.length > Math.max(MASS_ROWS, held * MASS_SHARE);
  const still = missing.length > CONFIRM_LIMIT || (isMass && !deps.isConfirmedByGet) ? await deps.listAgain(missing) : missing;
  if (still.length < missing.length) {
    return { isBelieved: false, suspicion: `${missing.length} of ${held} rows were missing from one list, ${still.length} from the next` };
  }
  if (!deps.isConfirmedByGet) {
    deps.drop(still);
    return { isBelieved: true, ...(isMass && { suspicion: `${still.length} of ${held} rows went at once; two lists agree` }) };
  }
  const sample = still.length > CONFIRM_LIMIT ? pick(still, CONFIRM_LIMIT, () => deps.random()) : still;
  const probes = await inParallel(sample, GETS_AT_ONCE, (id) => deps.probe(id));
  const there = probes.filter((probe) => probe === 'there').length;
  const unknown = probes.filter((probe) => probe === 'unknown').length;
  if (there > 0) return { isBelieved: false, suspicion: `a list lacked ${there} of ${held} rows that a GET shows` };
  if (unknown > 0) return { isBelieved: false, suspicion: `${unknown} of ${still.length} missing rows could not be asked for` };
  deps.drop(still);
  return { isBelieved: true, ...(isMass && { suspicion: `${still.length} of ${held} rows went at once; GETs confirm it` }) };
}

/** `count` of the items, each as likely as any other. */
function pick<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const rest = [...items];
  return Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)).flat();
}
