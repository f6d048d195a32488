import { describe, expect, it } from 'vitest';
import { RtspParser, RtspSyntaxError, rtspResponse } from './rtsp-message.ts';

const OPTIONS = 'OPTIONS rtsp://h/stream/main RTSP/1.0\r\nCSeq: 1\r\nX-Name: a:b\r\n\r\n';

describe('RTSP requests out of a byte stream', () => {
  it('are found whatever the pieces that they come in', () => {
    const bytes = Buffer.concat([
      Buffer.from(OPTIONS),
      Buffer.from([0x24, 1, 0, 3, 0x0d, 0x0a, 0x0d]),
      Buffer.from('GET_PARAMETER rtsp://h/ RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\nping'),
      Buffer.from(OPTIONS),
    ]);
    for (const size of [1, 7, bytes.length]) {
      const parser = new RtspParser();
      const seen = { methods: [] as string[], interleaved: 0 };
      for (let at = 0; at < bytes.length; at += size) {
        const { requests, interleaved } = parser.push(bytes.subarray(at, at + size));
        seen.methods.push(...requests.map(({ method }) => method));
        seen.interleaved += interleaved;
      }
      expect(seen).toEqual({ methods: ['OPTIONS', 'GET_PARAMETER', 'OPTIONS'], interleaved: 1 });
    }
  });

  it('keep their address and headers', () => {
    const [request] = new RtspParser().push(Buffer.from(OPTIONS)).requests;
    expect(request?.url).toBe('rtsp://h/stream/main');
    expect(request?.headers.get('x-name')).toBe('a:b');
  });

  it.each([
    ['something else', 'GET / HTTP/1.1\r\n\r\n'],
    ['a head without end', `OPTIONS rtsp://h/ RTSP/1.0\r\nX: ${'a'.repeat(9000)}`],
    ['a body too large', 'SET_PARAMETER rtsp://h/ RTSP/1.0\r\nContent-Length: 99999\r\n\r\n'],
    ['a length below zero', 'SET_PARAMETER rtsp://h/ RTSP/1.0\r\nContent-Length: -1\r\n\r\n'],
  ])('are refused when there is %s', (_, text) => {
    expect(() => new RtspParser().push(Buffer.from(text))).toThrow(RtspSyntaxError);
  });

  it('are answered in the form that RFC 2326 section 7 gives', () => {
    expect(rtspResponse(200, 'OK', '7', { Session: 'a' }, 'ế').toString()).toBe(
      'RTSP/1.0 200 OK\r\nCSeq: 7\r\nSession: a\r\nContent-Length: 3\r\n\r\nế',
    );
  });
});
