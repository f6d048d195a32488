import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type createViewRequest,
  type PatchViewRequest,
  savedView,
  savedViewList,
} from '../../server/contracts/views.ts';
import { request } from './client.ts';

const key = ['views'] as const;
const path = (id: string) => `/api/views/${encodeURIComponent(id)}`;

/** Saved views of the wall that the signed-in person finds, and whether the person may share some. */
export function useSavedViews() {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request('GET', '/api/views', { schema: savedViewList, signal }),
  });
}

function useViewChange<I, O>(send: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: key }) });
}

export function useCreateView() {
  return useViewChange((body: z.input<typeof createViewRequest>) =>
    request('POST', '/api/views', { body, schema: savedView }),
  );
}

export function usePatchView() {
  return useViewChange(({ id, ...body }: PatchViewRequest & { id: string }) =>
    request('PATCH', path(id), { body, schema: savedView }),
  );
}

export function useDeleteView() {
  return useViewChange((id: string) => request('DELETE', path(id)));
}
