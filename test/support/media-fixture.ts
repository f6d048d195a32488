import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { producerTime } from '../../server/recorder/fmp4/producer-time.ts';

/**
 * Media answers of the right shape from one looped clip, for looking at the console without recorder and cameras:
 * LL-HLS with blocking reload, VOD playlists with gaps, stills. Fragments last 200 ms, GOPs and segments 1 s.
 */
const FRAGMENTS_A_SECOND = 5;
const CLIP_SECONDS = 20;

type Clip = { init: Buffer; fragments: Buffer[]; timescale: number; still: Buffer };
export type FixtureAnswer = { status: number; type: string; body: Buffer | string };

const found = (buffer: Buffer, name: string, from = 0): number => {
  const at = buffer.indexOf(name, from, 'latin1');
  if (at < 0) throw new Error(`no ${name} box`);
  return at;
};

function makeClip(folder: string, width: number, height: number): Clip {
  mkdirSync(folder, { recursive: true });
  const mp4 = path.join(folder, `${height}.mp4`);
  const jpg = path.join(folder, `${height}.jpg`);
  const input = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=25`];
  if (!existsSync(mp4)) {
    const encode =
      '-c:v libx264 -preset ultrafast -profile:v high -pix_fmt yuv420p -g 25 -bf 0 -sc_threshold 0 -b:v 700k';
    const shape = '-f mp4 -movflags +empty_moov+default_base_moof -frag_duration 200000';
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      ...input,
      '-t',
      String(CLIP_SECONDS),
      ...encode.split(' '),
      ...shape.split(' '),
      mp4,
    ]);
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, '-frames:v', '1', jpg]);
  }
  const bytes = readFileSync(mp4);
  const starts: number[] = [];
  let end = bytes.length;
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'moof') starts.push(at);
    if (type === 'mfra') end = at;
  }
  const init = bytes.subarray(0, starts[0]);
  // mdhd version 0: creation and modification time lie before the timescale.
  const timescale = init.readUInt32BE(found(init, 'mdhd') + 4 + 4 + 8);
  return {
    init,
    timescale,
    still: readFileSync(jpg),
    fragments: starts.map((s, i) => bytes.subarray(s, starts[i + 1] ?? end)),
  };
}

/** What may befall a push stream at a keyframe: media time jumps ahead, or the camera's stream begins anew. */
export type Disturbance = 'jump' | 'restart';

/** Fragment number `n` of an endless stream, its decode time set as that of fragment `at`. */
function fragment(clip: Clip, n: number, at = n): Buffer {
  const copy = Buffer.from(clip.fragments[n % (CLIP_SECONDS * FRAGMENTS_A_SECOND)]!);
  const tfdt = found(copy, 'tfdt') + 4;
  const ticks = BigInt(Math.round((at / FRAGMENTS_A_SECOND) * clip.timescale));
  if (copy.readUInt8(tfdt) === 1) copy.writeBigUInt64BE(ticks, tfdt + 4);
  else copy.writeUInt32BE(Number(ticks), tfdt + 4);
  return copy;
}

export class MediaFixture {
  readonly #clips: { main: Clip; sub: Clip };
  readonly #originMs: number;

  /** `originMs` is the moment of fragment 0, a whole second. */
  constructor(folder: string, originMs: number) {
    this.#clips = { main: makeClip(folder, 1280, 720), sub: makeClip(folder, 640, 360) };
    this.#originMs = originMs;
  }

  still(): FixtureAnswer {
    return { status: 200, type: 'image/jpeg', body: this.#clips.sub.still };
  }

  /** Settles when so many further parts could have been had. */
  afterParts(count: number): Promise<void> {
    return this.#until(this.#latest() + count);
  }

  /** Answers `/media/<camera>/<stream>/…` and `/media/incidents/<id>/…`. */
  async answer(url: URL, recorded: [number, number][]): Promise<FixtureAnswer> {
    const [, , camera, name, file = ''] = url.pathname.split('/');
    const clip = this.#clips[name === 'main' ? 'main' : 'sub'];
    const q = (key: string) => Number(url.searchParams.get(key));
    if (file === 'init.mp4') return { status: 200, type: 'video/mp4', body: clip.init };
    const wanted = /^(\d+)-(\d+)\.m4s$/.exec(file);
    if (wanted) {
      const [from, count] = [Number(wanted[1]), Number(wanted[2])];
      await this.#until(from + count - 1);
      const body = Buffer.concat(Array.from({ length: count }, (_, i) => fragment(clip, from + i)));
      return { status: 200, type: 'video/mp4', body };
    }
    if (file === 'keyframe.mp4') {
      const second = Math.floor((q('at') - this.#originMs) / 1_000);
      const body = Buffer.concat([clip.init, fragment(clip, second * FRAGMENTS_A_SECOND)]);
      return { status: 200, type: 'video/mp4', body };
    }
    if (file === 'live.m3u8') {
      const msn = url.searchParams.get('_HLS_msn');
      if (msn !== null)
        await this.#until(Number(msn) * FRAGMENTS_A_SECOND + Number(url.searchParams.get('_HLS_part') ?? 4));
      return this.#playlist(this.#live());
    }
    if (camera === 'incidents') {
      const now = Math.floor(Date.now() / 1_000) * 1_000;
      return this.#playlist(this.#vod([[now - 120_000, now - 60_000]], '/media/x/sub/'));
    }
    const cut = recorded.map(([a, b]) => [Math.max(a, q('from')), Math.min(b, q('to'))] as [number, number]);
    return this.#playlist(this.#vod(cut.filter(([a, b]) => b - a >= 1_000)));
  }

  /** The push stream from the newest keyframe on, until it is closed; every part with its time of capture. Each keyframe asks what befalls. */
  async *push(name: 'main' | 'sub', befalls: () => Disturbance | null): AsyncGenerator<Buffer> {
    const clip = this.#clips[name];
    yield clip.init;
    const latest = this.#latest();
    let ahead = 0;
    for (let n = latest - (latest % FRAGMENTS_A_SECOND); ; n += 1) {
      await this.#until(n);
      const now = n % FRAGMENTS_A_SECOND === 0 ? befalls() : null;
      if (now === 'jump') ahead += 2 * FRAGMENTS_A_SECOND;
      if (now === 'restart') {
        ahead = -n;
        yield clip.init;
      }
      const atMs = this.#originMs + (n / FRAGMENTS_A_SECOND) * 1_000;
      const mediaTime = ((n + ahead) / FRAGMENTS_A_SECOND) * clip.timescale;
      yield Buffer.concat([producerTime(1, atMs, mediaTime), fragment(clip, n, n + ahead)]);
    }
  }

  #playlist(body: string): FixtureAnswer {
    return { status: 200, type: 'application/vnd.apple.mpegurl', body };
  }

  #latest(): number {
    return Math.floor(((Date.now() - this.#originMs) / 1_000) * FRAGMENTS_A_SECOND) - 1;
  }

  async #until(fragmentNumber: number): Promise<void> {
    const readyMs = this.#originMs + ((fragmentNumber + 1) / FRAGMENTS_A_SECOND) * 1_000;
    const waitMs = Math.min(6_000, readyMs - Date.now());
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs + 5));
  }

  #date(fragmentNumber: number): string {
    return new Date(this.#originMs + (fragmentNumber / FRAGMENTS_A_SECOND) * 1_000).toISOString();
  }

  #live(): string {
    const latest = this.#latest();
    const current = Math.floor((latest + 1) / FRAGMENTS_A_SECOND);
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      '#EXT-X-TARGETDURATION:1',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6',
      '#EXT-X-PART-INF:PART-TARGET=0.2',
      `#EXT-X-MEDIA-SEQUENCE:${current - 6}`,
      '#EXT-X-MAP:URI="init.mp4"',
    ];
    for (let segment = current - 6; segment <= current; segment += 1) {
      const first = segment * FRAGMENTS_A_SECOND;
      if (first <= latest) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${this.#date(first)}`);
      for (let n = first; segment >= current - 2 && n < first + FRAGMENTS_A_SECOND && n <= latest; n += 1) {
        lines.push(`#EXT-X-PART:DURATION=0.2,URI="${n}-1.m4s"${n === first ? ',INDEPENDENT=YES' : ''}`);
      }
      if (segment < current) lines.push('#EXTINF:1.0,', `${first}-5.m4s`);
    }
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${latest + 1}-1.m4s"`);
    return `${lines.join('\n')}\n`;
  }

  #vod(stretches: [number, number][], base = ''): string {
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:7',
      '#EXT-X-PLAYLIST-TYPE:VOD',
      '#EXT-X-TARGETDURATION:4',
      `#EXT-X-MAP:URI="${base}init.mp4"`,
    ];
    stretches.forEach(([fromMs, toMs], i) => {
      if (i > 0) lines.push('#EXT-X-DISCONTINUITY');
      const from = Math.floor((fromMs - this.#originMs) / 1_000);
      const to = Math.floor((toMs - this.#originMs) / 1_000);
      for (let s = from; s < to; s += 4) {
        const seconds = Math.min(4, to - s);
        lines.push(`#EXT-X-PROGRAM-DATE-TIME:${this.#date(s * FRAGMENTS_A_SECOND)}`);
        lines.push(`#EXTINF:${seconds}.0,`, `${base}${s * FRAGMENTS_A_SECOND}-${seconds * FRAGMENTS_A_SECOND}.m4s`);
      }
    });
    lines.push('#EXT-X-ENDLIST');
    return `${lines.join('\n')}\n`;
  }
}
