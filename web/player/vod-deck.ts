import type { StreamName } from '../../server/contracts/common.ts';
import { mediaPaths } from '../../server/contracts/media.ts';
import { canDecode, decodable } from './decodable.ts';
import type { Playable } from './playable.ts';
import type { Preview, PreviewFrames, PreviewWish } from './preview-frames.ts';
import { VodPlayer } from './vod-player.ts';
import { covers, landing, landingBackward, type Recorded, type Span, union } from './vod-policy.ts';
import type { VodSnapshot } from './vod-state.ts';
import { correction, MasterClock, modeOf } from './vod-sync-policy.ts';

type Source = { stream: StreamName; codecString: string | null };
/** What is played of a camera, and what where that has nothing. */
export type DeckTrack = Source & { cameraId: string; substitute: Source | null };
type Entry = {
  track: DeckTrack;
  player: VodPlayer;
  recorded: Recorded;
  /** The time of which `recorded` tells; null while nothing is known. */
  known: Span | null;
  soughtMs: number;
  pictureMs: number | null;
};

const TICK_MS = 50;
/** Slow ones are waited for so long after a seek, then the others go on. */
const PATIENCE_MS = 1_500;
/** After a seek a player is given this time to arrive before it is sought again. */
const SEEK_REST_MS = 1_000;
/** A seek takes about so long, and aims as far ahead. */
const SEEK_LEAD_MS = 120;
/** Several cameras wait so long at most to be told what is recorded where they are sent. */
const TOLD_WITHIN_MS = 250;
/** Footage that has not come by then is preceded by a keyframe's picture. */
const POSTER_AFTER_MS = 120;
const idle: VodSnapshot = { state: 'idle', rate: 1, playing: false, crossed: null, failure: null };

/** Up to nine cameras at the same moment: one clock, and each player brought back into step with it. One camera alone is its own clock. */
export class VodDeck implements Playable {
  readonly #entries = new Map<string, Entry>();
  readonly #clock = new MasterClock();
  readonly #previews: PreviewFrames;
  readonly #listeners = new Set<() => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #snapshot: VodSnapshot = idle;
  #atMs: number | null = null;
  #awaitedSince: number | null = null;
  #scrubbing = false;
  /** Set while the cameras wait to be sent to a moment of which it is not told yet what is recorded. */
  #waiting: ReturnType<typeof setTimeout> | null = null;
  #main: string | null = null;

  constructor(previews: PreviewFrames) {
    this.#previews = previews;
    this.#timer = setInterval(this.#tick, TICK_MS);
  }

