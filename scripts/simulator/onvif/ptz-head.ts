/** What a camera's PTZ can do and gets wrong. */
export interface PtzOptions {
  /** Only the lens moves. */
  zoomOnly?: boolean;
  /** Neither absolute nor relative moves, as in cheap domes. */
  continuousOnly?: boolean;
  /** Every answer of the PTZ service takes so long, in ms. */
  slowMs?: number;
  /** So many Stop requests are refused before one is taken. */
  refusedStops?: number;
  /** The camera forgets the Timeout of a move: only Stop ends it. */
  ignoresTimeout?: boolean;
  /** The position range of pan and tilt; some cameras count in degrees. */
  panRange?: number;
}

export interface PtzPosition {
  pan: number;
  tilt: number;
  zoom: number;
}

const axes = ['pan', 'tilt', 'zoom'] as const;
/** Shares of the range that the head turns in a second at full speed. */
const perSecond = 0.5;
export const mostPresets = 8;

/** The head of a simulated camera: it moves while time passes and stands where it was stopped. Pan and tilt run from −1 to 1, zoom 0 to 1. */
export class PtzHead {
  readonly options: PtzOptions;
  readonly presets = new Map<string, { name: string; at: PtzPosition }>();
  readonly #nowMs: () => number;
  #at: PtzPosition = { pan: 0, tilt: 0, zoom: 0 };
  #velocity: PtzPosition = { pan: 0, tilt: 0, zoom: 0 };
  #sinceMs: number;
  #untilMs = Number.POSITIVE_INFINITY;
  #presetCount = 0;
  #refused = 0;
  /** How many moves and stops came, for whoever tests a client. */
  moves = 0;
  stops = 0;

  constructor(options: PtzOptions, nowMs: () => number = () => Date.now()) {
    this.options = options;
    this.#nowMs = nowMs;
    this.#sinceMs = nowMs();
  }

  get moving(): boolean {
    return this.#nowMs() < this.#untilMs && axes.some((axis) => this.#velocity[axis] !== 0);
  }

  get position(): PtzPosition {
    const seconds = Math.max(0, Math.min(this.#nowMs(), this.#untilMs) - this.#sinceMs) / 1_000;
    const moved = (axis: (typeof axes)[number], least: number) =>
      Math.max(least, Math.min(1, this.#at[axis] + this.#velocity[axis] * perSecond * seconds));
    return { pan: moved('pan', -1), tilt: moved('tilt', -1), zoom: moved('zoom', 0) };
  }

  move(velocity: PtzPosition, timeoutMs: number | null): void {
    this.#stand();
    this.moves++;
    this.#velocity = velocity;
    this.#untilMs =
      timeoutMs === null || this.options.ignoresTimeout ? Number.POSITIVE_INFINITY : this.#nowMs() + timeoutMs;
  }

  /** False where this camera refuses the stop. */
  stop(): boolean {
    this.stops++;
    if (this.#refused < (this.options.refusedStops ?? 0)) {
      this.#refused++;
      return false;
    }
    this.#stand();
    return true;
  }

  goTo(at: Partial<PtzPosition>): void {
    this.#stand();
    const within = (value: number, least: number) => Math.max(least, Math.min(1, value));
    const { pan, tilt, zoom } = { ...this.#at, ...at };
    this.#at = { pan: within(pan, -1), tilt: within(tilt, -1), zoom: within(zoom, 0) };
  }

  /** The token under which the present position is kept, or null when all places are taken or there is no such preset. */
  keep(name: string, token: string | undefined): string | null {
    if (token !== undefined && !this.presets.has(token)) return null;
    if (token === undefined && this.presets.size >= mostPresets) return null;
    const key = token ?? `preset_${++this.#presetCount}`;
    this.presets.set(key, { name, at: this.position });
    return key;
  }

  #stand(): void {
    this.#at = this.position;
    this.#velocity = { pan: 0, tilt: 0, zoom: 0 };
    this.#sinceMs = this.#nowMs();
    this.#untilMs = Number.POSITIVE_INFINITY;
  }
}
