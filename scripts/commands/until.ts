import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until the answer is not null, and returns it. Errors: `Error` that names what was awaited when `timeoutMs`
 * have passed; the signal's reason.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null> | T | null,
  options: { timeoutMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T> {
  const end = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > end) throw new Error(`waited ${options.timeoutMs / 1000} s in vain for ${what}`);
    await delay(options.everyMs ?? 100, undefined, { signal: options.signal });
  }
}
