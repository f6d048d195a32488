import { connect, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Http2Exchange, sendPieces, untilClosed } from './exchange.ts';

test('over HTTP/2 too, a reader who goes ends the reading, and that is no failure', async () => {
  let ended = false;
  const bytes = async function* () {
    try {
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      ended = true;
    }
  };
  const outcome = Promise.withResolvers<boolean>();
  const server = createServer();
  server.on('stream', (stream, headers) => {
    const exchange = new Http2Exchange(stream as ServerHttp2Stream, headers);
    const signal = untilClosed(exchange);
    sendPieces(exchange, 200, {}, bytes()).then(
      // Whoever asks once the stream is gone is told so at once.
      () => outcome.resolve(signal.aborted && untilClosed(exchange).aborted),
      outcome.reject,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const stream = client.request({ ':path': '/' });
    stream.on('error', () => {});
    await new Promise((resolve) => stream.once('data', resolve));
    stream.close(8);
    expect(await outcome.promise).toBe(true);
    expect(ended).toBe(true);
  } finally {
    client.destroy();
    server.close();
  }
});
