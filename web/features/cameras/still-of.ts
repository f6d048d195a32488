import type { Camera } from '../../../server/contracts/cameras.ts';
import { mediaPaths } from '../../../server/contracts/media.ts';

/** The newest picture of a camera; none is asked for before its first frame. The time of its state makes it be asked for anew. */
export function stillOf({ id, state, sinceMs }: Camera): string | null {
  return state === 'connecting' ? null : `${mediaPaths.snapshot(id)}#${sinceMs}`;
}
