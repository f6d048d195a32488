import { LRUCache } from 'lru-cache';
import { AppError } from '../../platform/errors.ts';
import { StartGate } from '../stream/start-gate.ts';

export interface Still {
  jpeg: Uint8Array;
  mediaTimeMs: number;
}

const cacheBytes = 32 * 2 ** 20;
/** Decoding one picture takes a core for a moment; two at a time leave the rest to recording. */
const atOnce = 2;
/** More that wait would wait longer than anybody does. */
const mostWaiting = 60;

/** Stills by stream and moment: each is made once, a few at a time, however many ask. */
export class StillCache {
  readonly #cache = new LRUCache<string, Still>({
    maxSize: cacheBytes,
    sizeCalculation: (still) => still.jpeg.length + 200,
  });
  readonly #making = new Map<string, Promise<Still>>();
  readonly #gate = new StartGate(atOnce);
  readonly #render: (media: Uint8Array) => Promise<Uint8Array>;
  readonly #signal: AbortSignal;

  constructor(render: (media: Uint8Array) => Promise<Uint8Array>, signal: AbortSignal) {
    this.#render = render;
    this.#signal = signal;
  }

  /** `load` brings the init and fragment when the still is not there yet. */
  async still(key: string, mediaTimeMs: number, load: () => Promise<Uint8Array>): Promise<Still> {
    const id = `${key}/${mediaTimeMs}`;
    const ready = this.#cache.get(id);
    if (ready !== undefined) return ready;
    const known = this.#making.get(id);
    if (known !== undefined) return known;
    if (this.#making.size >= mostWaiting) throw new AppError('too_many', 'stills_busy');
    const making = this.#make(id, mediaTimeMs, load);
    this.#making.set(id, making);
    return making;
  }

  async #make(id: string, mediaTimeMs: number, load: () => Promise<Uint8Array>): Promise<Still> {
    try {
      const leave = await this.#gate.enter(this.#signal).catch((error) => {
        throw new AppError('unavailable', 'recorder_stopped', { cause: error });
      });
      try {
        const still = { jpeg: await this.#render(await load()), mediaTimeMs };
        this.#cache.set(id, still);
        return still;
      } finally {
        leave();
      }
    } finally {
      this.#making.delete(id);
    }
  }
}
