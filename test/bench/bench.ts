/** A benchmark: `test/bench/<name>.bench.ts` exports one as its default, and `scripts/bench <name>` runs it. */
export interface Bench {
  /** Options, for the usage line. */
  usage: string;
  /**
   * Starts what it needs, measures, ends what it started. Times in ms, CPU in % of one core, memory as PSS in MB.
   * Errors: `BenchUsageError` for options that make no sense.
   */
  run(args: string[], say: (line: string) => void): Promise<Record<string, number | string>>;
}

export class BenchUsageError extends Error {}

/** A whole number within bounds. Errors: `BenchUsageError`. */
export function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new BenchUsageError(`--${name} is a whole number from ${min} to ${max}, not ${text}`);
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
