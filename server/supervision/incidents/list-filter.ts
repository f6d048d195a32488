import type { IncidentQuery, IncidentState } from '../../contracts/incidents.ts';
import type { IncidentFilter } from '../../storage/incident.store.ts';
import { searchWords } from '../fold.ts';
import { endedStates, openStates } from './state-policy.ts';

/** What a query asks for. An empty list is no filter; an empty `state` says that no case can match. */
export function filterOf(query: IncidentQuery): IncidentFilter {
  return {
    words: searchWords(query.q ?? ''),
    unit: given(query.unit),
    camera: given(query.camera),
    category: given(query.category),
    severity: given(query.severity),
    state: statesOf(query),
    from: query.from,
    to: query.to,
  };
}

/** The states that `state` and `open` ask for together; undefined is any. */
function statesOf(query: IncidentQuery): IncidentState[] | undefined {
  const named = given(query.state);
  if (query.open === undefined) return named;
  const wanted = query.open ? openStates : endedStates;
  return wanted.filter((state) => named === undefined || named.includes(state));
}

function given<T>(list: T[] | undefined): T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
