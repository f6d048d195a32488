import type { StreamName } from '../../server/contracts/common.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { decodable } from './decodable.ts';

/** Which picture is wanted. `codecString` is that of the stream as it is now. */
export type PreviewWish = { cameraId: string; stream: StreamName; atMs: number; codecString: string | null };
/** A keyframe's picture and its moment, UTC epoch ms. It may be closed once another was asked for: draw it at once. */
export type Preview = { picture: ImageBitmap; mediaTimeMs: number };

type Held = { bytes: ArrayBuffer | null; blob: Blob | null; mediaTimeMs: number; size: number };
type Answer = Promise<Preview | null>;
type Lane = {
  flying: boolean;
  /** The wish that is being answered, for whoever wishes the same. */
  flight: { key: string; answer: Answer } | null;
  next: { wish: PreviewWish; answer: Answer; resolve: (preview: Preview | null) => void } | null;
  later: PreviewWish[];
};

/** Wishes within so many ms share a picture. */
export const PREVIEW_STEP_MS = 500;
const MOST_BYTES = 32 * 2 ** 20;
const MOST_PICTURES = 24;

/**
 * Pictures of recordings for hovering, scrubbing and fast playing: the keyframe's bytes from the server, decoded here; a JPEG of the
 * server where the browser does not decode them. One fetch per camera is on its way at a time, and of those that wait only the newest
 * counts. Bytes and pictures are kept within bounds, the least recently used go first.
 */
export class PreviewFrames {
  readonly #held = new Map<string, Held>();
  readonly #pictures = new Map<string, Preview>();
  readonly #lanes = new Map<string, Lane>();
  readonly #leaving = new AbortController();
  #bytes = 0;
  #decodes = true;

