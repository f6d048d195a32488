import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:MM');
const networks = z.array(z.union([z.cidrv4(), z.cidrv6()])).max(100);
/** One address, or a name with one address in angle brackets; no line breaks, no list. */
const sender = z.union([
  z.email().max(254),
  z
    .string()
    .max(400)
    .regex(/^[^<>"\p{Cc},;:]{1,120} <[^<>\s\p{Cc}]{3,254}>$/u, 'an address, or `Name <address>`'),
]);

/** How the connection to the mail server is protected: TLS from the start, STARTTLS or nothing, STARTTLS where it is offered, never. */
export const mailSecurity = z.enum(['tls', 'starttls', 'opportunistic', 'none']);

const mail = z.strictObject({
  host: z.string().max(253),
  port: z.number().int().min(1).max(65_535),
  security: mailSecurity,
  caFile: z.string().max(1000),
  user: z.string().max(254),
  passwordFile: z.string().max(1000),
  from: z.union([z.literal(''), sender]),
  replyTo: z.union([z.literal(''), sender]),
  atOnce: z.number().int().min(1).max(20),
  perPersonHour: z.number().int().min(1).max(1000),
});

const webhooks = z.strictObject({
  allowHttp: z.boolean(),
  allowLoopback: z.boolean(),
  allowLinkLocal: z.boolean(),
  allowedNetworks: networks,
  atOnce: z.number().int().min(1).max(20),
});

const digest = z.strictObject({ times: z.array(timeOfDay).max(4), workingDaysOnly: z.boolean() });

export const notificationSettings = z.strictObject({
  publicUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]),
  keepDays: z.number().int().min(1).max(3650),
  perPersonHour: z.number().int().min(1).max(10_000),
  cameraDownSeconds: z.number().int().min(0).max(86_400),
  cameraWellMinutes: z.number().int().min(0).max(1440),
  digest,
  mail,
  webhooks,
});
export type NotificationSettings = z.infer<typeof notificationSettings>;

/** What a file may say of them, at each level. */
export const notificationOverlay = notificationSettings
  .extend({ digest: digest.partial(), mail: mail.partial(), webhooks: webhooks.partial() })
  .partial();

export function overlaid(
  base: NotificationSettings,
  over: z.infer<typeof notificationOverlay> | undefined,
): NotificationSettings {
  return {
    ...base,
    ...over,
    digest: { ...base.digest, ...over?.digest },
    mail: { ...base.mail, ...over?.mail },
    webhooks: { ...base.webhooks, ...over?.webhooks },
  };
}
