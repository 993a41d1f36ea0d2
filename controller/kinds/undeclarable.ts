/** Thrown by `declare`: what is observed cannot be said in a spec. The message says why, and what would help. */
export class Undeclarable extends Error {
  override name = 'Undeclarable';
}
