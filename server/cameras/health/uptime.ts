import type { UptimeDay } from '../../contracts/camera-health.ts';
import type { Stretch } from '../../contracts/common.ts';
import type { Clock } from '../../platform/clock.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { CameraHealthStore, CameraUptimeRow } from '../../storage/camera-health.store.ts';
import type { CameraList, StreamSource } from './hosts.ts';
import { uptimeOf } from './uptime-policy.ts';

const shownDays = 30;
const dayMs = 24 * 3_600_000;
const lookEveryMs = 10 * 60_000;

export interface UptimeLogOptions {
  store: CameraHealthStore;
  cameras: CameraList;
  source: Pick<StreamSource, 'timeline'>;
  /** The local date of a moment, YYYY-MM-DD, and its first moment. */
  dayOf: (atMs: number) => string;
  startOfDay: (day: string) => number;
  clock: Clock;
  log: Logger;
  /** Changes and days are kept for so long. */
  keptMs: number;
}

/** What each day of each camera was: kept once the day is over, before retention takes the footage that tells it. */
export class UptimeLog {
  readonly #options: UptimeLogOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;
  #closedDay = '';

  constructor(options: UptimeLogOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.closeDays(), lookEveryMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#turn;
  }

  /** Up to now, oldest first; without days before the camera was there. */
  async days(cameraId: string): Promise<UptimeDay[]> {
    const { store, cameras, dayOf, clock } = this.#options;
    const camera = cameras.get(cameraId);
    if (camera === undefined) return [];
    const nowMs = clock.nowMs();
    const days = daysUpTo(dayOf(nowMs), shownDays).filter((day) => day >= dayOf(camera.createdAtMs));
    const kept = new Map((await store.uptime(cameraId, days[0] ?? '')).map((row) => [row.day, row]));
    const shown: UptimeDay[] = [];
    for (const day of days) {
      const row = kept.get(day) ?? (await this.#account(cameraId, day, nowMs));
      if (!kept.has(day) && day < dayOf(nowMs)) await store.putUptime(row);
      shown.push({ day, scheduledMs: row.scheduled_ms, recordedMs: row.recorded_ms, healthyMs: row.healthy_ms });
    }
    return shown;
  }

  /** Keeps the account of yesterday of every camera, once a day, and lets go what is too old. */
  closeDays(): Promise<void> {
    this.#turn = this.#turn.then(() =>
      this.#close().catch((error) => {
        this.#options.log.warn(
          { reason: errorMessage(error) },
          'the accounts of the day could not be kept; they are tried again',
        );
      }),
    );
    return this.#turn;
  }

  async #close(): Promise<void> {
    const { store, cameras, dayOf, clock, keptMs } = this.#options;
    const nowMs = clock.nowMs();
    const today = dayOf(nowMs);
    if (this.#closedDay === today) return;
    const yesterday = daysUpTo(today, 2)[0] ?? today;
    for (const { id, createdAtMs } of cameras.list()) {
      if (this.#stopped) return;
      if (yesterday < dayOf(createdAtMs) || (await store.uptime(id, yesterday)).some(({ day }) => day === yesterday))
        continue;
      await store.putUptime(await this.#account(id, yesterday, nowMs));
    }
    await store.deleteBefore(nowMs - keptMs, dayOf(nowMs - keptMs));
    this.#closedDay = today;
  }

  async #account(cameraId: string, day: string, nowMs: number): Promise<CameraUptimeRow> {
    const { store, source, startOfDay } = this.#options;
    const fromMs = startOfDay(day);
    const toMs = Math.min(startOfDay(nextDay(day)), nowMs);
    const [timeline, changes] = await Promise.all([
      source.timeline(cameraId, 'main', fromMs, toMs),
      store.changesOf(cameraId, 'picture', fromMs, toMs),
    ]);
    const troubles = changes.flatMap(({ state, at_ms }, i): Stretch[] =>
      state === 'trouble' ? [{ fromMs: at_ms, toMs: changes[i + 1]?.at_ms ?? toMs }] : [],
    );
    const { scheduledMs, recordedMs, healthyMs } = uptimeOf(timeline, troubles, fromMs, toMs);
    return { camera_id: cameraId, day, scheduled_ms: scheduledMs, recorded_ms: recordedMs, healthy_ms: healthyMs };
  }
}

/** Plain dates need no zone to be counted. */
function daysUpTo(day: string, count: number): string[] {
  const last = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: count }, (_, i) => isoDay(last - (count - 1 - i) * dayMs));
}

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const nextDay = (day: string) => isoDay(Date.parse(`${day}T00:00:00Z`) + dayMs);
