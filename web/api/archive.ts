import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { archiveState } from '../../server/contracts/archive.ts';
import { completenessReport } from '../../server/contracts/completeness.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const STATE_EVERY_MS = 15_000;
const CHECK_EVERY_MS = 2_000;
/** What is missing of a day is no news of the minute. */
const COMPLETENESS_EVERY_MS = 5 * 60_000;

/** How the archive stands; asked more often while it is being checked. */
export function useArchive() {
  return useQuery({
    queryKey: keys.archive,
    queryFn: ({ signal }) => request('GET', '/api/archive', { schema: archiveState, signal }),
    refetchInterval: ({ state }) => (state.data?.selfCheckProgress ? CHECK_EVERY_MS : STATE_EVERY_MS),
  });
}

/** Begins (`POST`) or ends (`DELETE`) a self-check of the archive. */
export function useArchiveCheck() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (method: 'POST' | 'DELETE') => request(method, '/api/archive/check', { schema: archiveState }),
    onSuccess: (state) => client.setQueryData(keys.archive, state),
  });
}

export interface CompletenessQuestion {
  /** Epoch ms. */
  from: number;
  to: number;
  camera?: string;
  /** Also the total of every day. */
  by?: 'day';
}

/** How much of what was to be recorded is, and why the rest is not. */
export function useCompleteness(question: CompletenessQuestion, options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.completeness(question),
    queryFn: ({ signal }) =>
      request('GET', '/api/completeness', { query: { ...question }, schema: completenessReport, signal }),
    staleTime: COMPLETENESS_EVERY_MS,
    refetchInterval: COMPLETENESS_EVERY_MS,
    placeholderData: question.camera === undefined ? keepPreviousData : undefined,
    enabled: options.enabled ?? true,
  });
}
