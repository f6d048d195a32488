import type { PtzCommand } from '../../../server/contracts/ptz.ts';

export type Velocity = { pan: number; tilt: number; zoom: number };

/** Well within the second after which the server stops a move that is not renewed. */
const RENEW_MS = 400;
const still: Velocity = { pan: 0, tilt: 0, zoom: 0 };
const isStill = ({ pan, tilt, zoom }: Velocity) => pan === 0 && tilt === 0 && zoom === 0;

/**
 * Turns what is held (keys, pointer) into commands: a move at once and again for as long as it is held, one request at a time, and a stop
 * when it is let go. Should this page or its line be lost, renewals end and the server stops the camera.
 */
export class PtzDriver {
  readonly #send: (command: PtzCommand) => Promise<unknown>;
  readonly #onError: (error: unknown) => void;
  #wanted: Velocity = still;
  #moving = false;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(send: (command: PtzCommand) => Promise<unknown>, onError: (error: unknown) => void) {
    this.#send = send;
    this.#onError = onError;
  }

  /** What should happen from now on, each part −1 to 1. */
  move(velocity: Velocity): void {
    const { pan, tilt, zoom } = this.#wanted;
    if (velocity.pan === pan && velocity.tilt === tilt && velocity.zoom === zoom) return;
    this.#wanted = velocity;
    void this.#pump();
  }

  halt(): void {
    this.move(still);
  }

  /** Stops and gives the camera back. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#wanted = still;
    await this.#send({ action: 'release' }).catch(() => {});
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#ended) return;
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    if (isStill(wanted) && !this.#moving) return;
    this.#busy = true;
    try {
      await this.#send(isStill(wanted) ? { action: 'stop' } : { action: 'move', ...wanted });
      this.#moving = !isStill(wanted);
    } catch (error) {
      // Whether it moves is not known: the server's own stop comes. Held keys have to be pressed anew.
      this.#wanted = still;
      this.#moving = false;
      this.#onError(error);
    } finally {
      this.#busy = false;
    }
    if (this.#ended) return;
    if (this.#wanted !== wanted) void this.#pump();
    else if (this.#moving) this.#timer = setTimeout(() => void this.#pump(), RENEW_MS);
  }
}

/** How fast a pointer that lies so far from the middle of the picture asks for, as shares of its half width and height; a still zone lies in the middle. */
export function velocityAt(x: number, y: number): Velocity {
  const speed = (share: number) => {
    const beyond = Math.max(0, Math.min(1, Math.abs(share)) - 0.08) / 0.92;
    return Math.round(Math.sign(share) * beyond * 20) / 20 || 0;
  };
  return { pan: speed(x), tilt: speed(-y), zoom: 0 };
}
