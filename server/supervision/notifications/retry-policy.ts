const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Pauses after each failed attempt; with the last attempt in vain the delivery is dead, about a day after the first. */
const pausesMs = [
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  6 * hourMs,
  6 * hourMs,
] as const;

export const mostAttempts = pausesMs.length + 1;

/** What came of an attempt. `later`: it was not the time, and counts as no attempt. */
export type Outcome =
  | { kind: 'sent' }
  | { kind: 'dropped' }
  | { kind: 'later'; atMs: number }
  | { kind: 'failed'; permanent: boolean; code: string; detail: string };

/**
 * When a delivery is tried again after its `attempts`-th attempt failed, or null when it is given up. `chance` in [0, 1) spreads the
 * pauses by a fifth up and down, so that what failed together does not come back together.
 */
export function nextAttemptAt(attempts: number, permanent: boolean, nowMs: number, chance: number): number | null {
  const pause = pausesMs[attempts - 1];
  if (permanent || pause === undefined) return null;
  return nowMs + Math.round(pause * (0.8 + 0.4 * chance));
}

/** A 5xx of the SMTP server is its last word (RFC 5321, 4.2.1), except on sign-in: there the settings are wrong, not the mail. */
export function isPermanentSmtp(responseCode: number | undefined, code: string): boolean {
  return responseCode !== undefined && responseCode >= 500 && responseCode < 600 && code !== 'EAUTH';
}

/** Anything but 2xx is tried again; 410 says that the address is gone for good (Standard Webhooks). */
export function isPermanentHttp(status: number): boolean {
  return status === 410;
}
