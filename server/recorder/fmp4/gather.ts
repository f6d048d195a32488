import { readMoof } from './fragment.ts';
import type { Fragment } from './fragment-reader.ts';
import type { Init } from './init.ts';
import { readTracks, sequenceNumberOf, type TrackSamples, writeMoof } from './track-samples.ts';

/** Less than a part by so little is a part: at 30 frames a second, six frames. */
const nearly = 0.95;

interface Held {
  fragment: Fragment;
  tracks: TrackSamples[];
}

/**
 * Where every frame is a keyframe (MJPEG, or H.264 that way), each would be a fragment of its own, and so a part, a request and a row of the
 * keyframe table: 25 a second. They are put together to fragments of `partSeconds`, of one moof and one mdat, before anybody sees them. All
 * other fragments go on at once, as they came. What is held is less than a part; `flush` gives it at the end of a run.
 */
export class FragmentGatherer {
  readonly #partSeconds: number;
  readonly #emit: (fragment: Fragment) => void;
  #init: Init | null = null;
  #held: Held[] = [];
  #heldDuration = 0;
  /** By track, where what is held ends. */
  readonly #ends = new Map<number, number>();

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
    const isLone = fragment.keyframe && fragment.samples === 1 && fragment.duration < whole;
    const tracks = isLone && init !== null ? readTracks(fragment.moof, init) : null;
    if (tracks === null) {
      this.flush();
      this.#emit(fragment);
      return;
    }
    // Time that is missing between two of them stays where it is.
    if (tracks.some(({ trackId, startTime }) => (this.#ends.get(trackId) ?? startTime) !== startTime)) this.flush();
    this.#held.push({ fragment, tracks });
    for (const { trackId, endTime } of tracks) this.#ends.set(trackId, endTime);
    this.#heldDuration += fragment.duration;
    if (this.#heldDuration >= whole) this.flush();
  }

  flush(): void {
    const held = this.#held;
    const [first] = held;
    this.#held = [];
    this.#heldDuration = 0;
    this.#ends.clear();
    if (first === undefined || this.#init === null) return;
    this.#emit(held.length === 1 ? first.fragment : together(held, this.#init));
  }
}

/** One `moof` over all samples, and their bytes behind each other; no frame is copied. */
function together(held: readonly Held[], init: Init): Fragment {
  const media = held.map(({ fragment }) => withoutHeader(fragment.mdat));
  const lengths = media.map((pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0));
  const moof = writeMoof(
    held.map(({ tracks }) => tracks),
    lengths,
    sequenceNumberOf(held[0]?.fragment.moof ?? new Uint8Array()),
  );
  const times = readMoof(moof, init);
  if (times === null) throw new Error('a fragment without pictures');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + lengths.reduce((sum, length) => sum + length, 0), 0);
  head.write('mdat', 4, 'latin1');
  return { ...times, moof, mdat: [head, ...media.flat()], bytes: moof.length + head.readUInt32BE(0) };
}

/** The pieces of an mdat without its first eight bytes; `readTracks` takes no larger header. */
function withoutHeader(mdat: readonly Uint8Array[]): Uint8Array[] {
  let skip = 8;
  return mdat.flatMap((piece) => {
    const rest = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - rest.length;
    return rest.length > 0 ? [rest] : [];
  });
}
