import { z } from 'zod';

export const role = z.enum(['leader', 'home_affairs', 'inspector', 'unit_head', 'admin', 'auditor']);
export type Role = z.infer<typeof role>;

/** What a person may do; the table of who may do what is server/access/roles-policy.ts. */
export const ability = z.enum([
  'watch_live',
  'play_back',
  'control_ptz',
  'flag_incident',
  'verify_incident',
  'explain_incident',
  'conclude_incident',
  'export_evidence',
  'verify_evidence',
  'lock_evidence',
  'run_inspection',
  'manage_system',
  'read_audit',
  'verify_audit',
]);
export type Ability = z.infer<typeof ability>;

/**
 * How far an ability reaches: the whole city; the person's own unit; clips of incidents that were sent to the own unit;
 * health only (a still of a camera, no video); or not at all.
 */
export const reach = z.enum(['city', 'own_unit', 'sent_incidents', 'health', 'none']);
export type Reach = z.infer<typeof reach>;
