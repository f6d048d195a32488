import type { Child } from '../../platform/child-process.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { LiveWindow } from '../live/live-window.ts';
import { type FfmpegSettings, startConversion } from '../stream/ffmpeg.ts';
import { liveInputOptions, liveOutputOptions } from './encode-arguments.ts';
import { LiveTranscode } from './live-transcode.ts';
import type { TranscodeSlots } from './transcode-slots.ts';

/** A stream waits so long for a place, which a segment of playback may just be leaving. */
const placeMs = 2000;

export interface LiveTranscodeSettings {
  ffmpeg: FfmpegSettings;
  /** Starts a process that reads "init, then fragments" and writes the same in H.264; ffmpeg unless told. */
  start?: () => Child;
  slots: TranscodeSlots;
  clock: Clock;
  log: Logger;
  /** A transcode that nobody has asked for anything for so long is ended. */
  idleMs: number;
}

/** The transcodes of live streams: one for each that is watched, however many watch it. */
export class LiveTranscodes {
  readonly #settings: LiveTranscodeSettings;
  readonly #running = new Map<string, Promise<{ transcode: LiveTranscode; leave: () => void }>>();
  readonly #sweeping: NodeJS.Timeout;
  #stopped = false;

  constructor(settings: LiveTranscodeSettings) {
    this.#settings = settings;
    this.#sweeping = setInterval(() => void this.sweep(), Math.min(1000, settings.idleMs / 4)).unref();
  }

  /** The transcode of a stream, started when there is none. Errors: `transcodes_busy`. */
  async of(key: string, source: LiveWindow): Promise<LiveTranscode> {
    if (this.#stopped) throw new AppError('unavailable', 'recorder_stopped');
    const running = this.#running.get(key) ?? this.#begin(key, source);
    return (await running).transcode;
  }

  /** Errors: `media_gone` when the stream is not being transcoded. */
  async running(key: string): Promise<LiveTranscode> {
    const running = this.#running.get(key);
    if (running === undefined) throw new AppError('not_found', 'media_gone');
    return (await running).transcode;
  }

  /** Ends what nobody watches any more. */
  async sweep(): Promise<void> {
    const nowMs = this.#settings.clock.monotonicMs();
    for (const [key, running] of this.#running) {
      const { transcode } = await running.catch(() => ({ transcode: null }));
      const sinceMs = transcode?.unseenSinceMs ?? null;
      if (sinceMs !== null && nowMs - sinceMs >= this.#settings.idleMs) await this.end(key);
    }
  }

  /** Ends the transcode of a stream, if there is one. */
  async end(key: string): Promise<void> {
    const running = this.#running.get(key);
    this.#running.delete(key);
    const found = await running?.catch(() => undefined);
    await found?.transcode.end();
    found?.leave();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweeping);
    await Promise.all([...this.#running.keys()].map((key) => this.end(key)));
  }

  #begin(key: string, source: LiveWindow): Promise<{ transcode: LiveTranscode; leave: () => void }> {
    const { ffmpeg, slots, clock, log } = this.#settings;
    const begun = slots.enter(placeMs).then((leave) => {
      const start = this.#settings.start ?? (() => startLive(ffmpeg));
      return { transcode: new LiveTranscode(source, start, clock, log.child({ transcode: key })), leave };
    });
    this.#running.set(key, begun);
    begun.catch(() => {
      if (this.#running.get(key) === begun) this.#running.delete(key);
    });
    return begun;
  }
}

function startLive(ffmpeg: FfmpegSettings): Child {
  return startConversion(ffmpeg, {
    inputFormat: 'mp4',
    inputOptions: liveInputOptions,
    outputFormat: 'mp4',
    outputOptions: liveOutputOptions,
  });
}
