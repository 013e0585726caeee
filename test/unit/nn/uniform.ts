/** Uniform numbers in [0, 1) of a linear congruential generator (Numerical Recipes), the same for the same seed. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
