import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { categoryList } from '../../server/contracts/incidents.ts';
import { unitList, workingHours } from '../../server/contracts/units.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const CONFIGURATION_STALE_MS = 5 * 60_000;

/** The units that the signed-in person may see, with their desks. */
export function useUnits(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.units,
    queryFn: async ({ signal }) => (await request('GET', '/api/units', { schema: unitList, signal })).items,
    staleTime: CONFIGURATION_STALE_MS,
    enabled: options.enabled ?? true,
  });
}

/** The categories of incidents, in the order of the configuration. */
export function useCategories(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.categories,
    queryFn: async ({ signal }) => (await request('GET', '/api/categories', { schema: categoryList, signal })).items,
    staleTime: CONFIGURATION_STALE_MS,
    enabled: options.enabled ?? true,
  });
}

/** Working stretches of a unit within [from, to), in epoch ms. */
export function useWorkingHours(unitId: string | undefined, from: number, to: number) {
  return useQuery({
    queryKey: keys.workingHours(unitId ?? '', from, to),
    queryFn: ({ signal }) =>
      request('GET', `/api/units/${encodeURIComponent(unitId ?? '')}/working-hours`, {
        query: { from, to },
        schema: workingHours,
        signal,
      }),
    enabled: unitId !== undefined && to > from,
    placeholderData: keepPreviousData,
    staleTime: CONFIGURATION_STALE_MS,
  });
}
