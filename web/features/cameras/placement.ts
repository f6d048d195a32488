import type { RetentionByStream, SoundByStream } from '../../../server/contracts/cameras.ts';

/** Where a camera hangs and what it is called. */
export interface Placement {
  unitId: string;
  deskIds: string[];
  name: string;
  /** Set for many cameras at once, before they are added. */
  retentionDays?: RetentionByStream;
  sound?: SoundByStream;
  /** Settings that it shares with others. */
  profileId?: string | null;
}

export const NO_PLACEMENT: Placement = { unitId: '', deskIds: [], name: '' };
