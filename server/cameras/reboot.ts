import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import { AppError, errorMessage } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { toldAsCamera } from './device-errors.ts';
import type { DeviceClient } from './onvif/device-client.ts';
import { reboot } from './onvif/device-write.ts';

export interface CameraRebootsOptions {
  /** Null where the camera has no ONVIF. */
  deviceOf: (cameraId: string, signal: AbortSignal) => Promise<DeviceClient | null>;
  /** Recording pauses, as planned, and goes on. */
  pause: (cameraId: string) => Promise<void>;
  resume: (cameraId: string) => Promise<void>;
  clock: Clock;
  log: Logger;
  /** A camera that was told to restart answers for some seconds more. */
  leastMs?: number;
  /** Then recording goes on whether it answers or not. */
  mostMs?: number;
  lookEveryMs?: number;
}

/** Restarts cameras. Until one answers again its streams are paused, so that the gap says that it was meant. */
export class CameraReboots {
  readonly #options: CameraRebootsOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #over = new AbortController();

  constructor(options: CameraRebootsOptions) {
    this.#options = options;
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#running.values());
  }

  /** Errors: `camera_without_onvif`, `reboot_running`, `camera_refused`, `camera_unreachable`, `camera_bad_credentials` and their kin. */
  async reboot(cameraId: string): Promise<{ message: string; expectedUntilMs: number }> {
    const { deviceOf, pause, clock, mostMs = 180_000 } = this.#options;
    if (this.#running.has(cameraId)) throw new AppError('conflict', 'reboot_running', { retry: true });
    const begun = Promise.withResolvers<void>();
    this.#running.set(cameraId, begun.promise);
    try {
      const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(15_000)]);
      const client = await deviceOf(cameraId, signal);
      if (!client) throw new AppError('invalid', 'camera_without_onvif');
      const message = await toldAsCamera(async () => {
        await client.readClock().catch(() => null);
        return reboot(client);
      });
      // Not before the camera has said yes: one that refuses is recorded on.
      await pause(cameraId);
      const untilMs = clock.monotonicMs() + mostMs;
      void this.#await(cameraId, untilMs).finally(() => this.#ended(cameraId, begun));
      return { message, expectedUntilMs: clock.nowMs() + mostMs };
    } catch (error) {
      this.#ended(cameraId, begun);
      throw error;
    }
  }

  #ended(cameraId: string, begun: PromiseWithResolvers<void>): void {
    this.#running.delete(cameraId);
    begun.resolve();
  }

  async #await(cameraId: string, untilMs: number): Promise<void> {
    const { resume, clock, log, leastMs = 10_000, lookEveryMs = 3_000 } = this.#options;
    const { signal } = this.#over;
    try {
      await delay(leastMs, undefined, { signal });
      while (clock.monotonicMs() < untilMs && !(await this.#answers(cameraId))) {
        await delay(lookEveryMs, undefined, { signal });
      }
      await resume(cameraId);
      log.info({ camera: cameraId }, 'camera is recorded again after its restart');
    } catch (error) {
      // The server ends: the next start records it.
      if (!signal.aborted)
        log.error({ camera: cameraId, err: errorMessage(error) }, 'recording did not go on after a restart');
    }
  }

  async #answers(cameraId: string): Promise<boolean> {
    const { signal } = this.#over;
    try {
      const client = await this.#options.deviceOf(cameraId, AbortSignal.any([signal, AbortSignal.timeout(5_000)]));
      await client?.readClock();
      return true;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }
}
