import { AppError } from '../../platform/errors.ts';
import { type Fragment, joined } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { LivePlaylistRequest } from '../recorder.ts';
import { type LiveView, skipBoundarySeconds, writeLivePlaylist } from './live-playlist.ts';
import { judgeReload } from './reload-policy.ts';
import type { StoredPart } from './stored-part.ts';

export const liveLimits = {
  /** A segment ends at the first keyframe at least so long after its first. */
  segmentSeconds: 1,
  /** Time in the playlist beyond what a delta update may skip, and time that is kept after it has left it. */
  skippableSeconds: 4,
  keptSeconds: 3,
  /** Fragments are put together to a part until it lasts about so long; one much shorter than half of it was cut short by a keyframe, and closes it. */
  partTargetSeconds: 0.2,
  /** Parts are listed for segments that end within this time of the edge. */
  partSeconds: 4,
  /** Whatever the bit rate, a window takes no more memory than this (and at least the growing segment). */
  bytes: 48 * 2 ** 20,
  /** Players that follow the edge ask for the newest segments; older ones are read from the file in which they are recorded. */
  segmentsInMemory: 2,
  /** Requests that wait are looked at so often, whether or not anything came. */
  lookEveryMs: 500,
};

interface Part {
  name: string;
  duration: number;
  independent: boolean;
  startMs: number;
  /** As it stands in the fragment. */
  decodeSeconds: number;
  bytes: number;
  /** None once the segment has left the memory, until somebody asks for it again. */
  pieces: Uint8Array[];
  reading: Promise<Uint8Array> | null;
}

/** A fragment (or a part of some) as it is told to followers: its moof and mdat, to be taken at once, when it was, and where it stands in the run's own time. */
export type LivePart = Readonly<Omit<Part, 'name' | 'reading'>>;

/** Who wants all parts as they come, in the order `begin`, parts, `end`, and so on. */
export interface LiveFollower {
  begin(init: Init): void;
  part(part: LivePart): void;
  end(): void;
}

interface Segment {
  msn: number;
  generation: Generation;
  discontinuity: boolean;
  startMs: number;
  duration: number;
  bytes: number;
  parts: Part[];
  complete: boolean;
  /** Where its bytes stand one after the other, if they do. */
  stored: StoredPart | null;
  inMemory: boolean;
}

/** One run of the stream. Its mark is in every name, so that a name means the same bytes for ever. */
interface Generation {
  mark: string;
  init: Init;
  /** Of the generation that first had this init. */
  initName: string;
  timescale: number;
  nextPart: number;
}

/**
 * The last seconds of one stream as parts and segments, the newest in memory and the others where they are recorded, and the requests that
 * wait for the next part.
 */
export class LiveWindow {
  readonly #segments: Segment[] = [];
  readonly #followers = new Set<LiveFollower>();
  /** The part that grows, of the newest segment or of the one that begins with it. Only followers have it already. */
  #open: { segment: Segment; part: Part } | null = null;
  #generation: Generation | null = null;
  #nextMsn: number;
  #live = false;
  #discontinuitySequence = 0;
  #firstListed = 0;
  #targetDuration = 2;
  #endedGeneration = false;
  /** What all wait for who wait: the next change, or that it is time to look at deadlines. */
  #change: PromiseWithResolvers<void> | null = null;
  #look: NodeJS.Timeout | undefined;
  /** Playlists of the present state: hundreds ask for the same one. */
  readonly #written = new Map<boolean, string>();

  /** `firstMsn` counts seconds since 1970: segments last a second or more, so that numbers never go back, not even over a restart. */
  constructor(firstMsn: number) {
    this.#nextMsn = firstMsn;
  }

