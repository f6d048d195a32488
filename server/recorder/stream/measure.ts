import type { Codec } from '../../contracts/cameras.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { type Fragment, joined } from '../fmp4/fragment-reader.ts';
import type { Init } from '../fmp4/init.ts';
import type { RecorderSource } from '../recorder.ts';
import { type FfmpegSettings, startCamera } from './ffmpeg.ts';
import { runStream } from './run-stream.ts';

export interface StreamMeasure {
  codec: Codec;
  width: number;
  height: number;
  fps: number | null;
  /** From keyframe to keyframe, in the mean; null where fewer than two came. */
  gopFrames: number | null;
  gopMs: number | null;
  gopLongerThanMs: number | null;
  kilobitsPerSecond: number | null;
  /** From the first frame on, in its own time. */
  measuredMs: number;
  /** Init and the first fragment, which begins with a keyframe. */
  picture: Uint8Array;
}

export interface MeasureOptions {
  /** Of video, from the first frame on; twice as much where no second keyframe has come. */
  forMs: number;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Reads a camera's stream for a few seconds, as it is recorded, and says what it is like.
 * Errors: `stream_unmeasured` with the cause of a stream in `params.cause`; `source_invalid`; the signal's reason.
 */
export async function measureStream(
  settings: FfmpegSettings,
  source: RecorderSource,
  { forMs, clock, signal }: MeasureOptions,
): Promise<StreamMeasure> {
  const counts = new Counts();
  const enough = new AbortController();
  const start = () => startCamera(settings, source, { stream: 'main', audio: 'none', timestamps: 'camera' });
  const listener = {
    init: (init: Init) => counts.begin(init),
    fragment: (fragment: Fragment) => {
      counts.add(fragment);
      if (counts.lastsMs >= (counts.keyframes > 1 ? forMs : 2 * forMs)) enough.abort();
    },
  };
  const end = await runStream(start, listener, clock, AbortSignal.any([signal, enough.signal]));
  signal.throwIfAborted();
  const measure = counts.result();
  if (!measure) throw new AppError('unavailable', 'stream_unmeasured', { params: { cause: end.cause } });
  return measure;
}

class Counts {
  keyframes = 0;
  #init: Init | null = null;
  #first: Uint8Array | null = null;
  #units = 0;
  #samples = 0;
  #bytes = 0;
  /** Frames and time up to the last keyframe. */
  #atKeyframe = { samples: 0, units: 0 };

  begin(init: Init): void {
    this.#init ??= init;
  }

  get lastsMs(): number {
    return (this.#units / (this.#init?.timescale ?? 1)) * 1_000;
  }

  add(fragment: Fragment): void {
    this.#first ??= joined([fragment.moof, ...fragment.mdat]);
    if (fragment.keyframe) {
      this.keyframes += 1;
      this.#atKeyframe = { samples: this.#samples, units: this.#units };
    }
    this.#units += fragment.duration;
    this.#samples += fragment.samples;
    this.#bytes += fragment.sampleBytes.reduce((sum, bytes) => sum + bytes, 0);
  }

  result(): StreamMeasure | null {
    const init = this.#init;
    if (!init || !this.#first || this.#samples === 0) return null;
    const seconds = this.lastsMs / 1_000;
    const groups = this.keyframes - 1;
    const { samples, units } = this.#atKeyframe;
    // Of these every frame is a keyframe, and several of them come in one piece.
    const alone = init.codec === 'mjpeg';
    const gopMs = groups > 0 ? (units / init.timescale / groups) * 1_000 : null;
    return {
      codec: init.codec,
      width: init.width,
      height: init.height,
      fps: seconds > 0 ? round(this.#samples / seconds, 10) : null,
      gopFrames: alone ? 1 : groups > 0 ? round(samples / groups, 10) : null,
      gopMs: alone ? Math.round(this.lastsMs / this.#samples) : gopMs === null ? null : Math.round(gopMs),
      gopLongerThanMs: alone || groups > 0 ? null : Math.round(this.lastsMs),
      kilobitsPerSecond: seconds > 0 ? Math.round((this.#bytes * 8) / 1_000 / seconds) : null,
      measuredMs: Math.round(this.lastsMs),
      picture: joined([init.bytes, this.#first]),
    };
  }
}

const round = (value: number, parts: number) => Math.round(value * parts) / parts;
