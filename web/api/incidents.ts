import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type Attachment,
  attachment,
  type createIncidentRequest,
  type DraftRequest,
  type Incident,
  type IncidentQuery,
  type IncidentStep,
  incident,
  incidentPage,
  type stepRequests,
} from '../../server/contracts/incidents.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';
import { upload } from './upload.ts';

/** Filters of a list as the address carries them; what is left out does not filter. */
export type IncidentFilter = Partial<Omit<IncidentQuery, 'cursor'>>;

const PENDING_MS = 5_000;
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
    // Footage that is still being written completes by itself; nobody tells when.
    refetchInterval: ({ state }) => (state.data?.footage.pending ? PENDING_MS : false),
  });
}

function useIncidentChange<T>(send: (input: T) => Promise<Incident>, networkMode?: 'always') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    ...(networkMode && { networkMode }),
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

export type IncidentStepInput = {
  [S in IncidentStep]: { id: string; step: S } & z.input<(typeof stepRequests)[S]>;
}[IncidentStep];

/** Takes one step of the workflow; a stale `version` is refused with 409. Without a network it fails at once: nothing is sent later, unseen. */
export function useIncidentStep() {
  return useIncidentChange(
    ({ id, step, ...body }: IncidentStepInput) => request('POST', `${path(id)}/${step}`, { body, schema: incident }),
    'always',
  );
}

/** Keeps the conclusion that is being prepared on the server, for the offices. */
export function saveConclusionDraft(id: string, body: DraftRequest): Promise<void> {
  return request('PUT', `${path(id)}/draft`, { body });
}

/**
 * Hands a file in, for a step that will name it; one that no step names goes after a day.
 * @throws {ApiError} the server refused or did not answer
 * @throws {DOMException} `AbortError` when `signal` fired
 */
export function uploadAttachment(
  id: string,
  file: File,
  type: string,
  options: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Attachment> {
  return upload(`${path(id)}/attachments`, file, {
    ...options,
    headers: { 'content-type': type, 'x-file-name': encodeURIComponent(file.name) },
    schema: attachment,
  });
}

/** Address of a file that was handed in: a download. */
export const attachmentPath = (incidentId: string, attachmentId: string): string =>
  `${path(incidentId)}/attachments/${encodeURIComponent(attachmentId)}`;
