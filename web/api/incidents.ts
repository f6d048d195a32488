import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type createIncidentRequest,
  type Incident,
  type IncidentQuery,
  incident,
  incidentPage,
  type StepRequests,
} from '../../server/contracts/incidents.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

/** Filters of a list as the address carries them; what is left out does not filter. */
export type IncidentFilter = Partial<Omit<IncidentQuery, 'cursor'>>;

const path = (id: string) => `/api/incidents/${encodeURIComponent(id)}`;

/** Incidents page by page: `data.pages[].items`, `data.pages[0].counts`, `fetchNextPage`, `hasNextPage`. */
export function useIncidents(filter: IncidentFilter = {}, options: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: keys.incidentList(filter),
    queryFn: ({ pageParam, signal }) =>
      request('GET', '/api/incidents', {
        query: { ...filter, cursor: pageParam ?? undefined },
        schema: incidentPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
}

export function useIncident(id: string | undefined) {
  return useQuery({
    queryKey: keys.incident(id ?? ''),
    queryFn: ({ signal }) => request('GET', path(id ?? ''), { schema: incident, signal }),
    enabled: id !== undefined,
  });
}

function useIncidentChange<T>(send: (input: T) => Promise<Incident>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (changed) => {
      client.setQueryData(keys.incident(changed.id), changed);
      void client.invalidateQueries({ queryKey: keys.incidentLists });
      void client.invalidateQueries({ queryKey: keys.timelines(changed.cameraId) });
    },
  });
}

/** Flags an incident. The answer is the whole incident with its number. */
export function useCreateIncident() {
  return useIncidentChange((body: z.input<typeof createIncidentRequest>) =>
    request('POST', '/api/incidents', { body, schema: incident }),
  );
}

type StepInput<S extends keyof StepRequests> = { id: string; step: S } & StepRequests[S];
export type IncidentStepInput = StepInput<'verify'> | StepInput<'dismiss'> | StepInput<'conclude'>;

/** Takes one step of the workflow; a stale `version` is refused with 409. */
export function useIncidentStep() {
  return useIncidentChange(({ id, step, ...body }: IncidentStepInput) =>
    request('POST', `${path(id)}/${step}`, { body, schema: incident }),
  );
}
