import type { StreamName } from '../../contracts/common.ts';
import { AppError, errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { PictureSample, StreamPlace } from '../recorder.ts';
import type { FfmpegSettings } from '../stream/ffmpeg.ts';
import { type KeyframePicture, keyframePicture } from './keyframe-picture.ts';
import { decodeSmall, picturesAtOnce } from './picture-decoder.ts';

interface Taken extends StreamPlace {
  mediaTimeMs: number;
  picture: KeyframePicture;
}

/** Small pictures of the newest keyframes that streams have in memory, for many cameras in one run of a decoder; one run at a time. */
export class Samples {
  readonly #ffmpeg: FfmpegSettings;
  readonly #log: Logger;
  readonly #stopping: AbortSignal;
  readonly #newest: (cameraId: string, stream: StreamName) => { bytes: () => Uint8Array; mediaTimeMs: number } | null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    ffmpeg: FfmpegSettings;
    log: Logger;
    stopping: AbortSignal;
    newest: (cameraId: string, stream: StreamName) => { bytes: () => Uint8Array; mediaTimeMs: number } | null;
  }) {
    this.#ffmpeg = parts.ffmpeg;
    this.#log = parts.log;
    this.#stopping = parts.stopping;
    this.#newest = parts.newest;
  }

  /** Without those that are not live or cannot be decoded. Errors: `samples_too_many`, `recorder_stopped`, `still_failed`. */
  take(places: readonly StreamPlace[]): Promise<PictureSample[]> {
    if (places.length > picturesAtOnce) throw new AppError('invalid', 'samples_too_many');
    const turn = this.#turn.then(() => this.#take(places));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #take(places: readonly StreamPlace[]): Promise<PictureSample[]> {
    if (this.#stopping.aborted) throw new AppError('unavailable', 'recorder_stopped');
    const byCodec = Map.groupBy(
      places.flatMap((place) => this.#read(place)),
      ({ picture }) => picture.codec,
    );
    const samples: PictureSample[] = [];
    for (const [codec, taken] of byCodec) {
      const small = await decodeSmall(
        this.#ffmpeg,
        codec,
        taken.map(({ picture }) => picture),
        this.#stopping,
      );
      for (const [i, { cameraId, stream, mediaTimeMs }] of taken.entries()) {
        const picture = small[i];
        if (picture) samples.push({ cameraId, stream, mediaTimeMs, ...picture });
      }
    }
    return samples;
  }

  #read({ cameraId, stream }: StreamPlace): Taken[] {
    const newest = this.#newest(cameraId, stream);
    try {
      const picture = newest && keyframePicture(newest.bytes());
      return newest && picture ? [{ cameraId, stream, mediaTimeMs: newest.mediaTimeMs, picture }] : [];
    } catch (error) {
      this.#log.debug({ camera: cameraId, stream, reason: errorMessage(error) }, 'a keyframe could not be sampled');
      return [];
    }
  }
}
