/**
 * What is wrong with a recording, at its first place: a chunk was altered, is missing, was moved or copied there from elsewhere in it, or comes
 * from another recording; chunks were cut off at the end, or added behind it; the manifest or the key is not the one that was made with it.
 */
export type Damage = 'altered' | 'missing' | 'moved' | 'foreign' | 'cut' | 'added' | 'manifest' | 'key';

export interface Problem {
  readonly seq: number;
  readonly what: Damage;
}

/** A recording is not as it was stored. */
export class BrokenRecording extends Error {
  override name = 'BrokenRecording';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`Chunk ${problem.seq} of the recording: ${problem.what}.`);
    this.problem = problem;
  }
}
