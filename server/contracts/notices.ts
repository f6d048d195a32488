import { z } from 'zod';
import { cameraState } from './cameras.ts';
import { cursor, epochMs, id, limit, page, severity, text } from './common.ts';
import { conclusion, incidentState } from './incidents.ts';
import { role } from './roles.ts';

/** What a notice is about; stable codes. `summary` stands for what came beyond the bound of an hour. */
export const noticeKind = z.enum([
  'case_flagged',
  'case_sent',
  'case_explained',
  'case_awaiting_conclusion',
  'case_concluded',
  'case_appealed',
  'case_closed',
  'case_assigned',
  'case_commented',
  'case_mentioned',
  'case_due_soon',
  'case_overdue',
  'second_reading_waiting',
  'camera_down',
  'camera_up',
  'archive_alarm',
  'calendar_alarm',
  'delivery_failed',
  'digest',
  'summary',
]);
export type NoticeKind = z.infer<typeof noticeKind>;

/** Kinds that a person may choose channels for; a summary follows what it stands for. */
export const chosenKinds = noticeKind.options.filter((kind) => kind !== 'summary');

export const noticeChannel = z.enum(['console', 'mail']);
export type NoticeChannel = z.infer<typeof noticeChannel>;

/** What a camera suffers from: it cannot be reached, refuses the credentials, or its picture is wrong. */
export const cameraTrouble = z.string().regex(/^[a-z][a-z_]{1,39}$/);

const count = z.number().int().min(0);

/** A case as its reader may see it now. */
export const noticeCase = z.object({
  id,
  number: z.string(),
  state: incidentState,
  category: z.string(),
  severity,
  unitName: z.string(),
  cameraName: z.string(),
  conclusion: conclusion.nullable(),
  dueAtMs: epochMs.nullable(),
});
export type NoticeCase = z.infer<typeof noticeCase>;

export const noticeCamera = z.object({
  id,
  name: z.string(),
  unitId: id,
  unitName: z.string(),
  trouble: cameraTrouble.nullable(),
});
export type NoticeCamera = z.infer<typeof noticeCamera>;

/** The city, or the part of it that the reader sees, in numbers. */
export const digestFacts = z.object({
  open: count,
  overdue: count,
  byState: z.partialRecord(incidentState, count),
  bySeverity: z.object({ '1': count, '2': count, '3': count }),
  cameras: count,
  camerasDown: count,
  /** Of the last full day's scheduled recording, what is recorded; null where nothing was scheduled or it is not known. */
  coveragePercent: z.number().min(0).max(100).nullable(),
});
export type DigestFacts = z.infer<typeof digestFacts>;

/** A notice in the words of facts; the console and the mail put them into sentences. */
export const notice = z.object({
  id,
  kind: noticeKind,
  atMs: epochMs,
  readAtMs: epochMs.nullable(),
  /** How many subjects it stands for, of those that the reader may see. */
  count: z.number().int().min(1),
  /** The first of them; at most 3. */
  cases: z.array(noticeCase),
  cameras: z.array(noticeCamera),
  alarm: z.object({ code: z.string() }).nullable(),
  digest: digestFacts.nullable(),
});
export type Notice = z.infer<typeof notice>;

export const noticeQuery = z.object({
  unread: z.stringbool().optional(),
  kind: z.preprocess(
    (v) => (typeof v === 'string' ? v.split(',').filter(Boolean) : v),
    z.array(noticeKind).max(noticeKind.options.length).optional(),
  ),
  cursor: cursor.optional(),
  limit: limit.default(30),
});
export type NoticeQuery = z.infer<typeof noticeQuery>;

/** Unread notices are counted up to this many; the console writes "99+". */
export const mostUnread = 100;
const unread = z.number().int().min(0).max(mostUnread);
export const noticePage = page(notice).extend({ unread });
export type NoticePage = z.infer<typeof noticePage>;

export const readNoticesRequest = z.union([
  z.object({ ids: z.array(id).min(1).max(200) }),
  /** Everything up to this moment, so that what came meanwhile stays unread. */
  z.object({ untilMs: epochMs }),
]);
export type ReadNoticesRequest = z.infer<typeof readNoticesRequest>;
export const unreadAnswer = z.object({ unread });

/** `HH:MM` in the city's time. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const language = z.enum(['vi', 'en']);
export type NoticeLanguage = z.infer<typeof language>;

export const quietHours = z
  .object({ from: timeOfDay, to: timeOfDay })
  .refine((hours) => hours.from !== hours.to, { message: 'two different times', path: ['to'] });
export const digestChoice = z.object({ times: z.array(timeOfDay).max(4), workingDaysOnly: z.boolean() });
export type DigestChoice = z.infer<typeof digestChoice>;

export const channelChoice = z.object({ console: z.boolean(), mail: z.boolean() });
export type ChannelChoice = z.infer<typeof channelChoice>;

/** An address of one person: no list, no display name, nothing that a header could be made of. */
export const mailAddress = z.email().max(254);

/** `verified`: the person has shown that the address is theirs; nothing but the code is sent there before. */
export const mailState = z.object({ address: z.string(), verified: z.boolean() });

