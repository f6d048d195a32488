/** A small seeded generator (mulberry32): the same seed draws the same people on every machine. */
export interface Random {
  /** 0 ≤ value < 1 */
  next(): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** The choices in another order. */
  shuffle<T>(choices: readonly T[]): T[];
}

export function seeded(seed: number): Random {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5f3759df) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    shuffle: (choices) => {
      const keyed = choices.map((choice) => ({ choice, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ choice }) => choice);
    },
  };
}
