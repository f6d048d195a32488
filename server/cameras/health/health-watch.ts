import { type HealthChange, type HealthPart, healthPart, type PartHealth } from '../../contracts/camera-health.ts';
import type { CameraStream } from '../../contracts/cameras.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { Events } from '../../platform/events.ts';
import type { Logger } from '../../platform/log.ts';
import type { CameraHealthRow, CameraHealthStore } from '../../storage/camera-health.store.ts';
import { fromFlag, toFlag } from '../../storage/columns.ts';
import { comes, judgeHealth, type PartVerdict } from './health-policy.ts';
import type { CameraList, KnownCamera, StreamSource } from './hosts.ts';
import { followSpell, type Spell } from './lasting-policy.ts';
import type { PictureSign } from './picture-policy.ts';

/** Trouble that lasts, and its end. Told once a spell, however often the part comes and goes meanwhile. */
export interface CameraHealthEvents {
  'camera.troubled': { cameraId: string; part: HealthPart; cause: string; sinceMs: number; atMs: number };
  'camera.recovered': { cameraId: string; part: HealthPart; sinceMs: number; atMs: number };
  /** A part has another state or cause. */
  changed: { cameraId: string };
}

/** Trouble that goes on: told of at every look, with all cameras that are away just now. */
export interface GoingTrouble {
  camera: KnownCamera;
  part: HealthPart;
  cause: string;
  sinceMs: number;
}

export interface HealthWatchOptions {
  store: CameraHealthStore;
  cameras: CameraList;
  source: Pick<StreamSource, 'states'>;
  sign: (cameraId: string) => PictureSign | null;
  skewMs: (cameraId: string) => number | null | undefined;
  /** When the camera said goodbye, if it was not heard of since. */
  byeAtMs?: (cameraId: string) => number | null;
  clock: Clock;
  log: Logger;
  /** Trouble is told once it has lasted so long. */
  lastingMs: number;
  /** How often a picture is judged: it takes several to know again what was known before a start. */
  sampleMs: number;
  onTrouble: (going: readonly GoingTrouble[], away: number) => void;
  onSpellEnd: (cameraId: string, sinceMs: number, atMs: number) => void;
}

interface Part {
  row: CameraHealthRow;
  /** What stands last in the history. */
  logged: string;
  /** Since when nothing is known; what was known before stands for a while. */
  unknownSinceMs: number | null;
}

const lookEveryMs = 15_000;
const soonMs = 300;
/** As long as a stream takes to be seen to have ended. */
const byeBelievedMs = 10_000;
/** A stream that is starting tells nothing: what was known before stands for so long. */
const believedMs = 120_000;
const believedSamples = 5;

