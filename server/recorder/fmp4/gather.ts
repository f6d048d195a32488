import { boxesIn, u32 } from './boxes.ts';
import { readMoof } from './fragment.ts';
import type { Fragment } from './fragment-reader.ts';
import type { Init } from './init.ts';

/** Less than a part by so little is a part: at 30 frames a second, six frames. */
const nearly = 0.95;
const keyframeFlags = 0x0200_0000;
const compositionOffsets = 0x800;

/**
 * Where every frame is a keyframe (MJPEG, or H.264 that way), each would be a fragment of its own, and so a part, a request and a row of the
 * keyframe table: 25 a second. They are put together to fragments of `partSeconds`, of one moof and one mdat, before anybody sees them. All
 * other fragments go on at once, as they came. What is held is less than a part; `flush` gives it at the end of a run.
 */
export class FragmentGatherer {
  readonly #partSeconds: number;
  readonly #emit: (fragment: Fragment) => void;
  #init: Init | null = null;
  #held: Fragment[] = [];
  #heldDuration = 0;

  constructor(partSeconds: number, emit: (fragment: Fragment) => void) {
    this.#partSeconds = partSeconds;
    this.#emit = emit;
  }

  begin(init: Init): void {
    this.flush();
    this.#init = init;
  }

  push(fragment: Fragment): void {
    const init = this.#init;
    const whole = (init?.timescale ?? 0) * this.#partSeconds * nearly;
    if (init === null || fragment.duration >= whole || !isLoneKeyframe(fragment, init)) {
      this.flush();
      this.#emit(fragment);
      return;
    }
    // Time that is missing between two of them stays where it is.
    const last = this.#held.at(-1);
    if (last !== undefined && last.baseDecodeTime + last.duration !== fragment.baseDecodeTime) this.flush();
    this.#held.push(fragment);
    this.#heldDuration += fragment.duration;
    if (this.#heldDuration >= whole) this.flush();
  }

  flush(): void {
    const held = this.#held;
    const [first] = held;
    this.#held = [];
    this.#heldDuration = 0;
    if (first === undefined || this.#init === null) return;
    this.#emit(held.length === 1 ? first : together(held, this.#init));
  }
}

/** One picture that is shown when it is decoded, and no sound. */
function isLoneKeyframe(fragment: Fragment, init: Init): boolean {
  if (init.audio !== null || !fragment.keyframe || fragment.samples !== 1) return false;
  if (fragment.dataOffset < fragment.moof.length + 8) return false;
  const [moof] = boxesIn(fragment.moof, 0, fragment.moof.length);
  for (const traf of moof === undefined ? [] : boxesIn(fragment.moof, moof.body, moof.end)) {
    if (traf.type !== 'traf') continue;
    for (const { type, body } of boxesIn(fragment.moof, traf.body, traf.end)) {
      if (type === 'trun' && (u32(fragment.moof, body) & compositionOffsets) !== 0) return false;
    }
  }
  return true;
}

/** One `moof` with one `trun` over all samples, and their bytes behind each other (ISO/IEC 14496-12, 8.8); no frame is copied. */
function together(fragments: readonly Fragment[], init: Init): Fragment {
  const frames = fragments.flatMap(framePieces);
  const mdatBytes = 8 + frames.reduce((sum, piece) => sum + piece.length, 0);
  const moof = moofOf(fragments, init);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(mdatBytes, 0);
  head.write('mdat', 4, 'latin1');
  const times = readMoof(moof, init);
  if (times === null) throw new Error('a fragment without pictures');
  return { ...times, moof, mdat: [head, ...frames], bytes: moof.length + mdatBytes };
}

function moofOf(fragments: readonly Fragment[], init: Init): Buffer {
  const [first] = fragments;
  const trunBytes = 20 + 12 * fragments.length;
  const moof = Buffer.alloc(68 + trunBytes);
  const box = (at: number, bytes: number, type: string, versionAndFlags?: number) => {
    moof.writeUInt32BE(bytes, at);
    moof.write(type, at + 4, 'latin1');
    if (versionAndFlags !== undefined) moof.writeUInt32BE(versionAndFlags, at + 8);
  };
  box(0, moof.length, 'moof');
  box(8, 16, 'mfhd', 0);
  moof.writeUInt32BE(first === undefined ? 0 : u32(first.moof, 20), 20);
  box(24, moof.length - 24, 'traf');
  // default-base-is-moof
  box(32, 16, 'tfhd', 0x02_0000);
  moof.writeUInt32BE(init.trackId, 44);
  box(48, 20, 'tfdt', 0x0100_0000);
  moof.writeBigUInt64BE(BigInt(first?.baseDecodeTime ?? 0), 60);
  // data offset, and of every sample duration, size and flags
  box(68, trunBytes, 'trun', 0x701);
  moof.writeUInt32BE(fragments.length, 80);
  moof.writeUInt32BE(moof.length + 8, 84);
  for (const [n, { duration, sampleBytes }] of fragments.entries()) {
    moof.writeUInt32BE(duration, 88 + 12 * n);
    moof.writeUInt32BE(sampleBytes[0] ?? 0, 92 + 12 * n);
    moof.writeUInt32BE(keyframeFlags, 96 + 12 * n);
  }
  return moof;
}

/** The bytes of the one frame, in the pieces in which they came. */
function framePieces({ mdat, moof, dataOffset, sampleBytes }: Fragment): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let skip = dataOffset - moof.length;
  let left = sampleBytes[0] ?? 0;
  for (const piece of mdat) {
    const taken = piece.subarray(Math.min(skip, piece.length), Math.min(skip + left, piece.length));
    skip -= Math.min(skip, piece.length);
    left -= taken.length;
    if (taken.length > 0) pieces.push(taken);
  }
  return pieces;
}
