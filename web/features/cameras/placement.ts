/** Where a camera hangs and what it is called. */
export interface Placement {
  unitId: string;
  deskIds: string[];
  name: string;
}

export const NO_PLACEMENT: Placement = { unitId: '', deskIds: [], name: '' };
