import type { PtzAbilities, PtzAnswer, PtzCommand, PtzPreset, PtzState } from '../contracts/ptz.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { PtzVector } from './onvif/ptz.ts';

/** What steers one camera: `PtzDevice`, or what stands in for it. */
export interface PtzPort {
  readonly abilities: PtzAbilities;
  move(velocity: PtzVector, timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
  absolute(to: { pan: number; tilt: number; zoom?: number | undefined }): Promise<void>;
  relative(by: PtzVector): Promise<void>;
  presets(): Promise<PtzPreset[]>;
  goTo(preset: string): Promise<void>;
  setPreset(name: string, preset: string | undefined): Promise<void>;
  removePreset(preset: string): Promise<void>;
}

export interface Operator {
  sessionId: string;
  name: string;
}

export interface PtzControlOptions {
  clock: Clock;
  log: Logger;
  /** Null where the camera cannot be steered. */
  open: (cameraId: string) => Promise<PtzPort | null>;
  /** How long a move lives unless it is renewed, in ms. */
  stopAfterMs?: number;
  /** How long a camera stays with its operator after the last command, in ms. */
  holdMs?: number;
}

interface Steered {
  port: Promise<PtzPort | null>;
  holder: { operator: Operator; untilMs: number } | null;
  /** Sends the stop that always comes; null when the camera stands still as far as is known. */
  deadMan: NodeJS.Timeout | null;
  /** Counts what was asked: a move that waits behind a slow camera is not sent any more once something newer was asked. */
  asked: number;
  /** One call at a time, in order: a stop never overtakes the move that it ends. */
  turn: Promise<unknown>;
}

const stopTries = 3;
const shutDownMs = 2_000;

/**
 * Steers cameras for one operator at a time. A dead man's switch stands behind every move: unless it is renewed within a second the
 * server stops the camera itself, whether a key, a pointer, a connection or a browser was lost; also when the session or the server ends.
 */
export class PtzControl {
  readonly #options: PtzControlOptions;
  readonly #stopAfterMs: number;
  readonly #holdMs: number;
  readonly #cameras = new Map<string, Steered>();

  constructor(options: PtzControlOptions) {
    this.#options = options;
    this.#stopAfterMs = options.stopAfterMs ?? 1_000;
    this.#holdMs = options.holdMs ?? 10_000;
  }

  /** Errors: `camera_unreachable` and its kin, from `open`. */
  async state(cameraId: string, operator: Operator): Promise<PtzState> {
    const steered = this.#camera(cameraId);
    const port = await this.#port(cameraId, steered);
    const presets = port ? await port.presets().catch(() => []) : [];
    const held = this.#held(steered);
    return {
      abilities: port?.abilities ?? null,
      presets,
      heldBy: held && {
        name: held.operator.name,
        mine: held.operator.sessionId === operator.sessionId,
        untilMs: held.untilMs,
      },
    };
  }

