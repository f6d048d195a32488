import { expect, test } from 'vitest';
import { parseTranscodedName } from './transcoded-name.ts';
import { transcodedPlaylist } from './transcoded-playlist.ts';

const playlist = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="file/1000.mp4",BYTERANGE="700@0"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:01.000Z
#EXTINF:4.000000,
#EXT-X-BYTERANGE:300@700
file/1000.mp4
#EXTINF:2.000000,
#EXT-X-BYTERANGE:200@1000
file/1000.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="file/9000_540000.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:09.000Z
#EXTINF:3.000000,
#EXT-X-BYTERANGE:500@800
file/9000_540000.mp4
#EXT-X-ENDLIST
`;

test('stretches of another codec take the place of byte ranges, on one running time with what stays', () => {
  expect(transcodedPlaylist(playlist, (startMs) => startMs === 1000)).toBe(`#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-MAP:URI="file/h264-1000-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:01.000Z
#EXTINF:4.000000,
file/h264-1000-700-1000-0.mp4
#EXTINF:2.000000,
file/h264-1000-1000-1200-360000.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="file/9000_540000.mp4",BYTERANGE="800@0"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:09.000Z
#EXTINF:3.000000,
#EXT-X-BYTERANGE:500@800
file/9000_540000.mp4
#EXT-X-ENDLIST
`);
});

test('a playlist of H.264 alone is left as it is', () => {
  expect(transcodedPlaylist(playlist, () => false)).toBe(playlist);
});

test('names say what they are, and nothing else is read as one', () => {
  expect(parseTranscodedName('h264-1000-init.mp4')).toEqual({ startMs: 1000 });
  expect(parseTranscodedName('h264-1000-700-1000-0.mp4')).toEqual({ startMs: 1000, from: 700, to: 1000, shift: 0 });
  for (const name of ['1000.mp4', 'h264-01-init.mp4', 'h264-1-2-3.mp4', 'h264-1-2-3--4.mp4', 'h264-1-2-3-4.mp4/x']) {
    expect(parseTranscodedName(name)).toBeNull();
  }
});
