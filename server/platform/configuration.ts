import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ConfigurationError, readConfigurationFile } from './configuration-file.ts';
import { notificationOverlay, notificationSettings, overlaid } from './notification-settings.ts';

const port = z.number().int().min(0).max(65_535);
const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']);

const sections = {
  server: z.strictObject({
    host: z.string().min(1).max(253),
    port,
    certificate: z.string().max(1000),
    key: z.string().max(1000),
    names: z.array(z.string().min(1).max(253)).max(50),
    trustedProxies: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).max(50),
  }),
  log: logLevel,
  city: z.string().min(1).max(1000),
  database: z.strictObject({
    url: z
      .string()
      .max(2000)
      .regex(/^$|^postgres(ql)?:\/\//, 'an address that begins with postgres://, or nothing for SQLite'),
    passwordFile: z.string().max(1000),
    connections: z.number().int().min(2).max(200),
  }),
  archive: z.strictObject({
    folder: z.string().max(1000),
    volumes: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/),
          path: z.string().min(1).max(1000),
          limitBytes: z.number().int().positive().optional(),
          reserveBytes: z.number().int().min(0).optional(),
        }),
      )
      .max(64)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'names that differ')
      .refine((all) => new Set(all.map(({ path }) => path)).size === all.length, 'paths that differ'),
    retentionDays: z.number().int().min(1).max(3650),
    quotaBytes: z.number().int().min(0),
  }),
  recorder: z.strictObject({
    transcodes: z.number().int().min(0).max(64),
  }),
  sessions: z.strictObject({
    idleHours: z.number().positive().max(720),
    absoluteDays: z.number().positive().max(365),
  }),
  cameras: z.strictObject({
    allowLoopback: z.boolean(),
    allowLinkLocal: z.boolean(),
    allowedNetworks: z.array(z.union([z.cidrv4(), z.cidrv6()])).max(100),
    discoveryInterfaces: z.array(z.union([z.ipv4(), z.ipv6()])).max(50),
    maxCameras: z.number().int().min(1).max(2000),
    followAnnouncements: z.boolean(),
    pictureEverySeconds: z.number().min(1).max(3600),
    troubleAfterMinutes: z.number().min(0.01).max(1440),
    credentialKeyFile: z.string().max(1000),
  }),
  notifications: notificationSettings,
};

const complete = z.strictObject(sections);

/** The same shape with everything optional, at each level: what lies over the defaults. */
const overlay = z.strictObject({
  server: sections.server.partial().optional(),
  log: logLevel.optional(),
  city: sections.city.optional(),
  database: sections.database.partial().optional(),
  archive: sections.archive.partial().optional(),
  recorder: sections.recorder.partial().optional(),
  sessions: sections.sessions.partial().optional(),
  cameras: sections.cameras.partial().optional(),
  notifications: notificationOverlay.optional(),
});

/** Settings with every path absolute. */
export interface Configuration extends z.infer<typeof complete> {
  dataDir: string;
}

const defaultsFile = fileURLToPath(new URL('../../config/default.yaml', import.meta.url));

/**
 * The defaults, with the file that LIENTHONG_CONFIG names laid over them, LIENTHONG_PORT and LIENTHONG_DATA_DIR.
 * Errors: `configuration_invalid`, with the file (or variable), the place in it and what was expected.
 */
export function loadConfiguration(env: Readonly<Record<string, string | undefined>>, cwd: string): Configuration {
  const base = withAbsolutePaths(readConfigurationFile(defaultsFile, complete), defaultsFile);
  const file = env.LIENTHONG_CONFIG ? resolve(cwd, env.LIENTHONG_CONFIG) : undefined;
  const over = file === undefined ? {} : withAbsolutePaths(readConfigurationFile(file, overlay), file);
  const merged = {
    log: over.log ?? base.log,
    city: over.city ?? base.city,
    server: { ...base.server, ...over.server },
    database: { ...base.database, ...over.database },
    archive: { ...base.archive, ...over.archive },
    recorder: { ...base.recorder, ...over.recorder },
    sessions: { ...base.sessions, ...over.sessions },
    cameras: { ...base.cameras, ...over.cameras },
    notifications: overlaid(base.notifications, over.notifications),
  };
  if (env.LIENTHONG_PORT) merged.server.port = portOf(env.LIENTHONG_PORT);
  if ((merged.server.certificate === '') !== (merged.server.key === '')) {
    throw new ConfigurationError(file ?? defaultsFile, [
      { path: 'server', expected: 'both `certificate` and `key`, or neither' },
    ]);
  }
  const { mail } = merged.notifications;
  if (mail.host !== '' && mail.from === '') {
    throw new ConfigurationError(file ?? defaultsFile, [
      { path: 'notifications.mail.from', expected: 'the sender of mails, since `host` is named' },
    ]);
  }
  if ((mail.user === '') !== (mail.passwordFile === '')) {
    throw new ConfigurationError(file ?? defaultsFile, [
      { path: 'notifications.mail', expected: 'both `user` and `passwordFile`, or neither' },
    ]);
  }
  return { ...merged, dataDir: resolve(cwd, env.LIENTHONG_DATA_DIR || 'data') };
}

function portOf(value: string): number {
  const parsed = z.coerce.number().pipe(port).safeParse(value);
  if (!parsed.success) {
    throw new ConfigurationError('LIENTHONG_PORT', [{ path: '', expected: 'a port number from 0 to 65535' }]);
  }
  return parsed.data;
}

/** Paths in a file are meant from where the file stands; an empty one stays empty. */
function withAbsolutePaths<T extends z.infer<typeof overlay>>(settings: T, file: string): T {
  const absolute = (path: string) => (path === '' || isAbsolute(path) ? path : resolve(dirname(file), path));
  const result = structuredClone(settings);
  if (result.city !== undefined) result.city = absolute(result.city);
  if (result.server?.certificate !== undefined) result.server.certificate = absolute(result.server.certificate);
  if (result.server?.key !== undefined) result.server.key = absolute(result.server.key);
  if (result.database?.passwordFile !== undefined)
    result.database.passwordFile = absolute(result.database.passwordFile);
  if (result.archive?.folder !== undefined) result.archive.folder = absolute(result.archive.folder);
  const keyFile = result.cameras?.credentialKeyFile;
  if (result.cameras && keyFile !== undefined && keyFile !== 'data')
    result.cameras.credentialKeyFile = absolute(keyFile);
  for (const volume of result.archive?.volumes ?? []) volume.path = absolute(volume.path);
  const mail = result.notifications?.mail;
  if (mail?.passwordFile !== undefined) mail.passwordFile = absolute(mail.passwordFile);
  if (mail?.caFile !== undefined) mail.caFile = absolute(mail.caFile);
  return result;
}
