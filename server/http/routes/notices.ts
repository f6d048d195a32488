import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import {
  createWebhookRequest,
  deliveryPage,
  deliveryQuery,
  mailTestRequest,
  noticePage,
  noticeQuery,
  noticeSettings,
  patchNoticeSettings,
  patchWebhookRequest,
  readNoticesRequest,
  setMailRequest,
  testAnswer,
  unreadAnswer,
  userMailList,
  verifyMailRequest,
  webhook,
  webhookList,
  webhookWithSecret,
} from '../../contracts/notices.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** A person's own notices: whose they are and what they say is decided by the service for each reader. */
export function noticeRoutes({ notifications }: Pick<Services, 'notifications'>): Route[] {
  const { notices, settings, addresses } = notifications;
  const mailErrors = ['mail_not_offered', 'mail_codes_too_many'];
  return [
    defineRoute({
      method: 'get',
      path: '/api/notices',
      summary: 'The reader’s notices, newest first, a page at a time, with how many are unread (up to 100)',
      guard: guard.session,
      query: noticeQuery,
      answer: noticePage,
      errors: ['cursor_invalid'],
      handle: async ({ query, session }) => json(await notices.list(session.actor, query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/notices/read',
      summary: 'Mark notices as read: these, or all up to a moment',
      guard: guard.session,
      body: readNoticesRequest,
      answer: unreadAnswer,
      handle: async ({ body, session }) => json({ unread: await notices.markRead(session.actor, body) }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/notices/settings',
      summary: 'How the reader is told of what: kinds, channels, mail address, quiet hours, digest',
      guard: guard.session,
      answer: noticeSettings,
      handle: async ({ session }) => json(await settings.present(session.actor)),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/notices/settings',
      summary: 'Choose anew what is named',
      guard: guard.session,
      body: patchNoticeSettings,
      answer: noticeSettings,
      errors: ['notice_kind_not_yours'],
      handle: async ({ body, session }) => json(await settings.patch(session.actor, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/notices/mail',
      summary: 'Set one’s own mail address; a code is sent there, and nothing else until it was entered',
      guard: guard.session,
      body: setMailRequest,
      answer: noticeSettings,
      errors: mailErrors,
      handle: async ({ body, session, caller }) => {
        await addresses.set(session.actor, session.actor.userId, body.address, caller.address);
        void notifications.tick();
        return json(await settings.present(session.actor));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/notices/mail/code',
      summary: 'Send another code to the address that waits for one',
      guard: guard.session,
      status: 204,
      errors: [...mailErrors, 'mail_unknown', 'mail_verified'],
      handle: async ({ session, caller }) => {
        await addresses.resend(session.actor, session.actor.userId, caller.address);
        void notifications.tick();
        return nothing;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/notices/mail/verify',
      summary: 'Enter the code that was sent to one’s own mail address',
      guard: guard.session,
      body: verifyMailRequest,
      answer: noticeSettings,
      errors: ['mail_unknown', 'mail_code_wrong'],
      handle: async ({ body, session, caller }) => {
        await addresses.verify(session.actor, body.code, caller.address);
        return json(await settings.present(session.actor));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/notices/mail',
      summary: 'Remove one’s own mail address',
      guard: guard.session,
      status: 204,
      handle: async ({ session, caller }) => {
        await addresses.remove(session.actor, session.actor.userId, caller.address);
        return nothing;
      },
    }),
  ];
}

/** What administrators keep of notifications: the outbox, webhooks, addresses of accounts. */
export function deliveryRoutes({ notifications, accounts }: Pick<Services, 'notifications' | 'accounts'>): Route[] {
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  const { deliveries, webhooks, addresses, courier } = notifications;
  return [
    defineRoute({
      method: 'get',
      path: '/api/deliveries',
      summary: 'Mails and calls of webhooks: whither, whether, and why not; never what they say',
      guard: manage,
      query: deliveryQuery,
      answer: deliveryPage,
      errors: ['cursor_invalid'],
      handle: async ({ query }) => json(await deliveries.list(query)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/deliveries/:id/resend',
      summary: 'Try a delivery anew that was given up',
      guard: manage,
      params,
      status: 204,
      errors: ['delivery_unknown', 'delivery_not_dead'],
      handle: async ({ params, session, caller }) => {
        await deliveries.resend(session.actor, params.id, caller.address);
        void notifications.tick();
        return nothing;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/deliveries/mail-test',
      summary: 'Send a test mail now, and tell how it went',
      guard: manage,
      body: mailTestRequest,
      answer: testAnswer,
      errors: ['mail_not_offered'],
      handle: async ({ body, session }) => json(await courier.test(session.actor, body.address)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/mail-addresses',
      summary: 'Mail addresses of all accounts',
      guard: manage,
      answer: userMailList,
      handle: async () => json(await addresses.ofAll(await accounts.list())),
    }),
    defineRoute({
      method: 'post',
      path: '/api/mail-addresses/:id',
      summary: 'Set the mail address of an account; its owner has to enter the code that is sent there',
      guard: manage,
      params,
      body: setMailRequest,
      status: 204,
      errors: ['user_unknown', 'mail_not_offered', 'mail_codes_too_many'],
      handle: async ({ params, body, session, caller }) => {
        await accounts.get(params.id);
        await addresses.set(session.actor, params.id, body.address, caller.address);
        void notifications.tick();
        return nothing;
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/mail-addresses/:id',
      summary: 'Remove the mail address of an account',
      guard: manage,
      params,
      status: 204,
      handle: async ({ params, session, caller }) => {
        await addresses.remove(session.actor, params.id, caller.address);
        return nothing;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/webhooks',
      summary: 'Addresses that are called with news; never their secrets',
      guard: manage,
      answer: webhookList,
      handle: async () => json({ items: await webhooks.list() }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/webhooks',
      summary: 'Add a webhook; its secret is told in the answer and never again',
      guard: manage,
      body: createWebhookRequest,
      answer: webhookWithSecret,
      status: 201,
      errors: ['webhook_not_https', 'webhook_url_with_password', 'webhooks_full'],
      handle: async ({ body, session, caller }) =>
        json(await webhooks.create(session.actor, body, caller.address), 201),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/webhooks/:id',
      summary: 'Change a webhook, or switch it off or on',
      guard: manage,
      params,
      body: patchWebhookRequest,
      answer: webhook,
      errors: ['webhook_unknown', 'webhook_not_https', 'webhook_url_with_password'],
      handle: async ({ params, body, session, caller }) =>
        json(await webhooks.patch(session.actor, params.id, body, caller.address)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/webhooks/:id/secret',
      summary: 'Make a new secret, told in the answer; the old one holds no more',
      guard: manage,
      params,
      answer: webhookWithSecret,
      errors: ['webhook_unknown'],
      handle: async ({ params, session, caller }) =>
        json(await webhooks.renewSecret(session.actor, params.id, caller.address)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/webhooks/:id/test',
      summary: 'Call a webhook now with a test, and tell how it went',
      guard: manage,
      params,
      answer: testAnswer,
      errors: ['webhook_unknown'],
      handle: async ({ params }) => json(await webhooks.test(params.id)),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/webhooks/:id',
      summary: 'Remove a webhook with what waits for it',
      guard: manage,
      params,
      status: 204,
      errors: ['webhook_unknown'],
      handle: async ({ params, session, caller }) => {
        await webhooks.remove(session.actor, params.id, caller.address);
        return nothing;
      },
    }),
  ];
}
