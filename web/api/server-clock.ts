/** One reading of the server's clock: it showed `serverMs` at a moment between two moments of a clock here that only runs on. */
export interface Reading {
  serverMs: number;
  askedAtMs: number;
  answeredAtMs: number;
}

/** Server time minus the clock here, and by how much that may be wrong. */
export interface Offset {
  offsetMs: number;
  errorMs: number;
  takenAtMs: number;
}

/** Clocks part by some ms a minute at the most; an old reading is worth less than a new one. */
const driftPerMs = 0.0001;

/** The better of what was known and a new reading; one that contradicts what was known says that a clock was set, and stands. */
export function betterOffset(known: Offset | null, reading: Reading): Offset {
  const { serverMs, askedAtMs, answeredAtMs } = reading;
  const errorMs = (answeredAtMs - askedAtMs) / 2;
  const fresh = { offsetMs: serverMs - (askedAtMs + answeredAtMs) / 2, errorMs, takenAtMs: answeredAtMs };
  if (known === null) return fresh;
  const knownErrorMs = known.errorMs + (answeredAtMs - known.takenAtMs) * driftPerMs;
  const contradicts = Math.abs(fresh.offsetMs - known.offsetMs) > errorMs + knownErrorMs;
  return contradicts || errorMs <= knownErrorMs ? fresh : known;
}

let offset: Offset | null = null;

/** Takes the server's time from the header `now` of an answer; `askedAtMs` and `answeredAtMs` are of `performance.now()`. */
export function readServerClock(header: string | null, askedAtMs: number, answeredAtMs: number): void {
  const serverMs = header === null ? Number.NaN : Number(header);
  if (Number.isSafeInteger(serverMs) && serverMs > 0) {
    offset = betterOffset(offset, { serverMs, askedAtMs, answeredAtMs });
  }
}

/** Now by the server's clock, in UTC epoch ms, however wrong the clock here is; before the first answer, the clock here. */
export function serverNow(): number {
  return offset === null ? Date.now() : Math.round(performance.now() + offset.offsetMs);
}
