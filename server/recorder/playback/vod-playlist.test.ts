import { describe, expect, it } from 'vitest';
import type { PlayFile } from './time-map.ts';
import { keyframeBefore, wallAt } from './time-map.ts';
import { parseVodFileName, vodFileName } from './vod-file-name.ts';
import { writeVodPlaylist } from './vod-playlist.ts';

const t0 = Date.UTC(2026, 10, 24, 2, 0, 0);

/** Keyframes every second, 1000 bytes each, after an init of 100 bytes. */
function file(startMs: number, seconds: number, over: Partial<PlayFile> = {}): PlayFile {
  return {
    startMs,
    endMs: startMs + seconds * 1000,
    bytes: 100 + seconds * 1000,
    initBytes: 100,
    initId: 'x',
    timescale: 90_000,
    mediaDuration: seconds * 90_000,
    codec: 'avc1.640028',
    keyframes: Array.from({ length: seconds }, (_, i) => ({ time: i * 90_000, offset: 100 + i * 1000 })),
    ...over,
  };
}

describe('a VOD playlist', () => {
  it('names byte ranges from keyframe to keyframe, over files, a gap and a change of format', () => {
    const files = [file(t0, 6), file(t0 + 6000, 6), file(t0 + 20_000, 5), file(t0 + 25_000, 5, { initId: 'y' })];
    expect(writeVodPlaylist(files, t0 + 1500, t0 + 27_200)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-START:TIME-OFFSET=0.500,PRECISE=YES
#EXT-X-MAP:URI="file/${t0}_-90000.mp4",BYTERANGE="100@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:01.000Z
#EXTINF:4.000000,
#EXT-X-BYTERANGE:4000@1100
file/${t0}_-90000.mp4
#EXTINF:1.000000,
#EXT-X-BYTERANGE:1000@5100
file/${t0}_-90000.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:06.000Z
#EXTINF:4.000000,
#EXT-X-BYTERANGE:4000@100
file/${t0 + 6000}_450000.mp4
#EXTINF:2.000000,
#EXT-X-BYTERANGE:2000@4100
file/${t0 + 6000}_450000.mp4
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:20.000Z
#EXTINF:4.000000,
#EXT-X-BYTERANGE:4000@100
file/${t0 + 20_000}_990000.mp4
#EXTINF:1.000000,
#EXT-X-BYTERANGE:1000@4100
file/${t0 + 20_000}_990000.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="file/${t0 + 25_000}_1440000.mp4",BYTERANGE="100@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:25.000Z
#EXTINF:3.000000,
#EXT-X-BYTERANGE:3000@100
file/${t0 + 25_000}_1440000.mp4
#EXT-X-ENDLIST
`);
  });

  it('begins with the recording when that begins later than asked', () => {
    expect(writeVodPlaylist([file(t0, 3)], t0 - 5000, t0 + 60_000)).toContain('TIME-OFFSET=0.000,');
  });
});

describe('the time map', () => {
  it('spreads drift evenly over a file', () => {
    const drifted = file(t0, 60, { endMs: t0 + 60_300 });
    expect(wallAt(drifted, 30 * 90_000)).toBe(t0 + 30_150);
    expect(keyframeBefore(drifted, t0 + 30_149)).toBe(29);
    expect(keyframeBefore(drifted, t0 + 30_150)).toBe(30);
    expect(keyframeBefore(drifted, t0 - 1)).toBe(0);
    expect(keyframeBefore(drifted, t0 + 1e6)).toBe(59);
  });
});

describe('the name of a file in a playlist', () => {
  it('reads back as it was written', () => {
    for (const shift of [0, 5, -90_000])
      expect(parseVodFileName(vodFileName(t0, shift))).toEqual({ startMs: t0, shift });
  });

  it.each([
    '1_.mp4',
    '1_0.mp4',
    '1_-0.mp4',
    '../1.mp4',
    '1_2_3.mp4',
    '01.mp4',
    'x.mp4',
    '1.mp4?',
    '1_99999999999999999.mp4',
  ])('is not %s', (name) => {
    expect(parseVodFileName(name)).toBeNull();
  });
});
