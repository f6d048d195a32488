import type { Role } from '../../contracts/roles.ts';
import type { IncidentRow, IncidentStore } from '../../storage/incident.store.ts';
import type { ReachOf, Supervisor } from '../supervisor.ts';
import { maySee, notPermitted, unknownIncident, viewOf } from './visibility.ts';

/** Somebody with an account, as far as work on cases needs to know them. */
export interface Colleague {
  id: string;
  name: string;
  role: Role;
  unitId: string | null;
  disabled: boolean;
}

/** Everybody with an account. */
export type Colleagues = () => Promise<readonly Colleague[]>;

export function seesTheCity(person: Pick<Supervisor, 'role' | 'unitId'>, reachOf: ReachOf): boolean {
  return viewOf({ userId: '', name: '', ...person }, reachOf) === 'city';
}

/** A case for somebody who sees the whole city. Errors: `not_permitted` (before the case is looked for), `incident_unknown`. */
export async function caseOfCity(
  actor: Supervisor,
  id: string,
  { store, reachOf }: { store: Pick<IncidentStore, 'find'>; reachOf: ReachOf },
): Promise<IncidentRow> {
  if (!seesTheCity(actor, reachOf)) throw notPermitted();
  const row = await store.find(id);
  if (row === undefined) throw unknownIncident(id);
  return row;
}

/** Errors: `incident_unknown`, also for a case that the person may not see. */
export async function visibleCase(
  actor: Supervisor,
  id: string,
  { store, reachOf }: { store: Pick<IncidentStore, 'find'>; reachOf: ReachOf },
): Promise<IncidentRow> {
  const row = await store.find(id);
  if (row === undefined || !maySee(actor, row, reachOf)) throw unknownIncident(id);
  return row;
}
