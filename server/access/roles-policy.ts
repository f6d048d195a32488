import type { Ability, Reach, Role } from '../contracts/roles.ts';
import type { Actor } from './actor.ts';

/**
 * Who may do what, and how far: the one table that every route, media file and socket event asks. What depends on the
 * course of a case (who flagged may not conclude; a clip opens once the case was sent) is the incident policy's.
 * Whoever may export evidence may also verify a package; the auditor may only verify.
 */
const table: Readonly<Record<Role, Readonly<Record<Ability, Reach>>>> = {
  leader: {
    watch_live: 'city',
    play_back: 'city',
    control_ptz: 'city',
    flag_incident: 'city',
    verify_incident: 'none',
    explain_incident: 'none',
    conclude_incident: 'city',
    export_evidence: 'city',
    verify_evidence: 'city',
    lock_evidence: 'city',
    run_inspection: 'none',
    manage_system: 'none',
    read_audit: 'none',
    verify_audit: 'none',
  },
  home_affairs: {
    watch_live: 'city',
    play_back: 'city',
    control_ptz: 'city',
    flag_incident: 'city',
    verify_incident: 'city',
    explain_incident: 'none',
    conclude_incident: 'city',
    export_evidence: 'city',
    verify_evidence: 'city',
    lock_evidence: 'city',
    run_inspection: 'city',
    manage_system: 'none',
    read_audit: 'none',
    verify_audit: 'none',
  },
  inspector: {
    watch_live: 'city',
    play_back: 'city',
    control_ptz: 'city',
    flag_incident: 'city',
    verify_incident: 'city',
    explain_incident: 'none',
    conclude_incident: 'city',
    export_evidence: 'city',
    verify_evidence: 'city',
    lock_evidence: 'city',
    run_inspection: 'city',
    manage_system: 'none',
    read_audit: 'none',
    verify_audit: 'none',
  },
  unit_head: {
    watch_live: 'own_unit',
    play_back: 'sent_incidents',
    control_ptz: 'none',
    flag_incident: 'none',
    verify_incident: 'none',
    explain_incident: 'own_unit',
    conclude_incident: 'none',
    export_evidence: 'none',
    verify_evidence: 'none',
    lock_evidence: 'none',
    run_inspection: 'none',
    manage_system: 'none',
    read_audit: 'none',
    verify_audit: 'none',
  },
  admin: {
    watch_live: 'health',
    play_back: 'none',
    control_ptz: 'none',
    flag_incident: 'none',
    verify_incident: 'none',
    explain_incident: 'none',
    conclude_incident: 'none',
    export_evidence: 'none',
    verify_evidence: 'none',
    lock_evidence: 'none',
    run_inspection: 'none',
    manage_system: 'city',
    read_audit: 'city',
    verify_audit: 'none',
  },
  auditor: {
    watch_live: 'none',
    play_back: 'none',
    control_ptz: 'none',
    flag_incident: 'none',
    verify_incident: 'none',
    explain_incident: 'none',
    conclude_incident: 'none',
    export_evidence: 'none',
    verify_evidence: 'city',
    lock_evidence: 'none',
    run_inspection: 'none',
    manage_system: 'none',
    read_audit: 'city',
    verify_audit: 'city',
  },
};

export function reachOf(role: Role, ability: Ability): Reach {
  return table[role][ability];
}

/** Every ability with its reach, as `GET /api/me` tells it. */
export function abilitiesOf(role: Role): Record<Ability, Reach> {
  return { ...table[role] };
}

/**
 * Whether the person may do it to this subject. An ability that reaches the own unit needs the subject's unit: a subject
 * that names none is refused. `sent_incidents` and `health` permit nothing by themselves: the incident policy opens the
 * clips of a case, `maySeeStill` (scope.ts) the still.
 */
export function permits(
  actor: Pick<Actor, 'role' | 'unitId'>,
  ability: Ability,
  subject: { unitId?: string } = {},
): boolean {
  switch (reachOf(actor.role, ability)) {
    case 'city':
      return true;
    case 'own_unit':
      return subject.unitId !== undefined && subject.unitId === actor.unitId;
    case 'sent_incidents':
    case 'health':
    case 'none':
      return false;
  }
}
