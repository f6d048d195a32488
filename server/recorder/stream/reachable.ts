import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureCause } from './failure.ts';

/** Shorter than ffmpeg's own patience, so that a camera is found sooner after its return. */
const answerMs = 3000;

const causes: Readonly<Record<string, FailureCause>> = {
  ECONNREFUSED: 'connection_refused',
  EHOSTUNREACH: 'host_unreachable',
  ENETUNREACH: 'host_unreachable',
  EHOSTDOWN: 'host_unreachable',
  ENOTFOUND: 'name_unknown',
  EAI_AGAIN: 'name_unknown',
};

/** Ends after which the network is asked first, before a process is started again. */
const away: ReadonlySet<FailureCause> = new Set([
  'connection_refused',
  'connection_closed',
  'timeout',
  'host_unreachable',
  'name_unknown',
]);

export function mayBeAway(cause: FailureCause | null): boolean {
  return cause !== null && away.has(cause);
}

/** With the next start at once and a second or two to the first frame, a camera is recorded again within 10 s of its return. */
const lookEveryMs = 2000;

/**
 * The pause before a start of a camera that may be away: `delayMs`, or less when the camera is back, which is when `look` finds that it answers
 * after it did not. One that answers all the time failed for another reason, and waits. Returns whether it is back. Rejects when aborted.
 */
export async function pauseUntilBack(
  { delayMs, away, everyMs = lookEveryMs }: { delayMs: number; away: boolean; everyMs?: number },
  look: (signal: AbortSignal) => Promise<FailureCause | null>,
  signal: AbortSignal,
): Promise<boolean> {
  const endMs = performance.now() + delayMs;
  let wasAway = away;
  for (;;) {
    const leftMs = endMs - performance.now();
    await sleep(Math.max(0, Math.min(leftMs, everyMs)), undefined, { signal });
    if (leftMs <= everyMs) return false;
    const cause = await look(signal);
    signal.throwIfAborted();
    if (cause === null && wasAway) return true;
    wasAway ||= cause !== null;
  }
}

/**
 * Asks whether a connection to an rtsp or rtsps address is taken; returns null when it is, else why not. It costs next to nothing: while
 * a hundred cameras behind one switch are away, starting a process for each attempt would take a whole core. Never rejects.
 */
export function unreachableCause(url: string, signal: AbortSignal): Promise<FailureCause | null> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (protocol === 'rtsps:' ? 322 : 554)), timeout: answerMs });
    const settle = (cause: FailureCause | null) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(cause);
    };
    const abort = () => settle('connection_closed');
    socket.once('connect', () => settle(null));
    socket.once('timeout', () => settle('timeout'));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(causes[error.code ?? ''] ?? 'timeout'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
