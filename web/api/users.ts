import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { type createUserRequest, type patchUserRequest, user, userList } from '../../server/contracts/users.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

export function useUsers() {
  return useQuery({
    queryKey: keys.users,
    queryFn: async ({ signal }) => (await request('GET', '/api/users', { schema: userList, signal })).items,
  });
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof createUserRequest>) => request('POST', '/api/users', { body, schema: user }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}

export function usePatchUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: z.input<typeof patchUserRequest> & { id: string }) =>
      request('PATCH', `/api/users/${encodeURIComponent(id)}`, { body, schema: user }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.users }),
  });
}
