import type { Role } from '../contracts/roles.ts';

/** Who acts: what guards, policies and logs know of the signed-in person. */
export interface Actor {
  userId: string;
  username: string;
  name: string;
  role: Role;
  /** The unit of a unit head; null for everybody else. */
  unitId: string | null;
  sessionId: string;
}