  /** The picture if it is at hand. */
  get(wish: PreviewWish): Preview | null {
    const key = keyOf(wish);
    const preview = this.#pictures.get(key);
    if (preview) touch(this.#pictures, key, preview);
    return preview ?? null;
  }

  /** The picture, fetched and decoded if need be; null when there is none, or a newer wish for the same camera has overtaken this one. */
  ask(wish: PreviewWish): Promise<Preview | null> {
    const there = this.get(wish);
    if (there) return Promise.resolve(there);
    const lane = this.#lane(wish);
    const key = keyOf(wish);
    if (lane.next && keyOf(lane.next.wish) === key) return lane.next.answer;
    if (lane.flight?.key === key && !lane.next) return lane.flight.answer;
    if (!lane.flying) return this.#fly(lane, wish);
    lane.next?.resolve(null);
    let resolve: (preview: Preview | null) => void = () => undefined;
    const answer: Answer = new Promise((settle) => {
      resolve = settle;
    });
    lane.next = { wish, answer, resolve };
    return answer;
  }

  /** Fetches the bytes of one camera's pictures ahead of need, one after another while nothing else is wanted of it. */
  prefetch(wishes: PreviewWish[]): void {
    const first = wishes[0];
    if (!first) return;
    const lane = this.#lane(first);
    lane.later = wishes;
    if (!lane.flying) this.#landed(lane);
  }

  destroy(): void {
    this.#leaving.abort();
    for (const lane of this.#lanes.values()) lane.next?.resolve(null);
    for (const { picture } of this.#pictures.values()) picture.close();
    this.#pictures.clear();
    this.#held.clear();
  }

  #lane({ cameraId, stream }: PreviewWish): Lane {
    const name = `${cameraId} ${stream}`;
    const lane = this.#lanes.get(name) ?? { flying: false, flight: null, next: null, later: [] };
    this.#lanes.set(name, lane);
    return lane;
  }

  #fly(lane: Lane, wish: PreviewWish): Answer {
    lane.flying = true;
    // A preview that does not come is no news: the time stands there all the same.
    const answer = this.#make(wish)
      .catch(() => null)
      .finally(() => this.#landed(lane));
    lane.flight = { key: keyOf(wish), answer };
    return answer;
  }

  #landed(lane: Lane): void {
    lane.flying = false;
    lane.flight = null;
    if (this.#leaving.signal.aborted) return;
    const { next } = lane;
    lane.next = null;
    if (next) {
      void this.ask(next.wish).then(next.resolve);
      return;
    }
    const ahead = lane.later.shift();
    if (!ahead) return;
    if (this.#held.has(keyOf(ahead))) {
      this.#landed(lane);
      return;
    }
    lane.flying = true;
    void this.#fetch(ahead)
      .catch(() => null)
      .finally(() => this.#landed(lane));
  }

  async #make(wish: PreviewWish): Promise<Preview | null> {
    const key = keyOf(wish);
    const held = await this.#fetch(wish);
    const picture = await this.#picture(wish, held);
    if (!picture) return null;
    if (this.#leaving.signal.aborted) {
      picture.close();
      return null;
    }
    const preview = { picture, mediaTimeMs: held.mediaTimeMs };
    touch(this.#pictures, key, preview);
    for (const [oldest, { picture: old }] of this.#pictures) {
      if (this.#pictures.size <= MOST_PICTURES) break;
      this.#pictures.delete(oldest);
      old.close();
    }
    return preview;
  }

  async #picture(wish: PreviewWish, held: Held): Promise<ImageBitmap | null> {
    if (held.bytes) {
      try {
        const { decodeKeyframe } = await import('./frame-decoder.ts');
        return await decodeKeyframe(held.bytes);
      } catch {
        this.#decodes = false;
        return createImageBitmap((await this.#fetchStill(wish)).blob ?? new Blob());
      }
    }
    return held.blob ? createImageBitmap(held.blob) : null;
  }

  async #fetch(wish: PreviewWish): Promise<Held> {
    const key = keyOf(wish);
    const known = this.#held.get(key);
    if (known) {
      touch(this.#held, key, known);
      return known;
    }
    if (!this.#decodes || typeof VideoDecoder === 'undefined') return this.#fetchStill(wish);
    const url = decodable(mediaPaths.keyframe(wish.cameraId, wish.stream, atOf(wish)), wish.codecString);
    const answer = await this.#get(url);
    const bytes = await answer.arrayBuffer();
    return this.#hold(key, { bytes, blob: null, mediaTimeMs: timeOf(answer, wish), size: bytes.byteLength });
  }

  async #fetchStill(wish: PreviewWish): Promise<Held> {
    const answer = await this.#get(mediaPaths.snapshot(wish.cameraId, atOf(wish)));
    const blob = await answer.blob();
    return this.#hold(keyOf(wish), { bytes: null, blob, mediaTimeMs: timeOf(answer, wish), size: blob.size });
  }

  async #get(url: string): Promise<Response> {
    const answer = await fetch(url, { signal: this.#leaving.signal });
    if (!answer.ok) throw new Error(`preview ${answer.status}`);
    return answer;
  }

  #hold(key: string, held: Held): Held {
    this.#bytes += held.size - (this.#held.get(key)?.size ?? 0);
    touch(this.#held, key, held);
    for (const [oldest, { size }] of this.#held) {
      if (this.#bytes <= MOST_BYTES || oldest === key) break;
      this.#held.delete(oldest);
      this.#bytes -= size;
    }
    return held;
  }
}

/** The end of the step, so that a keyframe inside it counts. */
const atOf = ({ atMs }: PreviewWish) => (Math.floor(atMs / PREVIEW_STEP_MS) + 1) * PREVIEW_STEP_MS - 1;
const keyOf = (wish: PreviewWish) => `${wish.cameraId} ${wish.stream} ${atOf(wish)}`;
const timeOf = (answer: Response, wish: PreviewWish) => Number(answer.headers.get('x-media-time') ?? atOf(wish));

/** A map keeps the order of insertion: what was used last stands last. */
function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
}
