import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Ability, Reach } from '../../server/contracts/roles.ts';
import { type Me, me, type SetupRequest, type SignInRequest, setupState } from '../../server/contracts/session.ts';
import { ApiError, request, setCsrfToken } from './client.ts';
import { keys } from './keys.ts';
import { forgetSessionEnd, noteSessionEnd } from './realtime.ts';

/** Who is signed in, or null when nobody is. */
export async function fetchMe(signal?: AbortSignal): Promise<Me | null> {
  try {
    const answer = await request('GET', '/api/me', { schema: me, signal });
    setCsrfToken(answer.csrfToken);
    return answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in: `data` is null when nobody is, undefined while it is not known yet. */
export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => fetchMe(signal), staleTime: Number.POSITIVE_INFINITY });
}

/** How far an ability of the signed-in person reaches; `none` without one. */
export function reachOf(person: Me | null | undefined, ability: Ability): Reach {
  return person?.abilities[ability] ?? 'none';
}

/** Whether the person has the ability for some unit at least. `health` (a still only) counts as not watching. */
export function can(person: Me | null | undefined, ability: Ability): boolean {
  const reach = reachOf(person, ability);
  return reach !== 'none' && reach !== 'health';
}

/** `can` for the signed-in person. */
export function useCan(ability: Ability): boolean {
  return can(useMe().data, ability);
}

function useEnterSession<T>(send: (body: T) => Promise<Me>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (person) => {
      // What the person before could see must not shine through.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.me[0] });
      setCsrfToken(person.csrfToken);
      client.setQueryData(keys.me, person);
    },
  });
}

export function useSignIn() {
  return useEnterSession((body: SignInRequest) => request('POST', '/api/session', { body, schema: me }));
}

export function useSetupState() {
  return useQuery({
    queryKey: keys.setup,
    queryFn: ({ signal }) => request('GET', '/api/setup', { schema: setupState, signal }),
  });
}

/** Makes the first administrator and signs in. */
export function useSetup() {
  return useEnterSession((body: SetupRequest) => request('POST', '/api/setup', { body, schema: me }));
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      // Before the server's event of the same news can arrive.
      noteSessionEnd('signed_out');
      return request('DELETE', '/api/session');
    },
    onError: () => forgetSessionEnd(),
    onSuccess: () => {
      setCsrfToken(null);
      client.setQueryData(keys.me, null);
    },
  });
}