export const noticeSettings = z.object({
  /** Whether this server sends mail at all. */
  mailOffered: z.boolean(),
  mail: mailState.nullable(),
  language,
  /** Of the kinds that this person may get. `mailFixed`: never mailed. */
  choices: z.array(channelChoice.extend({ kind: noticeKind, mailFixed: z.boolean() })),
  quietHours: quietHours.nullable(),
  /** Null for whoever gets no digest. */
  digest: digestChoice.nullable(),
});
export type NoticeSettings = z.infer<typeof noticeSettings>;

export const patchNoticeSettings = z.object({
  language: language.optional(),
  choices: z.partialRecord(noticeKind, channelChoice).optional(),
  quietHours: quietHours.nullable().optional(),
  digest: digestChoice.optional(),
});
export type PatchNoticeSettings = z.infer<typeof patchNoticeSettings>;

export const setMailRequest = z.object({ address: mailAddress });
export const verifyMailRequest = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{8}$/),
});

export const deliveryChannel = z.enum(['mail', 'webhook']);
export type DeliveryChannel = z.infer<typeof deliveryChannel>;
/** `waiting` for its (next) attempt; `sent`; `dead`: given up; `dropped`: its reader may not have it any more, or switched it off. */
export const deliveryState = z.enum(['waiting', 'sent', 'dead', 'dropped']);
export type DeliveryState = z.infer<typeof deliveryState>;

/** `verification` and `test` are sent for themselves and stand for no notice. */
export const deliveryKind = z.union([noticeKind, z.enum(['verification', 'test'])]);
export type DeliveryKind = z.infer<typeof deliveryKind>;

/** One mail to one person or one call of a webhook, as administrators see it: whither and whether, never what. */
export const delivery = z.object({
  id,
  channel: deliveryChannel,
  /** Name of the person or of the webhook. */
  to: z.string(),
  kind: deliveryKind,
  state: deliveryState,
  attempts: z.number().int().min(0),
  createdAtMs: epochMs,
  nextAtMs: epochMs.nullable(),
  endedAtMs: epochMs.nullable(),
  /** Why the last attempt failed: a stable code, and what the other side said. */
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type Delivery = z.infer<typeof delivery>;
export const deliveryQuery = z.object({
  state: deliveryState.optional(),
  channel: deliveryChannel.optional(),
  cursor: cursor.optional(),
  limit: limit.default(50),
});
export type DeliveryQuery = z.infer<typeof deliveryQuery>;
export const deliveryPage = page(delivery).extend({ counts: z.record(deliveryState, count) });
export type DeliveryPage = z.infer<typeof deliveryPage>;

/** Kinds that a webhook may be told. */
export const webhookKinds = [
  'case_flagged',
  'case_sent',
  'case_explained',
  'case_awaiting_conclusion',
  'case_concluded',
  'case_appealed',
  'case_closed',
  'case_due_soon',
  'case_overdue',
  'camera_down',
  'camera_up',
  'archive_alarm',
] as const satisfies readonly NoticeKind[];
export const webhookKind = z.enum(webhookKinds);
export type WebhookKind = z.infer<typeof webhookKind>;

const webhookFields = {
  name: text(80).pipe(z.string().min(1)),
  url: z.url({ protocol: /^https?$/ }).max(500),
  kinds: z.array(webhookKind).min(1).max(webhookKinds.length),
};
export const webhook = z.object({
  id,
  ...webhookFields,
  enabled: z.boolean(),
  createdAtMs: epochMs,
  /** Of the last call. */
  lastAtMs: epochMs.nullable(),
  lastOk: z.boolean().nullable(),
});
export type Webhook = z.infer<typeof webhook>;
export const webhookList = z.object({ items: z.array(webhook) });
export const createWebhookRequest = z.object(webhookFields);
export type CreateWebhookRequest = z.infer<typeof createWebhookRequest>;
export const patchWebhookRequest = z.object(webhookFields).partial().extend({ enabled: z.boolean().optional() });
export type PatchWebhookRequest = z.infer<typeof patchWebhookRequest>;
/** The secret is told once, when it is made. */
export const webhookWithSecret = z.object({ webhook, secret: z.string() });
export type WebhookWithSecret = z.infer<typeof webhookWithSecret>;

/** What a webhook is sent (Standard Webhooks): identifiers and codes, no names of people, no text that anybody wrote. */
export const webhookPayload = z.object({
  type: z.union([webhookKind, z.literal('test')]),
  timestamp: z.iso.datetime(),
  data: z.object({
    case: z
      .object({
        id,
        number: z.string(),
        state: incidentState,
        category: z.string(),
        severity,
        unitId: id,
        cameraId: id,
        link: z.string().nullable(),
      })
      .optional(),
    camera: z.object({ id, unitId: id, state: cameraState.optional(), trouble: cameraTrouble.nullable() }).optional(),
    alarm: z.object({ code: z.string() }).optional(),
  }),
});
export type WebhookPayload = z.infer<typeof webhookPayload>;

export const mailTestRequest = z.object({ address: mailAddress });
/** How a test went, at once and without an entry in the outbox. */
export const testAnswer = z.object({
  ok: z.boolean(),
  failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type TestAnswer = z.infer<typeof testAnswer>;

/** The mail of an account, for administrators. */
export const userMail = z.object({ userId: id, name: z.string(), role, mail: mailState.nullable() });
export const userMailList = z.object({ mailOffered: z.boolean(), items: z.array(userMail) });
