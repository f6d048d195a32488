import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { silentLogger } from '../../platform/log.ts';
import { keyframePicture } from './keyframe-picture.ts';
import { Samples } from './samples.ts';

/** An init and the fragment of one keyframe, as a live window holds them. */
function keyframe(source: string, encoder: string, more: string[] = []): Buffer {
  return execFileSync(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        source,
        '-frames:v',
        '3',
        '-pix_fmt',
        'yuv420p',
        '-c:v',
        encoder,
        ...more,
      ],
      ...['-f', 'mp4', '-movflags', '+empty_moov+default_base_moof+frag_keyframe', 'pipe:1'],
    ],
    { maxBuffer: 2 ** 24 },
  );
}

const bars = keyframe('smptebars=s=640x360', 'libx264', ['-bf', '2']);
const grey = keyframe('color=c=0x808080:s=352x288', 'libx264');
const white = keyframe('color=c=white:s=1280x720', 'libx265', ['-x265-params', 'log-level=none']);
const black = keyframe('color=c=black:s=320x240', 'libx265', ['-x265-params', 'log-level=none']);
const jpeg = keyframe('color=c=0x404040:s=640x480', 'mjpeg');
/** Its slice is noise from the middle on, and its parameter sets are another picture's. */
const broken = (() => {
  const copy = Buffer.from(grey);
  const mdat = copy.indexOf('mdat', 0, 'latin1');
  copy.fill(0xff, mdat + 12, mdat + 60);
  return copy;
})();

const media: Record<string, Uint8Array> = { bars, grey, white, black, jpeg, broken, noise: Buffer.alloc(50, 7) };

function samplesOf(stopping = new AbortController()) {
  return new Samples({
    ffmpeg: { program: 'ffmpeg', owner: 'test' },
    log: silentLogger,
    stopping: stopping.signal,
    newest: (id) => {
      const bytes = media[id];
      return bytes === undefined ? null : { bytes: () => Uint8Array.from(bytes), mediaTimeMs: 7000 };
    },
  });
}

const place = (cameraId: string) => ({ cameraId, stream: 'sub' as const });
const mean = (pixels: Uint8Array) => pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;

test('keyframes of any codec and size come out as small pictures, each with its camera; what is not live or no picture is left out', async () => {
  const places = ['bars', 'white', 'grey', 'away', 'jpeg', 'black', 'noise'].map(place);
  const taken = new Map((await samplesOf().take(places)).map((sample) => [sample.cameraId, sample]));
  expect([...taken.keys()].sort()).toEqual(['bars', 'black', 'grey', 'jpeg', 'white']);
  for (const { grey, width, height, mediaTimeMs } of taken.values()) {
    expect({ length: grey.length, width, height, mediaTimeMs }).toEqual({
      ...{ length: 57_600, width: 320, height: 180, mediaTimeMs: 7000 },
    });
  }
  const brightness = (id: string) => Math.round(mean(taken.get(id)!.grey));
  expect(brightness('white')).toBeGreaterThan(230);
  expect(brightness('black')).toBeLessThan(20);
  expect(brightness('grey')).toBeCloseTo(126, -1);
  expect(brightness('jpeg')).toBeCloseTo(71, -1);
  expect(taken.get('bars')!.colour).toBeGreaterThan(20);
  expect(taken.get('grey')!.colour).toBeLessThan(1);
});

test('a picture that cannot be decoded takes no other with it', async () => {
  const taken = await samplesOf().take(['grey', 'broken', 'bars'].map(place));
  const known = new Map(taken.map(({ cameraId, grey }) => [cameraId, grey]));
  expect(mean(known.get('grey')!)).toBeCloseTo(126, -1);
  const left = known.get('bars')!.subarray(0, 10);
  const right = known.get('bars')!.subarray(310, 320);
  expect(mean(left) - mean(right)).toBeGreaterThan(100);
});

test('an elementary stream begins with the parameter sets, and what is cut off is no keyframe', () => {
  const { codec, bytes } = keyframePicture(Uint8Array.from(bars))!;
  expect(codec).toBe('h264');
  expect([...bytes.subarray(0, 4)]).toEqual([0, 0, 0, 1]);
  expect((bytes[4] ?? 0) & 31).toBe(7);
  for (const length of [0, 7, 40, 700, bars.indexOf('mdat', 0) + 30]) {
    expect(() => keyframePicture(Uint8Array.from(bars.subarray(0, length)))).toThrow();
  }
});

test('more streams than one run takes are refused, and so is everything once the recorder stops', async () => {
  const stopping = new AbortController();
  const samples = samplesOf(stopping);
  expect(() => samples.take(Array.from({ length: 17 }, () => place('grey')))).toThrow('samples_too_many');
  stopping.abort();
  await expect(samples.take([place('grey')])).rejects.toThrow('recorder_stopped');
});
