import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { mayBeAway, unreachableCause } from './reachable.ts';

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
