import { SCRIPT_SECONDS } from './scene.ts';

/** When people are there and how they move; all times in seconds of the minute, which runs in a circle. */

export interface Visit {
  from: number;
  /** May lie before `from`: the visit then goes on over the end of the minute. */
  to: number;
  /** Where the person comes from and goes to, as an offset in pixels from the place. */
  origin: { dx: number; dy: number };
  /** Steps shift a person a little now and then; differs per person. */
  phase: number;
}

const WALK_SECONDS = 2.4;
const STEP_PX = 8;
const STEPS = 5;
const SHIFT_EVERY_SECONDS = 6;
const SHIFT_SECONDS = 0.72;
const SHIFT_PX = 12;

export type Place = { dx: number; dy: number };

/** Where a visitor is at this second: walking in, at the place, walking out, or not there. */
export function visiting(visit: Visit, second: number): Place | undefined {
  const stay = around(visit.to - visit.from) || SCRIPT_SECONDS;
  const since = around(second - visit.from);
  if (since >= stay) return undefined;
  const left = stay - since;
  const walked = Math.min(1, since / WALK_SECONDS, left / WALK_SECONDS);
  const idle = fidget(second, visit.phase);
  if (walked >= 1) return idle;
  const away = 1 - ease(walked);
  const bob = Math.abs(Math.sin(walked * Math.PI * STEPS)) * STEP_PX;
  return { dx: visit.origin.dx * away + idle.dx, dy: visit.origin.dy * away - bob };
}

/** Someone who is there for a part of the minute without being seen to come or go. */
export function present(from: number, to: number, second: number): boolean {
  return around(second - from) < (around(to - from) || SCRIPT_SECONDS);
}

/** Shifts the weight from one side to the other for a moment, then stands still: the encoder rests with them. */
export function fidget(second: number, phase: number, px: number = SHIFT_PX): Place {
  const time = around(second + phase * SHIFT_EVERY_SECONDS);
  const turn = Math.floor(time / SHIFT_EVERY_SECONDS);
  const progress = ease(Math.min(1, (time % SHIFT_EVERY_SECONDS) / SHIFT_SECONDS));
  const side = (n: number): number => [0, 1, 0.3, -0.7, 0.6, -0.2, 0.9, -0.5, 0.2, -1][(n + 10) % 10] ?? 0;
  return { dx: (side(turn - 1) * (1 - progress) + side(turn) * progress) * px, dy: 0 };
}

/** Brings a difference of times into the minute. */
export function around(second: number): number {
  return ((second % SCRIPT_SECONDS) + SCRIPT_SECONDS) % SCRIPT_SECONDS;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
