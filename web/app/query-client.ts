import { QueryClient } from '@tanstack/react-query';
import { ApiError, setCsrfToken, setSignedOutListener } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { noteSessionEnd } from '../api/realtime.ts';

const RETRIES = 2;

/** The cache of answers. Only what may succeed on a second try is tried again; a lost session empties `me`. */
export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < RETRIES && error instanceof ApiError && error.retryable,
      },
    },
  });
  setSignedOutListener(() => {
    if (client.getQueryData(keys.me)) noteSessionEnd('expired');
    setCsrfToken(null);
    client.setQueryData(keys.me, null);
  });
  return client;
}
