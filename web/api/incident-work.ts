import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type AssignManyRequest,
  assignManyAnswer,
  type CreateSavedFilterRequest,
  comment,
  commentList,
  type createCommentRequest,
  duplicateCandidates,
  mentionable,
  type PatchSavedFilterRequest,
  repeats,
  savedFilter,
  savedFilterList,
  watching,
} from '../../server/contracts/incident-work.ts';
import type { Incident } from '../../server/contracts/incidents.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const path = (id: string) => `/api/incidents/${encodeURIComponent(id)}`;
const PEOPLE_STALE_MS = 5 * 60_000;

/** What the offices say to each other about a case, oldest first. */
export function useComments(incidentId: string) {
  return useQuery({
    queryKey: keys.comments(incidentId),
    queryFn: async ({ signal }) =>
      (await request('GET', `${path(incidentId)}/comments`, { schema: commentList, signal })).items,
  });
}

export function useCreateComment(incidentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof createCommentRequest>) =>
      request('POST', `${path(incidentId)}/comments`, { body, schema: comment }),
    networkMode: 'always',
    onSuccess: () => client.invalidateQueries({ queryKey: keys.comments(incidentId) }),
  });
}

/** Whom a comment may mention, and a case may be given to. */
export function useMentionable(incidentId: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.mentionable(incidentId),
    queryFn: ({ signal }) => request('GET', `${path(incidentId)}/mentionable`, { schema: mentionable, signal }),
    staleTime: PEOPLE_STALE_MS,
    enabled: options.enabled ?? true,
  });
}

/** Offices and people who work on the cases of the city. */
export function useIncidentPeople(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.incidentPeople,
    queryFn: ({ signal }) => request('GET', '/api/incidents/people', { schema: mentionable, signal }),
    staleTime: PEOPLE_STALE_MS,
    enabled: options.enabled ?? true,
  });
}

/** Gives many cases to somebody; the answer tells for each whether it is done or why not. */
export function useAssignMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AssignManyRequest) =>
      request('POST', '/api/incidents/assign', { body, schema: assignManyAnswer }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.incidents }),
  });
}

const filterPath = (id: string) => `/api/incident-filters/${encodeURIComponent(id)}`;

/** Filters of the list that the reader has saved or others share. */
export function useSavedFilters() {
  return useQuery({
    queryKey: keys.savedFilters,
    queryFn: ({ signal }) => request('GET', '/api/incident-filters', { schema: savedFilterList, signal }),
  });
}

function useFilterChange<I, O>(send: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.savedFilters }),
  });
}

export function useCreateSavedFilter() {
  return useFilterChange((body: CreateSavedFilterRequest) =>
    request('POST', '/api/incident-filters', { body, schema: savedFilter }),
  );
}

export function usePatchSavedFilter() {
  return useFilterChange(({ id, ...body }: PatchSavedFilterRequest & { id: string }) =>
    request('PATCH', filterPath(id), { body, schema: savedFilter }),
  );
}

export function useDeleteSavedFilter() {
  return useFilterChange((id: string) => request('DELETE', filterPath(id)));
}

/** Whether the reader watches a case, and who else does. */
export function useWatching(incidentId: string) {
  return useQuery({
    queryKey: keys.watching(incidentId),
    queryFn: ({ signal }) => request('GET', `${path(incidentId)}/watch`, { schema: watching, signal }),
  });
}

/** Begins or ends watching. */
export function useSetWatching(incidentId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => request(on ? 'PUT' : 'DELETE', `${path(incidentId)}/watch`, { schema: watching }),
    onSuccess: (now) => client.setQueryData(keys.watching(incidentId), now),
  });
}

/** Cases that may be about the same moment, the likeliest first, and those that were found to be the same. */
export function useDuplicates(incidentId: string, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.duplicates(incidentId),
    queryFn: ({ signal }) => request('GET', `${path(incidentId)}/duplicates`, { schema: duplicateCandidates, signal }),
    enabled: options.enabled ?? true,
  });
}

/** Earlier cases of the same unit and category as a case. */
export function useRepeats({ id, unitId, category, atMs }: Pick<Incident, 'id' | 'unitId' | 'category' | 'atMs'>) {
  return useQuery({
    queryKey: keys.repeats(id, category),
    queryFn: ({ signal }) =>
      request('GET', '/api/incidents/repeats', {
        query: { unit: unitId, category, at: atMs, except: id },
        schema: repeats,
        signal,
      }),
  });
}

/** Earlier cases of a unit and category before a moment that is being flagged; nothing is asked until both are known. */
export function useRepeatsBefore(unitId: string | undefined, category: string | undefined, atMs: number) {
  return useQuery({
    queryKey: [...keys.repeats(unitId ?? '', category ?? ''), atMs],
    queryFn: ({ signal }) =>
      request('GET', '/api/incidents/repeats', {
        query: { unit: unitId, category, at: atMs },
        schema: repeats,
        signal,
      }),
    enabled: unitId !== undefined && category !== undefined,
  });
}
