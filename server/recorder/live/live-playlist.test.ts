import { expect, it } from 'vitest';
import { writeLivePlaylist } from './live-playlist.ts';
import { judgeReload } from './reload-policy.ts';

const startMs = Date.UTC(2026, 10, 24, 2, 0, 0);

it('writes a low-latency playlist', () => {
  const parts = (mark: string, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      name: `${mark}-p${from + i}.mp4`,
      duration: 0.2,
      independent: i === 0,
    }));
  const text = writeLivePlaylist({
    targetDuration: 2,
    partTarget: 0.2,
    discontinuitySequence: 3,
    segments: [
      { msn: 100, init: 'a-init.mp4', discontinuity: false, startMs, duration: 1.04, parts: [], name: 'a-s100.mp4' },
      {
        msn: 101,
        init: 'a-init.mp4',
        discontinuity: false,
        startMs: startMs + 1040,
        duration: 0.4,
        parts: parts('a', 5, 2),
        name: 'a-s101.mp4',
      },
      {
        msn: 102,
        init: 'b-init.mp4',
        discontinuity: true,
        startMs: startMs + 9000,
        duration: 0.2,
        parts: parts('b', 0, 1),
        name: null,
      },
    ],
    hint: 'b-p1.mp4',
  });
  expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,PART-HOLD-BACK=0.6
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="live/a-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:00.000Z
#EXTINF:1.04000,
live/a-s100.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:01.040Z
#EXT-X-PART:DURATION=0.2,URI="live/a-p5.mp4",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.2,URI="live/a-p6.mp4"
#EXTINF:0.40000,
live/a-s101.mp4
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="live/b-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:09.000Z
#EXT-X-PART:DURATION=0.2,URI="live/b-p0.mp4",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/b-p1.mp4"
`);
});

it('leaves out of a delta update what ends further from the edge than the skip boundary, and nothing else', () => {
  const segments = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      msn: 100 + i,
      init: 'a-init.mp4',
      discontinuity: i === 1,
      startMs: startMs + i * 4000,
      duration: 4,
      parts: [],
      name: `a-s${100 + i}.mp4`,
    }));
  const view = { targetDuration: 2, partTarget: 0.2, discontinuitySequence: 3, hint: 'a-p9.mp4' };
  expect(writeLivePlaylist({ ...view, segments: segments(6) }, true)).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12,PART-HOLD-BACK=0.6
#EXT-X-PART-INF:PART-TARGET=0.2
#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-SKIP:SKIPPED-SEGMENTS=2
#EXT-X-MAP:URI="live/a-init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:08.000Z
#EXTINF:4.00000,
live/a-s102.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:12.000Z
#EXTINF:4.00000,
live/a-s103.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:16.000Z
#EXTINF:4.00000,
live/a-s104.mp4
#EXT-X-PROGRAM-DATE-TIME:2026-11-24T02:00:20.000Z
#EXTINF:4.00000,
live/a-s105.mp4
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="live/a-p9.mp4"
`);
  const short = { ...view, segments: segments(3) };
  expect(writeLivePlaylist(short, true)).toBe(writeLivePlaylist(short));
});

it.each([
  [{}, 'answer'],
  [{ part: 0 }, 'invalid'],
  [{ msn: 9, part: 99 }, 'answer'],
  [{ msn: 10, part: 1 }, 'answer'],
  [{ msn: 10, part: 2 }, 'wait'],
  [{ msn: 10 }, 'wait'],
  [{ msn: 11, part: 0 }, 'wait'],
  [{ msn: 12 }, 'wait'],
  [{ msn: 13 }, 'invalid'],
] as const)('judges a reload for %o while segment 10 has two parts: %s', (request, verdict) => {
  expect(judgeReload({ msn: 10, parts: 2, complete: false }, request)).toBe(verdict);
});

it('answers for a segment that is complete at once, whatever part is asked for', () => {
  expect(judgeReload({ msn: 10, parts: 2, complete: true }, { msn: 10, part: 7 })).toBe('answer');
});
