import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  blindCase,
  type SecondJudgementRequest,
  secondJudgement,
  secondReadingList,
} from '../../server/contracts/second-readings.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const path = (id: string) => `/api/second-readings/${encodeURIComponent(id)}`;

/** Decided cases that the reader may read blind, and those that the reader has judged. */
export function useSecondReadings(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.secondReadings,
    queryFn: ({ signal }) => request('GET', '/api/second-readings', { schema: secondReadingList, signal }),
    enabled: options.enabled ?? true,
  });
}

/** The blind case. Asking for it takes it for the reader for two days. */
export function useBlindCase(id: string | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: [...keys.secondReadings, id ?? ''],
    queryFn: async ({ signal }) => {
      const blind = await request('GET', path(id ?? ''), { schema: blindCase, signal });
      void client.invalidateQueries({ queryKey: keys.secondReadings, exact: true });
      return blind;
    },
    enabled: id !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Gives the second judgement; the answer tells both. */
export function useJudgeBlindCase() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: SecondJudgementRequest & { id: string }) =>
      request('POST', path(id), { body, schema: secondJudgement }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.secondReadings, exact: true }),
  });
}

/** Address of a file of the unit's explanation: a download, for the reader of the blind case alone. */
export const blindAttachmentPath = (id: string, attachmentId: string): string =>
  `${path(id)}/attachments/${encodeURIComponent(attachmentId)}`;
