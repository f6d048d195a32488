import { AppError } from '../../platform/errors.ts';
import type { IncidentRow, IncidentView } from '../../storage/incident.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';

/**
 * Which cases a person sees: who may play back the whole city's recordings sees all; who may see what was sent to the own
 * unit sees that; anyone else sees none (null).
 */
export function viewOf(person: Supervisor, reachOf: ReachOf): IncidentView | null {
  const reach = reachOf(person.role, 'play_back');
  if (reach === 'city') return 'city';
  if (reach === 'sent_incidents' && person.unitId !== null) return { sentToUnit: person.unitId };
  return null;
}

export function maySee(person: Supervisor, row: IncidentRow, reachOf: ReachOf): boolean {
  const view = viewOf(person, reachOf);
  if (view === null) return false;
  return view === 'city' || (row.unit_id === view.sentToUnit && row.sent_at_ms !== null);
}

/** The answer to a case that is not there and to one that the person may not see: neither tells the other apart. */
export function unknownIncident(id: string): AppError {
  return new AppError('not_found', 'incident_unknown', { params: { incident: id } });
}

export function notPermitted(): AppError {
  return new AppError('forbidden', 'not_permitted');
}