/** How every camera does, part by part: gathers what is known, keeps every change, and tells of trouble that lasts. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #events: Events<CameraHealthEvents>;
  readonly #parts = new Map<string, Map<HealthPart, Part>>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#events = new Events(options.log);
  }

  on<K extends keyof CameraHealthEvents>(name: K, listener: (payload: CameraHealthEvents[K]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Reads what an earlier run knew; spells go on. */
  async read(): Promise<void> {
    for (const row of await this.#options.store.now()) {
      this.#partsOf(row.camera_id).set(row.part, { row, logged: loggedAs(row), unknownSinceMs: null });
    }
  }

  start(): void {
    this.#timer = setInterval(() => this.lookSoon(), lookEveryMs);
    this.#timer.unref();
    this.lookSoon();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#turn;
  }

  /** Something changed: looks once for all that changes within a moment. */
  lookSoon(): void {
    if (this.#stopped || this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.look().catch((error) =>
        this.#options.log.error({ err: error }, 'the health of cameras could not be looked at'),
      );
    }, soonMs);
    this.#soon.unref();
  }

  look(): Promise<void> {
    const turn = this.#turn.then(() => this.#look());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Five parts, in their order. */
  partsOf(cameraId: string): PartHealth[] {
    const known = this.#parts.get(cameraId);
    const nowMs = this.#options.clock.nowMs();
    return healthPart.options.map((part) => {
      const row = known?.get(part)?.row;
      if (row === undefined) return { part, state: 'unknown', sinceMs: nowMs, cause: null, detail: null };
      return { part, state: row.state, sinceMs: row.since_ms, cause: row.cause, detail: row.detail };
    });
  }

  /** The first part whose trouble has lasted. */
  troubleOf(cameraId: string): HealthPart | null {
    const known = this.#parts.get(cameraId);
    return healthPart.options.find((part) => fromFlag(known?.get(part)?.row.spell_told ?? 0)) ?? null;
  }

  /** A page of what changed, newest first. Errors: `cursor_invalid`. */
  async changes(
    cameraId: string,
    cursor: string | undefined,
    limit: number,
  ): Promise<{ items: HealthChange[]; next: string | null }> {
    const before = cursor === undefined ? null : /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
    if (Number.isNaN(before)) throw new AppError('invalid', 'cursor_invalid');
    const rows = await this.#options.store.changes(cameraId, before, limit + 1);
    const items = rows.slice(0, limit);
    return {
      items: items.map(({ part, at_ms, state, cause }) => ({ part, atMs: at_ms, state, cause })),
      next: rows.length > limit ? String(items.at(-1)?.seq) : null,
    };
  }

  async forget(cameraId: string): Promise<void> {
    this.#parts.delete(cameraId);
    const turn = this.#turn.then(() => this.#options.store.forget(cameraId));
    this.#turn = turn.catch(() => {});
    await turn;
  }

  #partsOf(cameraId: string): Map<HealthPart, Part> {
    const known = this.#parts.get(cameraId) ?? new Map<HealthPart, Part>();
    this.#parts.set(cameraId, known);
    return known;
  }

  async #look(): Promise<void> {
    const { cameras, source, store, onTrouble } = this.#options;
    const nowMs = this.#options.clock.nowMs();
    const states = new Map((await source.states()).map(({ cameraId, streams }) => [cameraId, streams]));
    const rows: CameraHealthRow[] = [];
    const changed: Parameters<CameraHealthStore['put']>[1][number][] = [];
    const news: (() => void)[] = [];
    const going: GoingTrouble[] = [];
    let away = 0;
    for (const camera of cameras.list()) {
      for (const verdict of this.#judge(camera, states.get(camera.id) ?? [])) {
        const step = this.#step(camera.id, verdict, nowMs);
        if (verdict.part === 'reachable' && step.row.state === 'trouble') away += 1;
        if (step.isNew) rows.push(step.row);
        if (step.logged !== null) changed.push(step.logged);
        news.push(...step.news);
        const { part, state, cause, spell_told, spell_from_ms } = step.row;
        if (state === 'trouble' && fromFlag(spell_told)) {
          going.push({ camera, part, cause: cause ?? 'unknown', sinceMs: spell_from_ms ?? nowMs });
        }
      }
    }
    if (rows.length > 0) await store.put(rows, changed);
    // What is told has been kept first: a start after a crash tells nothing twice.
    for (const tell of news) tell();
    for (const { camera_id } of changed) this.#events.emit('changed', { cameraId: camera_id });
    if (going.length > 0) onTrouble(going, away);
  }

  #judge(camera: KnownCamera, streams: readonly CameraStream[]): PartVerdict[] {
    const { sign, skewMs, byeAtMs, clock } = this.#options;
    const { id, enabled, onvif } = camera;
    const byeMs = byeAtMs?.(id) ?? null;
    // Its word is believed at once, but not for long while frames still come: anybody can say goodbye in its name.
    const away = byeMs !== null && (clock.nowMs() - byeMs < byeBelievedMs || !streams.some(comes));
    const saidByeMs = away ? byeMs : null;
    return judgeHealth({ enabled, streams, saidByeMs, sign: sign(id), hasClock: onvif !== null, skewMs: skewMs(id) });
  }

  /** What a verdict makes of a part. */
  #step(cameraId: string, verdict: PartVerdict, nowMs: number) {
    const parts = this.#partsOf(cameraId);
    const { part } = verdict;
    const known = parts.get(part);
    const unknownSinceMs = verdict.state === 'unknown' ? (known?.unknownSinceMs ?? nowMs) : null;
    const keeps = known !== undefined && unknownSinceMs !== null && nowMs - unknownSinceMs < this.#believedMs(part);
    const before = known?.row;
    const stays = before !== undefined && (keeps || (before.state === verdict.state && before.cause === verdict.cause));
    const spell = before && spellOf(before);
    const { spell: next, tell } = followSpell(
      spell ?? null,
      spellState(verdict),
      nowMs,
      this.#options.lastingMs,
      verdict.sinceMs ?? nowMs,
    );
    const row: CameraHealthRow = {
      camera_id: cameraId,
      part,
      state: stays ? before.state : verdict.state,
      cause: stays ? before.cause : verdict.cause,
      detail: keeps ? (before?.detail ?? null) : verdict.detail,
      since_ms: stays ? before.since_ms : Math.min(nowMs, Math.max(verdict.sinceMs ?? nowMs, before?.since_ms ?? 0)),
      spell_from_ms: next?.fromMs ?? null,
      spell_well_ms: next?.wellSinceMs ?? null,
      spell_told: toFlag(next?.told ?? false),
    };
    const isNew =
      before === undefined ||
      Object.entries(row).some(([key, value]) => before[key as keyof CameraHealthRow] !== value);
    const says = row.state !== 'blocked' && loggedAs(row) !== known?.logged;
    parts.set(part, { row, logged: says ? loggedAs(row) : (known?.logged ?? ''), unknownSinceMs });
    const { state, cause, since_ms: atMs } = row;
    return {
      row,
      isNew,
      logged: says ? { camera_id: cameraId, part, at_ms: atMs, state, cause } : null,
      news: this.#news(cameraId, row, tell, spell ?? null, next, nowMs),
    };
  }

  #believedMs(part: HealthPart): number {
    return part === 'picture' ? believedMs + believedSamples * this.#options.sampleMs : believedMs;
  }

  #news(
    cameraId: string,
    { part, cause }: CameraHealthRow,
    tell: 'troubled' | 'recovered' | null,
    before: Spell | null,
    next: Spell | null,
    atMs: number,
  ): (() => void)[] {
    const news: (() => void)[] = [];
    const sinceMs = (next ?? before)?.fromMs ?? atMs;
    if (tell === 'troubled') {
      const told = { cameraId, part, cause: cause ?? 'unknown', sinceMs, atMs };
      news.push(() => {
        this.#options.log.warn(
          { camera: cameraId, part, cause: told.cause },
          'a camera has been in trouble for some time',
        );
        this.#events.emit('camera.troubled', told);
      });
    } else if (tell === 'recovered') {
      news.push(() => {
        this.#options.log.info({ camera: cameraId, part }, 'a camera does well again');
        this.#events.emit('camera.recovered', { cameraId, part, sinceMs, atMs });
      });
    }
    if (before !== null && next === null) {
      const endMs = before.wellSinceMs ?? atMs;
      news.push(() => this.#options.onSpellEnd(cameraId, before.fromMs, endMs));
    }
    return news;
  }
}

const loggedAs = ({ state, cause }: CameraHealthRow) => `${state} ${cause ?? ''}`;

function spellOf({ spell_from_ms, spell_well_ms, spell_told }: CameraHealthRow): Spell | null {
  if (spell_from_ms === null) return null;
  return { fromMs: spell_from_ms, wellSinceMs: spell_well_ms, told: fromFlag(spell_told) };
}

/** Outside its hours nothing is known of a camera; one that was switched off is nobody's trouble. */
function spellState({ state, cause }: PartVerdict): 'trouble' | 'well' | 'unknown' {
  if (state === 'trouble') return 'trouble';
  if (state === 'good' || (state === 'off' && cause !== 'schedule')) return 'well';
  return 'unknown';
}
