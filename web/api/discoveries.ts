import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { type createDiscoveryRequest, type Discovery, discovery } from '../../server/contracts/discoveries.ts';
import { ApiError, request } from './client.ts';
import { keys } from './keys.ts';

const path = (id: string) => `/api/discoveries/${encodeURIComponent(id)}`;
/** Events bring results as they come; asking again covers a lost connection. */
const RUNNING_REFETCH_MS = 2000;

export function useStartDiscovery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof createDiscoveryRequest>) =>
      request('POST', '/api/discoveries', { body, schema: discovery }),
    onSuccess: (started) => client.setQueryData(keys.discovery(started.id), started),
  });
}

/**
 * Several runs, each running or finished, with what they have found so far, in the order of their ids. `gone` are the ids that
 * the server no longer knows.
 */
export function useDiscoveries(ids: readonly string[]): { runs: Discovery[]; gone: string[] } {
  const results = useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.discovery(id),
      queryFn: ({ signal }: { signal: AbortSignal }) => request('GET', path(id), { schema: discovery, signal }),
      refetchInterval: (query: { state: { data?: Discovery | undefined } }) =>
        query.state.data?.state === 'running' ? RUNNING_REFETCH_MS : (false as const),
      refetchIntervalInBackground: true,
    })),
  });
  return {
    runs: results.map((result) => result.data).filter((run) => run !== undefined),
    gone: ids.filter((_, at) => {
      const error = results[at]?.error;
      return error instanceof ApiError && error.status === 404;
    }),
  };
}

export function useCancelDiscovery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('DELETE', path(id)),
    onSuccess: (_, id) => client.invalidateQueries({ queryKey: keys.discovery(id) }),
  });
}