  /** A run of the stream has begun. `mark` must be new for this stream. */
  begin(init: Init, mark: string): void {
    this.end();
    const before = this.#segments.at(-1)?.generation;
    const initName = before?.init.id === init.id ? before.initName : `${mark}-init.mp4`;
    this.#generation = { mark, init, initName, timescale: init.timescale, nextPart: 0 };
    this.#endedGeneration = this.#segments.length > 0;
    this.#written.clear();
    for (const follower of this.#followers) follower.begin(init);
  }

  /** Tells the present run from its newest keyframe on, then what comes. Returns the function that ends it. */
  follow(follower: LiveFollower): () => void {
    this.#followers.add(follower);
    const last = this.#segments.at(-1);
    if (this.#generation !== null) {
      follower.begin(this.#generation.init);
      const listed = last !== undefined && last.generation === this.#generation ? last.parts : [];
      const parts = this.#open === null ? listed : [...listed, this.#open.part];
      const first = parts.findLastIndex((part) => part.independent);
      if (first >= 0) for (const part of parts.slice(first)) follower.part(part);
    }
    return () => this.#followers.delete(follower);
  }

  /** Whether parts are coming. */
  get live(): boolean {
    return this.#live;
  }

  /** Takes the next fragment: followers have it at once, the playlist with its part. `stored` is where it is being recorded; without it the window keeps the bytes itself. */
  push(fragment: Fragment, startMs: number, stored: StoredPart | null = null): void {
    const generation = this.#generation;
    if (generation === null) throw new Error('a fragment before its init');
    const { keyframe: independent, bytes } = fragment;
    if (independent) this.#closePart();
    const last = this.#segments.at(-1);
    let segment = this.#open?.segment ?? (last?.complete === false ? last : undefined);
    if (segment === undefined && !independent) return;
    if (segment === undefined || (independent && segment.duration >= liveLimits.segmentSeconds - 0.05)) {
      segment = this.#newSegment(generation, startMs, stored);
    }
    const duration = fragment.duration / generation.timescale;
    const decodeSeconds = fragment.baseDecodeTime / generation.timescale;
    const pieces = [fragment.moof, ...fragment.mdat];
    if (!follows(segment, stored)) segment.stored = null;
    segment.duration += duration;
    segment.bytes += bytes;
    if (this.#open === null) {
      const name = `${generation.mark}-p${generation.nextPart}.mp4`;
      const part: Part = {
        name,
        duration,
        independent,
        startMs,
        decodeSeconds,
        bytes,
        pieces: [...pieces],
        reading: null,
      };
      this.#open = { segment, part };
    } else {
      const { part } = this.#open;
      part.duration += duration;
      part.bytes += bytes;
      part.pieces.push(...pieces);
    }
    for (const follower of this.#followers) {
      follower.part({ duration, independent, startMs, decodeSeconds, bytes, pieces });
    }
    const whole = liveLimits.partTargetSeconds * 0.95;
    if (this.#open.part.duration >= whole || duration < whole / 2) this.#closePart();
  }

  /** The run is over: what grew is complete, and who waits is told. */
  end(): void {
    this.#closePart();
    const last = this.#segments.at(-1);
    if (last !== undefined) this.#complete(last);
    if (this.#generation !== null) for (const follower of this.#followers) follower.end();
    this.#live = false;
    this.#generation = null;
    this.#wake();
  }

  /** Errors: `stream_not_live`, `playlist_request_invalid`, `playlist_timeout`. */
  async playlist(request: LivePlaylistRequest): Promise<string> {
    const deadline = performance.now() + this.#targetDuration * 3000;
    for (;;) {
      const last = this.#segments.at(-1);
      if (!this.#live || last === undefined) throw new AppError('unavailable', 'stream_not_live');
      const verdict = judgeReload({ msn: last.msn, parts: last.parts.length, complete: last.complete }, request);
      if (verdict === 'invalid') throw new AppError('invalid', 'playlist_request_invalid');
      if (verdict === 'answer') return this.#playlist(request.skip === true);
      if (performance.now() >= deadline) throw new AppError('unavailable', 'playlist_timeout');
      await this.#next();
    }
  }

  /** Bytes of an init, a part or a segment; for the part that is hinted at, waits until it is there. Errors: `media_gone`. */
  async resource(name: string): Promise<Uint8Array> {
    const deadline = performance.now() + this.#targetDuration * 3000;
    while (this.#live && name === this.#hint() && performance.now() < deadline) await this.#next();
    // From the newest on, which most ask for.
    for (let i = this.#segments.length - 1; i >= 0; i -= 1) {
      const segment = this.#segments[i];
      if (segment === undefined) break;
      if (name === segment.generation.initName) return segment.generation.init.bytes;
      if (segment.complete && name === segmentName(segment)) return bytesOf(segment, 0, segment.parts.length);
      const part = segment.parts.findLastIndex((candidate) => candidate.name === name);
      if (part >= 0) return bytesOf(segment, part, part + 1);
    }
    throw new AppError('not_found', 'media_gone');
  }

  /** Init and the fragment of the newest keyframe, or null when there is none. */
  newestKeyframe(): { bytes: () => Uint8Array; mediaTimeMs: number } | null {
    for (const segment of this.#segments.toReversed()) {
      const part = segment.parts.findLast((candidate) => candidate.independent);
      if (part === undefined || !segment.inMemory) continue;
      const { init } = segment.generation;
      return { bytes: () => joined([init.bytes, ...part.pieces]), mediaTimeMs: Math.round(part.startMs) };
    }
    return null;
  }

  view(): LiveView {
    const listed = this.#segments.slice(this.#firstListed);
    let age = 0;
    const withParts = new Set<Segment>();
    for (const segment of listed.toReversed()) {
      if (age < liveLimits.partSeconds) withParts.add(segment);
      age += segment.duration;
    }
    const parts = [...withParts].flatMap((segment) => segment.parts);
    return {
      targetDuration: this.#targetDuration,
      partTarget: Math.max(0.2, ...parts.map((part) => Math.ceil(part.duration * 1000) / 1000)),
      discontinuitySequence: this.#discontinuitySequence,
      segments: listed.map((segment) => ({
        msn: segment.msn,
        init: segment.generation.initName,
        discontinuity: segment.discontinuity,
        startMs: segment.startMs,
        duration: segment.duration,
        parts: withParts.has(segment) ? segment.parts : [],
        name: segment.complete ? segmentName(segment) : null,
      })),
      hint: this.#hint(),
    };
  }

  /** What is put together is a part now: it is listed, and who waits for it is told. */
  #closePart(): void {
    if (this.#open === null || this.#generation === null) return;
    const { segment, part } = this.#open;
    this.#open = null;
    if (this.#segments.at(-1) !== segment) {
      this.#segments.push(segment);
      for (const older of this.#segments.slice(0, -liveLimits.segmentsInMemory)) leaveMemory(older);
    }
    segment.parts.push(part);
    this.#generation.nextPart += 1;
    this.#live = true;
    this.#trim();
    this.#wake();
  }

  /** Completes the newest segment and makes the next one, which is listed with its first part. */
  #newSegment(generation: Generation, startMs: number, stored: StoredPart | null): Segment {
    const previous = this.#segments.at(-1);
    if (previous !== undefined && !previous.complete) {
      this.#complete(previous);
      this.#wake();
    }
    const segment: Segment = {
      msn: this.#nextMsn,
      generation,
      discontinuity: this.#endedGeneration,
      startMs,
      duration: 0,
      bytes: 0,
      parts: [],
      complete: false,
      stored,
      inMemory: true,
    };
    this.#endedGeneration = false;
    this.#nextMsn += 1;
    return segment;
  }

  #complete(segment: Segment): void {
    segment.complete = true;
    this.#targetDuration = Math.max(this.#targetDuration, Math.round(segment.duration));
  }

  /** Lets segments leave the playlist, and later the memory. */
  #trim(): void {
    const listedSeconds = skipBoundarySeconds(this.#targetDuration) + liveLimits.skippableSeconds;
    let seconds = 0;
    let bytes = 0;
    let firstListed = this.#segments.length - 1;
    let firstKept = firstListed;
    for (let i = this.#segments.length - 1; i >= 0; i -= 1) {
      const segment = this.#segments[i];
      if (segment === undefined) break;
      bytes += segment.bytes;
      if (i < this.#segments.length - 1 && bytes > liveLimits.bytes) break;
      if (seconds >= listedSeconds + liveLimits.keptSeconds) break;
      if (seconds < listedSeconds) firstListed = i;
      firstKept = i;
      seconds += segment.duration;
    }
    for (let i = this.#firstListed; i < firstListed; i += 1) {
      if (this.#segments[i]?.discontinuity) this.#discontinuitySequence += 1;
    }
    this.#firstListed = Math.max(this.#firstListed, firstListed) - firstKept;
    this.#segments.splice(0, firstKept);
  }

  #hint(): string | null {
    return this.#generation === null ? null : `${this.#generation.mark}-p${this.#generation.nextPart}.mp4`;
  }

  #playlist(delta: boolean): string {
    const known = this.#written.get(delta);
    if (known !== undefined) return known;
    const text = writeLivePlaylist(this.view(), delta);
    this.#written.set(delta, text);
    return text;
  }

  #wake(): void {
    this.#written.clear();
    clearTimeout(this.#look);
    this.#change?.resolve();
    this.#change = null;
  }

  /** Settles when something changed, or when it is time to look at deadlines: one promise and one timer, however many wait. */
  #next(): Promise<void> {
    if (this.#change === null) {
      this.#change = Promise.withResolvers();
      this.#look = setTimeout(() => this.#wake(), liveLimits.lookEveryMs);
    }
    return this.#change.promise;
  }
}

/** Whether a part stands right behind what a segment has. */
function follows({ stored, bytes }: Segment, next: StoredPart | null): boolean {
  return stored !== null && stored.file === next?.file && stored.offset + bytes === next.offset;
}

/** Lets the bytes of a segment go that are all in their file; otherwise, as while the disk refuses, they stay. */
function leaveMemory(segment: Segment): void {
  const { stored } = segment;
  if (stored === null || !stored.file.holds(stored.offset + segment.bytes)) return;
  segment.inMemory = false;
  for (const part of segment.parts) {
    part.pieces = [];
    part.reading = null;
  }
}

/** Parts [from, to) of a segment, one behind the other. Errors: `media_gone`. */
async function bytesOf({ parts, stored, inMemory }: Segment, from: number, to: number): Promise<Uint8Array> {
  const [only] = parts.slice(from, to);
  if (to - from === 1 && only !== undefined && only.pieces.length > 0) {
    // Put together once, whoever asks.
    if (only.pieces.length > 1) only.pieces = [joined(only.pieces)];
    return only.pieces[0] ?? new Uint8Array();
  }
  if (to - from === 1 && only !== undefined && stored !== null) {
    // Read once for all viewers who are late by the same, and kept until the next segment begins.
    only.reading ??= readParts(parts, from, to, stored).catch((error) => {
      only.reading = null;
      throw error;
    });
    return only.reading;
  }
  if (inMemory || stored === null) return joined(parts.slice(from, to).flatMap((part) => part.pieces));
  return readParts(parts, from, to, stored);
}

/** Errors: `media_gone`. */
async function readParts(parts: Part[], from: number, to: number, stored: StoredPart): Promise<Uint8Array> {
  const size = (some: Part[]) => some.reduce((sum, part) => sum + part.bytes, 0);
  try {
    return await stored.file.read(stored.offset + size(parts.slice(0, from)), size(parts.slice(from, to)));
  } catch (error) {
    throw new AppError('not_found', 'media_gone', { cause: error });
  }
}

const segmentName = (segment: Segment) => `${segment.generation.mark}-s${segment.msn}.mp4`;
