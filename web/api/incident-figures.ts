import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FiguresQuery, incidentFigures } from '../../server/contracts/incident-figures.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

/** Numbers of cases; each carries the parameters with which the list shows exactly the cases behind it. */
export function useIncidentFigures(query: FiguresQuery) {
  return useQuery({
    queryKey: keys.figures(query),
    queryFn: ({ signal }) =>
      request('GET', '/api/incidents/figures', { query: { ...query }, schema: incidentFigures, signal }),
    placeholderData: keepPreviousData,
  });
}
