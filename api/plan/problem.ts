import type { Place } from './sources.ts';

/** One thing wrong with a set of manifests, and where. */
export interface Problem {
  /** Absent when it is about the request as a whole. */
  readonly place?: Place;
  /** `Network default/front`, once that much is known. */
  readonly object?: string;
  /** The field, as people write it; '' for the whole object. */
  readonly path: string;
  readonly message: string;
}

/** The set cannot be planned; everything that is wrong with it at once. */
export class BadManifests extends Error {
  override readonly name = 'BadManifests';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(sentence).join('\n'));
    this.problems = problems;
  }
}

/** `shop.yaml:12: Network default/front: spec.mtuu: ...`. */
export function sentence({ place, object, path, message }: Problem): string {
  return [place && where(place), object, path, message].filter(Boolean).join(': ');
}

/** `shop.yaml:12`, as editors and compilers write it. */
export function where({ file, line }: Place): string {
  return `${file}:${line}`;
}
