import { expect, test } from 'vitest';
import { type Candidate, chooseStreams } from './stream-policy.ts';

const profile = (
  token: string,
  size: string,
  codec: Candidate['codec'] = 'h264',
  fields: Partial<Candidate> = {},
): Candidate => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { token, sourceToken: 'lens', codec, width, height, rtsp: `rtsp://h/${token}`, ...fields };
};

test.each<[string, Candidate[], string | undefined, string | undefined]>([
  [
    'the largest is main, the one nearest to 640×360 is sub',
    [profile('b', '704x576'), profile('a', '1920x1080'), profile('c', '640x360'), profile('d', '320x240')],
    'a',
    'c',
  ],
  ['their order does not matter', [profile('s', '640x480'), profile('m', '2560x1440')], 'm', 's'],
  ['H.264 wins between equals', [profile('x', '1920x1080', 'h265'), profile('y', '1920x1080')], 'y', undefined],
  ['a larger H.265 is still main', [profile('x', '3840x2160', 'h265'), profile('y', '1920x1080')], 'x', 'y'],
  ['MJPEG is passed over beside video', [profile('j', '1920x1080', 'mjpeg'), profile('v', '1280x720')], 'v', undefined],
  [
    'MJPEG is taken where there is nothing else',
    [profile('j', '1280x720', 'mjpeg'), profile('k', '640x360', 'mjpeg')],
    'j',
    'k',
  ],
  [
    'sub is of the same lens',
    [profile('m', '1920x1080'), profile('o', '640x360', 'h264', { sourceToken: 'other' })],
    'm',
    undefined,
  ],
  [
    'two profiles on one address are one stream',
    [profile('m', '1920x1080'), profile('n', '640x360', 'h264', { rtsp: 'rtsp://h/m' })],
    'm',
    undefined,
  ],
  [
    'profiles without an address do not count',
    [profile('m', '1920x1080', 'h264', { rtsp: null }), profile('n', '640x360')],
    'n',
    undefined,
  ],
  ['sizes may be unknown', [profile('m', '0x0'), profile('n', '0x0')], 'm', 'n'],
  ['there may be nothing', [], undefined, undefined],
])('%s', (_, profiles, main, sub) => {
  const chosen = chooseStreams(profiles);
  expect([chosen.main?.token, chosen.sub?.token]).toEqual([main, sub]);
});