  snapshot = (): VodSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  mediaTimeMs = (): number | null => {
    if (this.#atMs === null) return null;
    const only = this.#entries.size === 1 ? [...this.#entries.values()][0] : undefined;
    if (only && !this.#clock.runs && !this.#scrubbing) return only.player.mediaTimeMs() ?? this.#atMs;
    return this.#clock.runs ? this.#clock.at(performance.now()) : this.#atMs;
  };

  /** How far the pictures that play lie apart, in ms; null where fewer than two do. */
  spreadMs(): number | null {
    const dates = this.#following().flatMap(({ player }) => player.mediaTimeMs() ?? []);
    return dates.length < 2 ? null : Math.max(...dates) - Math.min(...dates);
  }

  playerOf(cameraId: string): VodPlayer | null {
    return this.#entries.get(cameraId)?.player ?? null;
  }

  /** The camera whose state is told, and whose frames are stepped. */
  setMain(cameraId: string | null): void {
    this.#main = cameraId;
    this.#retell();
  }

  /** Plays a camera inside `container` from now on; returns what ends it. */
  attach(container: HTMLElement, track: DeckTrack): () => void {
    const { cameraId, substitute } = track;
    const player = new VodPlayer(container, {
      source: { urlFor: urlsOf(cameraId, track), substituteFor: substitute ? urlsOf(cameraId, substitute) : undefined },
      testId: 'playback-video',
    });
    player.video.dataset.camera = cameraId;
    const entry: Entry = { track, player, recorded: [], known: null, soughtMs: 0, pictureMs: null };
    this.#entries.set(cameraId, entry);
    const unsubscribe = player.subscribe(this.#retell);
    if (this.#snapshot.playing && modeOf(this.#snapshot.rate) === 'video') player.play(this.#snapshot.rate);
    const at = this.mediaTimeMs();
    if (at !== null && this.#waiting === null) this.#send(entry, at);
    return () => {
      unsubscribe();
      player.destroy();
      if (this.#entries.get(cameraId) === entry) this.#entries.delete(cameraId);
    };
  }

  /** What is recorded of a camera within the time that is `known`. */
  setRecorded(cameraId: string, recorded: Recorded, known: Span): void {
    const entry = this.#entries.get(cameraId);
    if (!entry) return;
    entry.recorded = recorded;
    entry.known = known;
    entry.player.setRecorded(recorded, known);
    this.#sendWhenDrawn();
  }

  /** Shows `atMs` of every camera, or the next moment that any has footage of. */
  seek(atMs: number): void {
    this.#scrubbing = false;
    const there = this.#entries.size > 1 && this.#isKnown(atMs) ? landing(this.#union(), atMs) : null;
    if (there?.crossed) this.#tell({ crossed: { ...there.crossed, shownAtMs: Date.now() } });
    this.#go(there?.atMs ?? atMs);
  }

  #go(atMs: number): void {
    const now = performance.now();
    this.#atMs = atMs;
    this.#clock.stop(now);
    this.#clock.set(atMs, now);
    this.#awaitedSince = now;
    if (this.#entries.size > 1) {
      // Several players that load keep the page busy: what is recorded there is asked for and drawn before they do.
      for (const { player } of this.#entries.values()) player.hold(true);
      this.#stopWaiting();
      this.#waiting = setTimeout(() => this.#sendAll(atMs), TOLD_WITHIN_MS);
      this.#sendWhenDrawn();
    } else this.#sendAll(atMs);
    this.#retell();
  }

  /** Once it is told what is recorded where the cameras are going, the next frame draws it; a tab that draws none has the time limit. */
  #sendWhenDrawn(): void {
    const [waiting, at] = [this.#waiting, this.#atMs];
    if (waiting === null || at === null || !this.#isKnown(at)) return;
    requestAnimationFrame(() => setTimeout(() => this.#waiting === waiting && this.#sendAll(at)));
  }

  #stopWaiting(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    this.#waiting = null;
  }

  #sendAll(atMs: number): void {
    this.#stopWaiting();
    this.#awaitedSince = performance.now();
    for (const entry of this.#entries.values()) {
      this.#send(entry, atMs);
      this.#poster(entry, atMs);
    }
  }

  /** The keyframe of a moment stands in while its footage is on its way: at once where it is at hand, as after hovering. */
  #poster(entry: Entry, atMs: number): void {
    if (lacks(entry, atMs)) return;
    const wish = wishOf(entry, atMs);
    const sought = entry.soughtMs;
    const show = (preview: Preview | null) => {
      if (preview && entry.soughtMs === sought) entry.player.poster(preview.picture);
    };
    const there = this.#previews.get(wish);
    if (there) show(there);
    else
      setTimeout(() => {
        if (entry.soughtMs === sought && entry.player.awaitsFootage) void this.#previews.ask(wish).then(show);
      }, POSTER_AFTER_MS);
  }

  /** While the timeline is dragged: the keyframe under the pointer of every camera, until `seek`. */
  scrub(atMs: number): void {
    const now = performance.now();
    this.#stopWaiting();
    this.#scrubbing = true;
    this.#clock.stop(now);
    this.#clock.set(atMs, now);
    this.#atMs = atMs;
    this.#showPictures(atMs);
  }

  play(rate: number = this.#snapshot.rate || 1): void {
    const before = this.mediaTimeMs();
    const [was, now] = [modeOf(this.#snapshot.rate), modeOf(rate)];
    this.#tell({ rate, playing: true });
    const entries = [...this.#entries.values()];
    for (const { player } of entries) {
      if (now === 'video') player.play(rate);
      else player.pause();
    }
    if (was !== now && before !== null) {
      if (now === 'video') this.#go(before);
      else {
        this.#awaitedSince = null;
        this.#clock.set(before, performance.now());
        this.#clock.run(rate, performance.now());
      }
    } else if (this.#clock.runs || now !== 'video') this.#clock.run(rate, performance.now());
    else this.#awaitedSince ??= performance.now();
    this.#retell();
  }

  pause(): void {
    const at = this.mediaTimeMs();
    const shown = modeOf(this.#snapshot.rate);
    const rate = this.#snapshot.rate < 0 ? 1 : this.#snapshot.rate;
    const played = this.#snapshot.playing;
    this.#tell({ playing: false, rate });
    for (const { player } of this.#entries.values()) player.pause();
    this.#clock.stop(performance.now());
    if (at === null) return;
    this.#atMs = at;
    // All stand at one frame, not each at the one where the key happened to find it.
    if (played && (shown !== 'video' || this.#entries.size > 1)) this.#go(at);
    this.#retell();
  }

  setRate(rate: number): void {
    if (this.#snapshot.playing) {
      this.play(rate);
      return;
    }
    for (const { player } of this.#entries.values()) if (modeOf(rate) === 'video') player.setRate(rate);
    this.#tell({ rate });
  }

  /** The neighbouring frame of the main camera, exactly; the others show theirs of that moment. */
  stepFrame(direction: 1 | -1): void {
    if (this.#snapshot.playing) this.pause();
    const main = this.#mainEntry();
    const date = main?.player.stepFrame(direction) ?? null;
    if (date === null) return;
    this.#atMs = date;
    this.#clock.set(date, performance.now());
    for (const entry of this.#entries.values()) if (entry !== main) this.#send(entry, date);
  }

  still(): HTMLCanvasElement | null {
    return this.#mainEntry()?.player.still() ?? null;
  }

  destroy(): void {
    clearInterval(this.#timer);
    this.#stopWaiting();
    this.#listeners.clear();
  }

  #mainEntry(): Entry | undefined {
    return (this.#main === null ? undefined : this.#entries.get(this.#main)) ?? [...this.#entries.values()][0];
  }

  #isKnown(atMs: number): boolean {
    return [...this.#entries.values()].every(({ known }) => known && atMs >= known.fromMs && atMs < known.toMs);
  }

  #union(): Recorded {
    return union([...this.#entries.values()].map(({ recorded }) => recorded));
  }

  /** A camera goes to a moment; one that has nothing there goes to its next footage, and waits. */
  #send(entry: Entry, atMs: number): void {
    entry.soughtMs = performance.now();
    entry.pictureMs = null;
    entry.player.hold(this.#entries.size > 1 && lacks(entry, atMs));
    entry.player.seek(atMs);
  }

  #following(): Entry[] {
    return [...this.#entries.values()].filter(({ player }) => player.ready && !player.held);
  }

  #tick = (): void => {
    const now = performance.now();
    const { playing, rate } = this.#snapshot;
    if (!playing || this.#scrubbing || this.#waiting !== null || this.#atMs === null) return;
    const mode = modeOf(rate);
    if (mode === 'video') this.#keepInStep(now, rate);
    else this.#runThrough(now, mode, rate);
  };

  #keepInStep(now: number, rate: number): void {
    const entries = [...this.#entries.values()];
    const only = entries.length === 1 ? entries[0] : undefined;
    if (only) {
      only.player.hold(false);
      this.#atMs = only.player.mediaTimeMs() ?? this.#atMs;
      if (this.#clock.runs) this.#clock.stop(now);
      return;
    }
    if (!this.#clock.runs && !this.#mayStart(entries, now)) return;
    if (!this.#clock.runs) this.#clock.run(rate, now);
    this.#awaitedSince = null;
    const at = this.#clock.at(now);
    this.#atMs = at;
    let moving = 0;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of entries) {
      const { player } = entry;
      const date = player.mediaTimeMs();
      if (player.held) {
        if (date !== null && at >= date - TICK_MS / 2) player.hold(false);
        else if (date !== null && player.ready) next = Math.min(next, date);
      }
      if (player.held || date === null) continue;
      if (!player.ready) {
        if (player.snapshot().state === 'no_footage' && entry.known && !lacks(entry, at)) this.#send(entry, at);
        continue;
      }
      moving += 1;
      const act = correction(date - at, rate);
      if (act.kind === 'wait') player.hold(true);
      else if (act.kind === 'speed') player.correct(act.factor);
      else if (now - entry.soughtMs > SEEK_REST_MS) {
        entry.soughtMs = now;
        player.seek(at + SEEK_LEAD_MS * rate);
      }
    }
    if (moving > 0) return;
    // Nobody plays: time stands, or leaps to where the first of those that wait begins.
    if (Number.isFinite(next) && entries.every(({ player }) => player.held || !this.#comes(player))) {
      this.#tell({ crossed: { fromMs: at, toMs: next, shownAtMs: Date.now() } });
      this.#clock.set(next, now);
    } else {
      this.#clock.stop(now);
      this.#awaitedSince = now;
    }
  }

  #comes(player: VodPlayer): boolean {
    return player.snapshot().state === 'loading' || player.snapshot().state === 'playing';
  }

  #mayStart(entries: readonly Entry[], now: number): boolean {
    const due = entries.filter(({ player }) => !player.held);
    const ready = due.filter(({ player }) => player.ready);
    if (due.every(({ player }) => player.ready || !this.#comes(player))) return entries.some((e) => e.player.ready);
    return ready.length > 0 && now - (this.#awaitedSince ?? now) > PATIENCE_MS;
  }

  /** Backwards, and faster than a browser decodes: the clock runs, and shows what can be had of each moment. */
  #runThrough(now: number, mode: 'seeks' | 'pictures', rate: number): void {
    let at = this.#clock.at(now);
    const known = this.#isKnown(at);
    const all = known ? this.#union() : [];
    const there = rate < 0 ? landingBackward(all, at) : (landing(all, at)?.atMs ?? null);
    if (known && there === null) {
      this.pause();
      return;
    }
    if (there !== null && there !== at) {
      at = there;
      this.#clock.set(at, now);
    }
    this.#atMs = at;
    if (mode === 'pictures') this.#showPictures(at, rate);
    else
      for (const entry of this.#entries.values()) {
        if (entry.player.snapshot().state !== 'loading') this.#send(entry, at);
      }
  }

  #showPictures(atMs: number, rate = 0): void {
    for (const entry of this.#entries.values()) {
      if (lacks(entry, atMs)) continue;
      const wish = wishOf(entry, atMs);
      entry.pictureMs = atMs;
      void this.#previews.ask(wish).then((preview) => {
        // A picture of a moment that has passed is still the newest that there is, as long as pictures are what is shown.
        if (!preview || entry.pictureMs === null || this.#entries.get(entry.track.cameraId) !== entry) return;
        if (preview.picture.width > 0) entry.player.cover(preview.picture);
        entry.player.video.dataset.pictureTimeMs = String(preview.mediaTimeMs);
        if (rate !== 0 && entry.pictureMs === atMs) this.#previews.prefetch([{ ...wish, atMs: atMs + rate * 300 }]);
      });
    }
  }

  #retell = (): void => {
    const main = this.#mainEntry()?.player.snapshot() ?? idle;
    const { state, crossed, failure } = main;
    const pictured = this.#scrubbing || modeOf(this.#snapshot.rate) !== 'video';
    this.#tell({
      failure,
      state: pictured && state !== 'failed' ? (this.#snapshot.playing ? 'playing' : 'paused') : state,
      ...(this.#entries.size === 1 && { crossed }),
    });
  };

  #tell(change: Partial<VodSnapshot>): void {
    const next = { ...this.#snapshot, ...change };
    if ((Object.keys(next) as (keyof VodSnapshot)[]).every((key) => next[key] === this.#snapshot[key])) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) listener();
  }
}

function urlsOf(cameraId: string, { stream, codecString }: Source): (fromMs: number, toMs: number) => string {
  // The codec of today; a browser without H.265 asks for H.264 whatever it is.
  const codec = codecString !== null && !canDecode(codecString) ? codecString : null;
  return (fromMs, toMs) => decodable(mediaPaths.vod(cameraId, stream, fromMs, toMs), codec);
}

function wishOf({ track, player }: Entry, atMs: number): PreviewWish {
  const { cameraId, substitute } = track;
  const { stream, codecString } = (player.snapshot().substitute ? substitute : null) ?? track;
  return { cameraId, stream, codecString, atMs };
}

/** Whether it is known that a camera has nothing of a moment. */
function lacks({ recorded, known }: Entry, atMs: number): boolean {
  return known !== null && atMs >= known.fromMs && atMs < known.toMs && !covers(recorded, atMs);
}
