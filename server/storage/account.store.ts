import type { Role } from '../contracts/roles.ts';
import type { Flag } from './columns.ts';

export interface AccountTable {
  id: string;
  username: string;
  name: string;
  role: Role;
  unit_id: string | null;
  password_hash: string;
  disabled: Flag;
  created_at_ms: number;
  last_sign_in_ms: number | null;
}
