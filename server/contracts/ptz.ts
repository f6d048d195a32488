import { z } from 'zod';
import { epochMs, text } from './common.ts';

/** How fast, as a share of the camera's fastest: right, up and in are positive. */
const speed = z.number().min(-1).max(1).default(0);
const vector = { pan: speed, tilt: speed, zoom: speed };
/** The camera's own name for a preset. */
const token = z.string().min(1).max(64);

/**
 * What an operator asks of a camera. `move` goes on for a second at most and is sent again while a key or pointer is held. `absolute` and
 * `relative` are shares of the camera's whole range; a zoom runs from 0 (wide) to 1.
 */
export const ptzCommand = z.discriminatedUnion('action', [
  z.object({ action: z.literal('move'), ...vector }),
  z.object({ action: z.literal('stop') }),
  z.object({ action: z.literal('release') }),
  z.object({ action: z.literal('relative'), ...vector }),
  z.object({
    action: z.literal('absolute'),
    pan: z.number().min(-1).max(1),
    tilt: z.number().min(-1).max(1),
    zoom: z.number().min(0).max(1).optional(),
  }),
  z.object({ action: z.literal('goto'), preset: token }),
  z.object({ action: z.literal('set_preset'), name: text(64).pipe(z.string().min(1)), preset: token.optional() }),
  z.object({ action: z.literal('remove_preset'), preset: token }),
]);
export type PtzCommand = z.infer<typeof ptzCommand>;

export const ptzAbilities = z.object({
  panTilt: z.boolean(),
  zoom: z.boolean(),
  absolute: z.boolean(),
  relative: z.boolean(),
  /** How many presets the camera keeps; 0 where it keeps none. */
  mostPresets: z.number().int().min(0),
});
export type PtzAbilities = z.infer<typeof ptzAbilities>;

export const ptzPreset = z.object({ token: z.string(), name: z.string() });
export type PtzPreset = z.infer<typeof ptzPreset>;

export const ptzState = z.object({
  /** Null where the camera cannot be steered. */
  abilities: ptzAbilities.nullable(),
  presets: z.array(ptzPreset),
  /** Who steers it now; null when nobody does. */
  heldBy: z.object({ name: z.string(), mine: z.boolean(), untilMs: epochMs }).nullable(),
});
export type PtzState = z.infer<typeof ptzState>;

export const ptzAnswer = z.object({
  /** When the server stops the camera unless the move is renewed; null when nothing moves by it. */
  stopsAtMs: epochMs.nullable(),
});
export type PtzAnswer = z.infer<typeof ptzAnswer>;
