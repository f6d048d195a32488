import type { Clock } from '../platform/clock.ts';
import { errorMessage } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { CameraRecord } from './camera-record.ts';
import { type Announced, AnnouncementListener } from './onvif/announcement-listener.ts';
import { Limiter } from './onvif/limiter.ts';

export interface AnnouncementsOptions {
  clock: Clock;
  log: Logger;
  cameras: () => readonly CameraRecord[];
  /** Looks whether the camera is there now, and moves it; throws where it does not. */
  relocate: (cameraId: string, onvif: string, signal: AbortSignal) => Promise<unknown>;
  /** A camera said goodbye, or is back. */
  onChange: (cameraId: string) => void;
  loopback: boolean;
  interfaces?: readonly string[];
  port?: number;
}

/** Somebody who says Hello in a camera's name makes us ask at most so often. */
const askAgainMs = 60_000;

/**
 * Follows what cameras say of themselves: one that says Hello from another address is looked at there and moved, one that says Bye is
 * marked as away until it is heard of again. All of it is bounded by the number of known cameras.
 */
export class CameraAnnouncements {
  readonly #options: AnnouncementsOptions;
  readonly #listener: AnnouncementListener;
  readonly #limiter = new Limiter(4);
  readonly #over = new AbortController();
  readonly #askedAtMs = new Map<string, number>();
  readonly #byeAtMs = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
    this.#listener = new AnnouncementListener({ ...options, onAnnounced: (announced) => this.heard(announced) });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  async stop(): Promise<void> {
    this.#listener.stop();
    this.#over.abort();
    await Promise.all(this.#running);
  }

  /** When the camera said goodbye, if nothing was heard of it since; UTC epoch ms. */
  byeAtMs(cameraId: string): number | null {
    return this.#byeAtMs.get(cameraId) ?? null;
  }

  /** It answers or sends again. */
  back(cameraId: string): void {
    if (this.#byeAtMs.delete(cameraId)) this.#options.onChange(cameraId);
  }

  heard({ kind, endpoint, url, source }: Announced): void {
    const camera = this.#options.cameras().find((known) => known.endpoint === endpoint);
    if (!camera?.onvif || !camera.enabled) return;
    const here = new URL(camera.onvif);
    if (kind === 'bye') {
      // Goodbye is believed of the address that the camera has; whatever else says it in its name is not it.
      if (isNumeric(here.hostname) && here.hostname.replace(/^\[|\]$/g, '') !== source) return;
      this.#byeAtMs.set(camera.id, this.#options.clock.nowMs());
      this.#options.log.info({ camera: camera.id }, 'camera said goodbye');
      this.#options.onChange(camera.id);
      return;
    }
    if (url && here.protocol === 'https:' && url.protocol === 'http:') {
      // Never from https back to http; the pinned certificate tells the rest.
      url.protocol = 'https:';
      url.port = here.port;
    }
    if (!url || url.origin === here.origin) this.back(camera.id);
    // A camera known by its name in DNS is found by it.
    else if (isNumeric(here.hostname)) this.#move(camera.id, url);
  }

  #move(cameraId: string, url: URL): void {
    const { clock, log, relocate } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - (this.#askedAtMs.get(cameraId) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return;
    this.#askedAtMs.set(cameraId, nowMs);
    const { signal } = this.#over;
    const running = this.#limiter
      .run(() => relocate(cameraId, url.href, signal), signal)
      .then(
        () => {
          this.#askedAtMs.delete(cameraId);
          this.back(cameraId);
        },
        (error: unknown) => {
          if (!signal.aborted)
            log.warn(
              { camera: cameraId, host: url.host, reason: errorMessage(error) },
              'camera is not taken to have moved',
            );
        },
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}

function isNumeric(hostname: string): boolean {
  return /^[\d.]+$|^\[/.test(hostname);
}
