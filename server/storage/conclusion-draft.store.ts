import type { Conclusion } from '../contracts/incidents.ts';
import type { Role } from '../contracts/roles.ts';

export interface ConclusionDraftTable {
  incident_id: string;
  conclusion: Conclusion | null;
  text: string;
  author_id: string;
  author_name: string;
  author_role: Role;
  at_ms: number;
}
export type ConclusionDraftRow = ConclusionDraftTable;
