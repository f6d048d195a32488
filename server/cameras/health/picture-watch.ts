import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { NotCompared } from '../../contracts/camera-health.ts';
import type { StreamName } from '../../contracts/common.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { type CameraList, type StreamSource, sampledStream } from './hosts.ts';
import { noPicture, type PictureMemory, withSign } from './picture-memory-policy.ts';
import { judgePicture, type LightKind, type PictureSign, type Signature, signatureOf } from './picture-policy.ts';

/** As many as the recorder decodes in one run. */
const atOnce = 16;
/** After so many rounds without a picture nothing is known any more. */
const mostMissed = 3;

interface Seen extends PictureMemory {
  kind: LightKind | null;
  missed: number;
}

export interface PictureWatchOptions {
  cameras: CameraList;
  source: StreamSource;
  referencesOf: (cameraId: string) => Signature[];
  log: Logger;
  everyMs: number;
  /** A round is over. */
  onRound: () => void;
}

/** Looks at one keyframe of every camera now and then, and remembers what it showed. */
export class PictureWatch {
  readonly #options: PictureWatchOptions;
  readonly #seen = new Map<string, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #stopped = false;

  constructor(options: PictureWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { everyMs, log } = this.#options;
    this.#timer = setTimeout(() => {
      this.round()
        .catch((error) => log.warn({ reason: errorMessage(error) }, 'no pictures to judge'))
        .finally(() => {
          if (!this.#stopped) this.start();
        });
    }, everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round?.catch(() => {});
  }

  /** What is believed of a camera's picture; null before enough was seen. */
  sign(cameraId: string): PictureSign | null {
    return this.#seen.get(cameraId)?.sign ?? null;
  }

  /** What keeps focus and place from being judged; null where they are. */
  notCompared(cameraId: string): NotCompared | null {
    const { cameras, referencesOf } = this.#options;
    if (cameras.get(cameraId)?.ptz) return 'steered';
    const references = referencesOf(cameraId);
    if (references.length === 0) return 'no_reference';
    const kind = this.#seen.get(cameraId)?.kind ?? null;
    if (kind === null || references.some((one) => one.kind === kind)) return null;
    return kind === 'day' ? 'no_day_reference' : 'no_night_reference';
  }

  /** Begins anew with a camera. */
  forget(cameraId: string): void {
    this.#seen.delete(cameraId);
  }

  /** Looks at all cameras once, a run of the decoder after the other; joins a round that is under way. */
  round(): Promise<void> {
    this.#round ??= this.#look().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  async #look(): Promise<void> {
    const { cameras, source, onRound } = this.#options;
    const states = new Map((await source.states()).map(({ cameraId, streams }) => [cameraId, streams]));
    const places = cameras.list().flatMap((camera) => {
      const stream = sampledStream(camera, states.get(camera.id) ?? []);
      return stream === null ? [] : [{ cameraId: camera.id, stream }];
    });
    const unseen = new Set(this.#seen.keys());
    for (let from = 0; from < places.length && !this.#stopped; from += atOnce) {
      for (const cameraId of await this.#judge(places.slice(from, from + atOnce))) unseen.delete(cameraId);
    }
    for (const cameraId of unseen) this.#miss(cameraId);
    onRound();
  }

  async #judge(places: readonly { cameraId: string; stream: StreamName }[]): Promise<string[]> {
    const { cameras, source, referencesOf } = this.#options;
    const judged: string[] = [];
    for (const sample of await source.samples(places)) {
      const { cameraId } = sample;
      const now = signatureOf(sample);
      const { sign } = judgePicture(now, referencesOf(cameraId), cameras.get(cameraId)?.ptz ?? false);
      this.#seen.set(cameraId, { ...withSign(this.#seen.get(cameraId) ?? noPicture, sign), kind: now.kind, missed: 0 });
      judged.push(cameraId);
      await yieldToOthers();
    }
    return judged;
  }

  #miss(cameraId: string): void {
    const seen = this.#seen.get(cameraId);
    if (seen === undefined) return;
    if (this.#options.cameras.get(cameraId) === undefined || seen.missed >= mostMissed) this.#seen.delete(cameraId);
    else this.#seen.set(cameraId, { ...seen, missed: seen.missed + 1 });
  }
}
