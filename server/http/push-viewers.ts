import type { Writable } from 'node:stream';
import type { Actor } from '../access/actor.ts';
import { mayWatch } from '../access/scope.ts';
import type { StreamName } from '../contracts/common.ts';
import type { PushPart, PushViewer } from '../recorder/recorder.ts';
import { type Exchange, untilClosed } from './exchange.ts';
import type { Services } from './services.ts';

export const pushLimits = {
  /** What may wait to be sent to one viewer, whatever the bit rate. */
  queuedBytes: 4 * 2 ** 20,
  /** A viewer to whom more than this waits to be sent would see the past: the newest keyframe serves better. */
  queuedSeconds: 3,
  /** Sessions and rights are looked at so often while the stream goes on, and the log of views is told. */
  lookEveryMs: 2000,
};

export interface PushOrder {
  cameraId: string;
  stream: StreamName;
  as?: 'h264';
  token: string;
  actor: Actor;
  exchange: Exchange;
  headers: Record<string, string>;
}

type PushServices = Pick<Services, 'clock' | 'log' | 'sessions' | 'directory' | 'recorder' | 'viewLog'>;

/** All push streams that are being sent: backpressure for each, and the same rights as at the start for as long as it lasts. */
export class PushViewers {
  readonly #services: PushServices;
  readonly #viewers = new Set<Viewer>();
  #timer: NodeJS.Timeout | undefined;
  /** How often a viewer that could not keep up was given the next keyframe, since the start. */
  skips = 0;

  constructor(services: PushServices) {
    this.#services = services;
  }

  get count(): number {
    return this.#viewers.size;
  }

  /** Sends the stream until it ends, the client goes, or the right to see it does. Errors: those of `Recorder.livePush`. */
  async send(order: PushOrder): Promise<void> {
    const { recorder, log } = this.#services;
    const { cameraId, stream, as, exchange } = order;
    const gone = untilClosed(exchange);
    const viewer = new Viewer(order, () => {
      this.skips += 1;
    });
    viewer.onFailed = (error) => {
      log.warn({ err: error, camera: cameraId }, 'a push stream failed');
      viewer.cut();
    };
    const unfollow = await recorder.livePush(cameraId, stream, viewer, as);
    if (gone.aborted) return unfollow();
    this.#viewers.add(viewer);
    this.#timer ??= setInterval(() => void this.#look(), pushLimits.lookEveryMs).unref();
    gone.addEventListener('abort', () => {
      unfollow();
      this.#seen(viewer);
      this.#viewers.delete(viewer);
      if (this.#viewers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  /** One look at each session, whatever the number of its tiles. */
  async #look(): Promise<void> {
    const { sessions, directory, log } = this.#services;
    const actors = new Map<string, Promise<Actor | undefined>>();
    for (const viewer of [...this.#viewers]) {
      const { token, cameraId } = viewer.order;
      let asked = actors.get(token);
      if (asked === undefined) {
        asked = sessions.resolve(token).then((session) => session?.actor);
        actors.set(token, asked);
      }
      try {
        const actor = await asked;
        const camera = directory.get(cameraId);
        if (actor === undefined || camera === undefined || !mayWatch(actor, camera.unitId)) viewer.cut();
        else this.#seen(viewer);
      } catch (error) {
        log.warn({ err: error }, 'a session could not be looked at, so its push stream ends');
        viewer.cut();
      }
    }
  }

  #seen(viewer: Viewer): void {
    const seen = viewer.takeSeen();
    if (seen === null) return;
    const { actor, cameraId, stream } = viewer.order;
    const [mediaFromMs, mediaToMs] = seen;
    this.#services.viewLog.seen({ actor, cameraId, stream, kind: 'live', mediaFromMs, mediaToMs });
  }
}

class Viewer implements PushViewer {
  readonly order: PushOrder;
  onFailed: (error: unknown) => void = () => {};
  readonly #onSkip: () => void;
  #out: Writable | null = null;
  #skipping = false;
  #sentBytes = 0;
  #sentSeconds = 0;
  #seen: [number, number] | null = null;

  constructor(order: PushOrder, onSkip: () => void) {
    this.order = order;
    this.#onSkip = onSkip;
  }

  init(bytes: Uint8Array, codecString: string): void {
    const { headers } = this.order;
    headers['x-codec'] ??= codecString;
    // The header has been sent, and no decoder changes its kind: who asks again is told the new codec.
    if (headers['x-codec'] !== codecString) this.end();
    // Without its init no later part can be shown, and it is small: it is always sent.
    else this.#begun().write(bytes);
  }

  part({ bytes, independent, fromMs, toMs }: PushPart): void {
    const out = this.#begun();
    if (out.writableEnded || out.destroyed) return;
    const queued = out.writableLength;
    if (this.#skipping) {
      if (!independent || queued > this.#bound() / 4) return;
      this.#skipping = false;
    } else if (queued + bytes.byteLength > this.#bound()) {
      this.#skipping = true;
      this.#onSkip();
      return;
    }
    out.write(bytes);
    this.#sentBytes += bytes.byteLength;
    this.#sentSeconds += (toMs - fromMs) / 1000;
    this.#seen = [Math.min(this.#seen?.[0] ?? fromMs, fromMs), Math.max(this.#seen?.[1] ?? toMs, toMs)];
  }

  end(): void {
    const out = this.#begun();
    if (!out.writableEnded) out.end();
  }

  failed(error: unknown): void {
    this.onFailed(error);
  }

  /** Ends the stream without sending what waits. */
  cut(): void {
    this.order.exchange.cut();
  }

  /** The stretch that has been sent since the last call. */
  takeSeen(): [number, number] | null {
    const seen = this.#seen;
    this.#seen = null;
    return seen === null ? null : [Math.floor(seen[0]), Math.ceil(seen[1])];
  }

  #begun(): Writable {
    if (this.#out === null) {
      const { exchange, headers } = this.order;
      this.#out = exchange.begin(200, headers);
    }
    return this.#out;
  }

  #bound(): number {
    const rate = this.#sentSeconds === 0 ? Number.POSITIVE_INFINITY : this.#sentBytes / this.#sentSeconds;
    return Math.min(pushLimits.queuedBytes, Math.max(256 * 1024, rate * pushLimits.queuedSeconds));
  }
}
