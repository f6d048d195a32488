import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { auditPage, auditVerification } from '../../server/contracts/audit.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const PAGE = 50;

/** The audit log, newest first, page by page. */
export function useAudit(action?: string) {
  return useInfiniteQuery({
    queryKey: keys.audit(action),
    queryFn: ({ pageParam, signal }) =>
      request('GET', '/api/audit', {
        query: { action, limit: PAGE, cursor: pageParam ?? undefined },
        schema: auditPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

/** Walks the whole chain of hashes on the server. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => request('POST', '/api/audit/verify', { schema: auditVerification }) });
}
