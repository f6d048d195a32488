import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import type { ServerEvent } from '../../server/contracts/events.ts';
import {
  type CreateWebhookRequest,
  type DeliveryQuery,
  deliveryPage,
  type NoticePage,
  type NoticeQuery,
  type NoticeSettings,
  noticePage,
  noticeSettings,
  type PatchWebhookRequest,
  type patchNoticeSettings,
  type ReadNoticesRequest,
  testAnswer,
  unreadAnswer,
  userMailList,
  webhook,
  webhookList,
  webhookWithSecret,
} from '../../server/contracts/notices.ts';
import { request } from './client.ts';

/** Names of cached answers. */
const all = ['notices'] as const;
const lists = ['notices', 'list'] as const;
const unreadKey = ['notices', 'unread'] as const;
const settingsKey = ['notice-settings'] as const;
const deliveriesKey = ['deliveries'] as const;
const webhooksKey = ['webhooks'] as const;
const mailKey = ['mail-addresses'] as const;

/** How many notices are unread, up to 100; kept right by the socket. */
export function useUnread() {
  return useQuery({
    queryKey: unreadKey,
    queryFn: async ({ signal }) =>
      (await request('GET', '/api/notices', { query: { limit: 1, unread: true }, schema: noticePage, signal })).unread,
  });
}

/** Notices page by page, newest first. */
export function useNotices(filter: Partial<Omit<NoticeQuery, 'cursor'>>) {
  return useInfiniteQuery({
    queryKey: [...lists, filter],
    queryFn: ({ pageParam, signal }) =>
      request('GET', '/api/notices', {
        query: { ...filter, cursor: pageParam ?? undefined },
        schema: noticePage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export function useReadNotices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ReadNoticesRequest) => request('POST', '/api/notices/read', { body, schema: unreadAnswer }),
    onMutate: (body) => markRead(client, 'ids' in body ? { ids: body.ids, untilMs: null } : { ids: null, ...body }),
    onSuccess: ({ unread }) => client.setQueryData(unreadKey, unread),
    // Lists of unread ones only have others now.
    onSettled: () => client.invalidateQueries({ queryKey: lists, refetchType: 'none' }),
    onError: () => client.invalidateQueries({ queryKey: all }),
  });
}

/** What the socket tells of new notices. */
export function noticeAdded(client: QueryClient, { unread }: ServerEvent<'notice.added'>): void {
  client.setQueryData(unreadKey, unread);
  void client.invalidateQueries({ queryKey: lists });
}

/** What the socket tells of notices that another window has read. */
export function noticesRead(client: QueryClient, event: ServerEvent<'notices.read'>): void {
  client.setQueryData(unreadKey, event.unread);
  markRead(client, event);
}

function markRead(client: QueryClient, { ids, untilMs }: { ids: readonly string[] | null; untilMs: number | null }) {
  const nowMs = Date.now();
  client.setQueriesData<InfiniteData<NoticePage>>({ queryKey: lists }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((item) =>
              item.readAtMs === null && (ids === null ? item.atMs <= (untilMs ?? 0) : ids.includes(item.id))
                ? { ...item, readAtMs: nowMs }
                : item,
            ),
          })),
        },
  );
}

export function useNoticeSettings() {
  return useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => request('GET', '/api/notices/settings', { schema: noticeSettings, signal }),
  });
}

function useSettingsChange<I>(send: (input: I) => Promise<NoticeSettings>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (settings) => client.setQueryData(settingsKey, settings),
  });
}

export function usePatchNoticeSettings() {
  return useSettingsChange((body: z.input<typeof patchNoticeSettings>) =>
    request('PATCH', '/api/notices/settings', { body, schema: noticeSettings }),
  );
}

export function useSetMail() {
  return useSettingsChange((address: string) =>
    request('POST', '/api/notices/mail', { body: { address }, schema: noticeSettings }),
  );
}

export function useVerifyMail() {
  return useSettingsChange((code: string) =>
    request('POST', '/api/notices/mail/verify', { body: { code }, schema: noticeSettings }),
  );
}

export function useResendCode() {
  return useMutation({ mutationFn: () => request('POST', '/api/notices/mail/code') });
}

export function useRemoveMail() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('DELETE', '/api/notices/mail'),
    onSuccess: () => client.invalidateQueries({ queryKey: settingsKey }),
  });
}

export function useDeliveries(filter: Partial<Omit<DeliveryQuery, 'cursor'>>) {
  return useInfiniteQuery({
    queryKey: [...deliveriesKey, filter],
    queryFn: ({ pageParam, signal }) =>
      request('GET', '/api/deliveries', {
        query: { ...filter, cursor: pageParam ?? undefined },
        schema: deliveryPage,
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    // What is under way ends by itself; nobody tells when.
    refetchInterval: 15_000,
  });
}

export function useResendDelivery() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request('POST', `/api/deliveries/${encodeURIComponent(id)}/resend`),
    onSettled: () => client.invalidateQueries({ queryKey: deliveriesKey }),
  });
}

export function useTestMail() {
  return useMutation({
    mutationFn: (address: string) =>
      request('POST', '/api/deliveries/mail-test', { body: { address }, schema: testAnswer }),
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: webhooksKey,
    queryFn: async ({ signal }) => (await request('GET', '/api/webhooks', { schema: webhookList, signal })).items,
  });
}

const webhookPath = (id: string) => `/api/webhooks/${encodeURIComponent(id)}`;

function useWebhookChange<I, O>(send: (input: I) => Promise<O>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSettled: () => client.invalidateQueries({ queryKey: webhooksKey }) });
}

export function useCreateWebhook() {
  return useWebhookChange((body: CreateWebhookRequest) =>
    request('POST', '/api/webhooks', { body, schema: webhookWithSecret }),
  );
}

export function usePatchWebhook() {
  return useWebhookChange(({ id, ...body }: PatchWebhookRequest & { id: string }) =>
    request('PATCH', webhookPath(id), { body, schema: webhook }),
  );
}

export function useRenewSecret() {
  return useWebhookChange((id: string) => request('POST', `${webhookPath(id)}/secret`, { schema: webhookWithSecret }));
}

export function useTestWebhook() {
  return useWebhookChange((id: string) => request('POST', `${webhookPath(id)}/test`, { schema: testAnswer }));
}

export function useDeleteWebhook() {
  return useWebhookChange((id: string) => request('DELETE', webhookPath(id)));
}

export function useMailAddresses() {
  return useQuery({
    queryKey: mailKey,
    queryFn: ({ signal }) => request('GET', '/api/mail-addresses', { schema: userMailList, signal }),
  });
}

export function useSetMailOf() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, address }: { id: string; address: string }) => {
      const path = `/api/mail-addresses/${encodeURIComponent(id)}`;
      return address === '' ? request('DELETE', path) : request('POST', path, { body: { address } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: mailKey }),
  });
}
