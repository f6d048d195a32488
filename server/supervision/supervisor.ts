import type { Ability, Reach, Role } from '../contracts/roles.ts';
import type { Queries } from '../storage/database.ts';

/** A signed-in person, as far as supervision needs to know one. */
export interface Supervisor {
  userId: string;
  name: string;
  role: Role;
  /** The unit of a unit head; null for everybody else. */
  unitId: string | null;
}

/** How far an ability of a role reaches. */
export type ReachOf = (role: Role, ability: Ability) => Reach;

/** What is told to the audit log. */
export interface AuditRecord<A extends Supervisor = Supervisor> {
  actor: A;
  /** Network address of the caller; empty where there is none. */
  address: string;
  /** `incident.created`, `incident.concluded` … */
  action: string;
  /** `incident:<id>` */
  subject: string;
  details: Record<string, string | number | null>;
}

/** Adds a record to the audit log as part of the transaction `within`: done and told, or neither. */
export type Audit<A extends Supervisor = Supervisor> = (record: AuditRecord<A>, within: Queries) => Promise<unknown>;
