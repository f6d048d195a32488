import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { mayBeAway, pauseUntilBack, unreachableCause } from './reachable.ts';

const never = new AbortController().signal;

describe('asking whether a camera is there', () => {
  it('is answered by a connection that is taken, and by one that is refused', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = `rtsp://127.0.0.1:${port}/stream/main`;
    expect(await unreachableCause(url, never)).toBeNull();
    await new Promise((resolve) => server.close(resolve));
    expect(await unreachableCause(url, never)).toBe('connection_refused');
  });

  it('ends at once when the stream is stopped', async () => {
    expect(await unreachableCause('rtsp://127.0.0.1:1/', AbortSignal.abort())).toBe('connection_closed');
  });

  it('is done only after the network was the trouble', () => {
    expect(mayBeAway('connection_refused')).toBe(true);
    expect([null, 'bad_credentials', 'no_frames', 'format_changed'].map((cause) => mayBeAway(cause as never))).toEqual(
      Array(4).fill(false),
    );
  });
});

describe('the pause before a start', () => {
  /** Looks one after the other, `-` for a camera that is away and `+` for one that answers; the last goes on for ever. */
  function looks(told: string) {
    let asked = 0;
    const look = async () => (told[Math.min(asked++, told.length - 1)] === '+' ? null : 'connection_refused');
    return { look: look as () => Promise<'connection_refused' | null>, asked: () => asked };
  }

  it.each([
    ['was away and answers', true, '+', 1],
    ['was away, is still, and answers', true, '--+', 3],
    ['answered, went away, and answers again', false, '++-+', 4],
  ])('ends when the camera %s', async (_, away, told, lookedAt) => {
    const { look, asked } = looks(told);
    expect(await pauseUntilBack({ delayMs: 60_000, away, everyMs: 1 }, look, never)).toBe(true);
    expect(asked()).toBe(lookedAt);
  });

  it.each([
    ['is away all the time', true, '-'],
    ['answers all the time: it failed for another reason', false, '+'],
    ['goes away', false, '+-'],
  ])('takes its time when the camera %s', async (_, away, told) => {
    const { look, asked } = looks(told);
    const beganMs = performance.now();
    expect(await pauseUntilBack({ delayMs: 60, away, everyMs: 10 }, look, never)).toBe(false);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(55);
    expect(asked()).toBeGreaterThan(0);
  });

  it('ends with the stream', async () => {
    const stopping = new AbortController();
    const pause = pauseUntilBack({ delayMs: 60_000, away: true }, looks('-').look, stopping.signal);
    stopping.abort();
    await expect(pause).rejects.toMatchObject({ name: 'AbortError' });
  });
});
