import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  cameraHealthDetail,
  cameraHealthList,
  cameraProposal,
  cameraProposalPage,
  cameraReference,
  healthChangePage,
  type ReferenceKind,
  referenceCandidate,
} from '../../server/contracts/camera-health.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

const EVERY_MS = 30_000;
const path = (id: string) => `/api/cameras/${encodeURIComponent(id)}`;
const proposalPath = (id: string) => `/api/camera-proposals/${encodeURIComponent(id)}`;

/** How all cameras do, by id. */
export function useCameraHealth() {
  return useQuery({
    queryKey: keys.cameraHealth,
    queryFn: async ({ signal }) => {
      const { items } = await request('GET', '/api/camera-health', { schema: cameraHealthList, signal });
      return new Map(items.map((one) => [one.cameraId, one]));
    },
    refetchInterval: EVERY_MS,
  });
}

/** How one camera does, with its references and days. */
export function useCameraHealthDetail(id: string) {
  return useQuery({
    queryKey: keys.cameraHealthOf(id),
    queryFn: ({ signal }) => request('GET', `${path(id)}/health`, { schema: cameraHealthDetail, signal }),
    refetchInterval: EVERY_MS,
  });
}

/** What changed, newest first, page by page. */
export function useHealthChanges(id: string, options: { enabled: boolean }) {
  return useInfiniteQuery({
    queryKey: [...keys.cameraHealthOf(id), 'changes'],
    queryFn: ({ pageParam, signal }) =>
      request('GET', `${path(id)}/health/changes`, {
        query: { cursor: pageParam ?? undefined, limit: 20 },
        schema: healthChangePage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: options.enabled,
  });
}

export const referenceStill = (cameraId: string, kind: ReferenceKind, approvedAtMs: number) =>
  `${path(cameraId)}/references/${kind}/still.jpg?v=${approvedAtMs}`;
export const candidateStill = (cameraId: string, candidateId: string) =>
  `${path(cameraId)}/reference-candidates/${encodeURIComponent(candidateId)}/still.jpg`;

export function useTakeCandidate(cameraId: string) {
  return useMutation({
    mutationFn: () => request('POST', `${path(cameraId)}/reference-candidates`, { schema: referenceCandidate }),
  });
}

function useReferenceChange<T, R>(cameraId: string, send: (input: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.cameraHealthOf(cameraId) }),
  });
}

export function useApproveReference(cameraId: string) {
  return useReferenceChange(cameraId, (candidateId: string) =>
    request('POST', `${path(cameraId)}/references`, { body: { candidateId }, schema: cameraReference }),
  );
}

export function useDropReference(cameraId: string) {
  return useReferenceChange(cameraId, (kind: ReferenceKind) =>
    request('DELETE', `${path(cameraId)}/references/${kind}`),
  );
}

/** Proposals that wait for a word; only for those who may flag. */
export function useOpenProposals(options: { enabled: boolean }) {
  return useQuery({
    queryKey: keys.cameraProposals,
    queryFn: async ({ signal }) =>
      (await request('GET', '/api/camera-proposals', { schema: cameraProposalPage, signal })).items,
    refetchInterval: EVERY_MS,
    enabled: options.enabled,
  });
}

export const proposalStill = (id: string) => `${proposalPath(id)}/still.jpg`;

function useDecision<T extends { id: string }>(send: (input: T) => Promise<typeof cameraProposal._output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    // Also when somebody else was faster.
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.cameraProposals }),
        client.invalidateQueries({ queryKey: keys.incidentLists }),
      ]),
  });
}

export function useConfirmProposal() {
  return useDecision(({ id, note }: { id: string; note: string }) =>
    request('POST', `${proposalPath(id)}/confirm`, { body: { note }, schema: cameraProposal }),
  );
}

export function useRejectProposal() {
  return useDecision(({ id, reason }: { id: string; reason: string }) =>
    request('POST', `${proposalPath(id)}/reject`, { body: { reason }, schema: cameraProposal }),
  );
}
