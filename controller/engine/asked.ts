import type { DriftEntry, KubeObject } from './object.ts';

/** Somebody wants drift put right once, whatever the policy: the annotation `<group>/correct-at`. */
export interface AskedCorrection {
  /** Epoch ms; drift that begins later is not meant. */
  readonly at: number;
  /** The fields that are meant; all when absent. */
  readonly paths?: readonly string[];
}

/** A wish that could not be met for so long is over: the world is not what it was when somebody asked. */
const VALID_MS = 3_600_000;
/** A clock a little ahead of ours. */
const SKEW_MS = 60_000;

/** The annotation's value: the time, and below it the paths, each on a line of its own. */
export function askedText({ at, paths }: AskedCorrection): string {
  return [new Date(at).toISOString(), ...(paths ?? [])].join('\n');
}

/** What is asked for now; undefined for nothing, what cannot be read, and what was asked long ago. */
export function askedOf(object: KubeObject, annotation: string, now: number): AskedCorrection | undefined {
  const text = object.metadata.annotations?.[annotation];
  if (text === undefined) return undefined;
  const [time = '', ...paths] = text.split('\n');
  const at = Date.parse(time);
  if (Number.isNaN(at) || at > now + SKEW_MS || now - at > VALID_MS) return undefined;
  return { at, ...(paths.length > 0 && { paths }) };
}

/**
 * Whether an entry of drift is to be put right because somebody asked. Drift that comes back afterwards has another `since`: so the wish
 * counts once, and nothing has to be noted down.
 */
export function isAskedFor(asked: AskedCorrection | undefined, { path, since }: Pick<DriftEntry, 'path' | 'since'>): boolean {
  if (!asked || Date.parse(since) > asked.at) return false;
  return asked.paths === undefined || asked.paths.includes(path);
}
