/** A seeded generator of [0, 1): mulberry32. The seed comes from STACKWARDEN_SEED, else it is `usual` or the clock's, and is printed so that a failure can be run again. */
export function seededRandom(suite: string, usual = Date.now() % 1_000_000_000): () => number {
  const seed = Number(process.env.STACKWARDEN_SEED ?? usual);
  console.log(`${suite}: STACKWARDEN_SEED=${seed}`);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
