import { z } from 'zod';
import { epochMs, id, stretch } from './common.ts';

export const unitKind = z.enum(['centre', 'ward', 'commune']);

export const desk = z.object({ id, name: z.string() });
export type Desk = z.infer<typeof desk>;

export const unit = z.object({
  id,
  name: z.string(),
  kind: unitKind,
  desks: z.array(desk),
  /** ISO dates, inclusive; null is open-ended. */
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
  successorId: id.nullable(),
});
export type Unit = z.infer<typeof unit>;

export const unitList = z.object({ items: z.array(unit) });

/** Working stretches of a unit within the asked time: what the timeline shades. */
export const workingHours = z.object({ unitId: id, hours: z.array(stretch), now: epochMs });
export type WorkingHours = z.infer<typeof workingHours>;