  /**
   * Does what the operator asks; `taken` is called when the camera becomes this operator's. Errors: `ptz_held` (somebody else steers),
   * `ptz_unsupported` (the camera, or this camera's part), `ptz_failed` (the camera refuses or does not answer).
   */
  async operate(
    cameraId: string,
    operator: Operator,
    command: PtzCommand,
    taken: () => Promise<unknown> = async () => {},
  ): Promise<PtzAnswer> {
    const steered = this.#camera(cameraId);
    const held = this.#held(steered);
    const mine = held?.operator.sessionId === operator.sessionId;
    if (held && !mine) {
      const seconds = Math.max(1, Math.ceil((held.untilMs - this.#options.clock.nowMs()) / 1_000));
      throw new AppError('conflict', 'ptz_held', { retry: true, params: { name: held.operator.name, seconds } });
    }
    if (command.action === 'release' || command.action === 'stop') {
      // On its way to a preset a camera moves without a dead man; whoever says stop means that, too.
      if (mine) await this.#stop(cameraId, steered, command.action === 'stop');
      if (mine && command.action === 'release') steered.holder = null;
      return { stopsAtMs: null };
    }
    // Before anything is awaited: of two who begin at once, one has it.
    steered.holder = { operator, untilMs: this.#options.clock.nowMs() + this.#holdMs };
    if (!mine) await taken();
    const port = await this.#port(cameraId, steered);
    if (!port) throw new AppError('invalid', 'ptz_unsupported');
    checkAbility(port.abilities, command);
    if (command.action !== 'move') {
      await this.#stop(cameraId, steered);
      await this.#send(cameraId, steered, () => act(port, command));
      return { stopsAtMs: null };
    }
    const { pan, tilt, zoom } = command;
    if (pan === 0 && tilt === 0 && zoom === 0) {
      await this.#stop(cameraId, steered);
      return { stopsAtMs: null };
    }
    this.#arm(cameraId, steered);
    const asked = ++steered.asked;
    await this.#send(cameraId, steered, async () => {
      if (asked === steered.asked) await port.move({ pan, tilt, zoom }, this.#stopAfterMs);
    });
    return { stopsAtMs: this.#options.clock.nowMs() + this.#stopAfterMs };
  }

  /** The session is over: its cameras stop and are free. */
  async release(sessionId: string): Promise<void> {
    const own = [...this.#cameras].filter(([, { holder }]) => holder?.operator.sessionId === sessionId);
    await Promise.all(
      own.map(async ([cameraId, steered]) => {
        steered.holder = null;
        await this.#stop(cameraId, steered).catch(() => {});
      }),
    );
  }

  /** What is known of a camera is old: it was changed or removed. */
  async forget(cameraId: string): Promise<void> {
    const steered = this.#cameras.get(cameraId);
    if (!steered) return;
    await this.#stop(cameraId, steered).catch(() => {});
    this.#cameras.delete(cameraId);
  }

  /** Stops whatever moves; returns when every camera was told, or after 2 s: a camera that hangs does not hold up the server's end. */
  async stop(): Promise<void> {
    const all = Promise.all([...this.#cameras.keys()].map((id) => this.forget(id)));
    let late: NodeJS.Timeout | undefined;
    const deadline = new Promise((resolve) => {
      late = setTimeout(resolve, shutDownMs);
    });
    await Promise.race([all, deadline]);
    clearTimeout(late);
  }

  #camera(cameraId: string): Steered {
    let steered = this.#cameras.get(cameraId);
    if (!steered) {
      steered = {
        port: this.#options.open(cameraId),
        holder: null,
        deadMan: null,
        asked: 0,
        turn: Promise.resolve(),
      };
      steered.port.catch(() => {});
      this.#cameras.set(cameraId, steered);
    }
    return steered;
  }

  /** A camera that could not be asked is asked again next time. */
  async #port(cameraId: string, steered: Steered): Promise<PtzPort | null> {
    try {
      return await steered.port;
    } catch (error) {
      if (this.#cameras.get(cameraId) === steered) this.#cameras.delete(cameraId);
      if (error instanceof AppError) throw error;
      throw new AppError('unavailable', 'ptz_failed', { cause: error });
    }
  }

  #held(steered: Steered): Steered['holder'] {
    const { holder } = steered;
    return holder && holder.untilMs > this.#options.clock.nowMs() ? holder : null;
  }

  #arm(cameraId: string, steered: Steered): void {
    if (steered.deadMan) clearTimeout(steered.deadMan);
    steered.deadMan = setTimeout(() => {
      this.#options.log.info({ camera: cameraId }, 'a move was not renewed: the camera is stopped');
      this.#stop(cameraId, steered).catch(() => {});
    }, this.#stopAfterMs);
  }

  /** Does nothing where nothing moves, unless `always`. Tries again when the camera does not take it. Errors: `ptz_failed`. */
  async #stop(cameraId: string, steered: Steered, always = false): Promise<void> {
    if (!steered.deadMan && !always) return;
    if (steered.deadMan) clearTimeout(steered.deadMan);
    steered.deadMan = null;
    steered.asked++;
    const port = await steered.port;
    for (let tries = 1; port; tries++) {
      try {
        return await this.#send(cameraId, steered, () => port.stop());
      } catch (error) {
        // A new move took over meanwhile, with a dead man of its own.
        if (steered.deadMan || tries === stopTries) throw error;
      }
    }
  }

  async #send(cameraId: string, steered: Steered, call: () => Promise<void>): Promise<void> {
    const turn = steered.turn.then(call);
    steered.turn = turn.catch(() => {});
    try {
      await turn;
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#options.log.warn({ err: error, camera: cameraId }, 'the camera did not do what its operator asked');
      throw new AppError('unavailable', 'ptz_failed', { cause: error });
    }
  }
}

/** Errors: `ptz_unsupported`, with the part in its parameters. */
function checkAbility(abilities: PtzAbilities, command: PtzCommand): void {
  const refuse = (part: string) => {
    throw new AppError('invalid', 'ptz_part_unsupported', { fields: { action: part } });
  };
  if (command.action === 'move') {
    if (!abilities.panTilt && (command.pan !== 0 || command.tilt !== 0)) refuse('pan_tilt');
    if (!abilities.zoom && command.zoom !== 0) refuse('zoom');
  }
  if (command.action === 'absolute' && !abilities.absolute) refuse('absolute');
  if (command.action === 'relative' && !abilities.relative) refuse('relative');
  if (/preset|goto/.test(command.action) && abilities.mostPresets === 0) refuse('presets');
}

async function act(
  port: PtzPort,
  command: Exclude<PtzCommand, { action: 'move' | 'stop' | 'release' }>,
): Promise<void> {
  switch (command.action) {
    case 'absolute':
      return port.absolute(command);
    case 'relative':
      return port.relative(command);
    case 'goto':
      return port.goTo(command.preset);
    case 'set_preset':
      return port.setPreset(command.name, command.preset);
    case 'remove_preset':
      return port.removePreset(command.preset);
  }
}
