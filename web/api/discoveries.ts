import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { type createDiscoveryRequest, discovery } from '../../server/contracts/discoveries.ts';
import { request } from './client.ts';
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

/** A running or finished discovery with what it has found so far. */
export function useDiscovery(id: string | null) {
  return useQuery({
    queryKey: keys.discovery(id ?? ''),
    queryFn: ({ signal }) => request('GET', path(id ?? ''), { schema: discovery, signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? RUNNING_REFETCH_MS : false),
    refetchIntervalInBackground: true,
  });
}

export function useCancelDiscovery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('DELETE', path(id)),
    onSuccess: (_, id) => client.invalidateQueries({ queryKey: keys.discovery(id) }),
  });
}
