import { z } from 'zod';
import { epochMs, id, streamName } from './common.ts';

const address = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:[\]-]+$/);

export const createDiscoveryRequest = z.object({
  /**
   * WS-Discovery on every interface, or the devices at the named addresses (`host` or `host:port`), or whatever answers in a range of
   * IPv4 addresses.
   */
  method: z.enum(['ws_discovery', 'address', 'range']),
  /** For `range`: a network of at most 1,024 addresses, e.g. `10.20.3.0/24`. */
  range: z.cidrv4().max(18).optional(),
  /** For `range`: where devices are asked; port 80 where none is named. */
  ports: z.array(z.int().min(1).max(65_535)).max(4).optional(),
  addresses: z
    .array(address)
    .max(256)
    // What was asked for is kept in the audit log, whose entries are bounded.
    .refine((list) => list.join().length <= 16_000, { message: 'too many long addresses' })
    .default([]),
  /** Tried once on every device found; without them only what a device tells strangers is read. */
  username: z.string().max(128).default(''),
  password: z.string().max(256).default(''),
});
export type CreateDiscoveryRequest = z.infer<typeof createDiscoveryRequest>;

export const discoveredProfile = z.object({
  token: z.string(),
  name: z.string(),
  stream: streamName.nullable(),
  codec: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().nullable(),
  /** Without user info. */
  rtsp: z.string().nullable(),
});
export type DiscoveredProfile = z.infer<typeof discoveredProfile>;

/** probing → ready | credentials_needed | bad_credentials | unreachable | not_onvif | failed */
export const discoveredState = z.enum([
  'probing',
  'ready',
  'credentials_needed',
  'bad_credentials',
  'clock_skew',
  'unreachable',
  'not_onvif',
  'failed',
]);

export const discoveredDevice = z.object({
  /** The endpoint reference, or the address where there is none. */
  key: z.string(),
  host: z.string(),
  onvif: z.string(),
  name: z.string(),
  simulated: z.boolean(),
  state: discoveredState,
  /** What failed, as a stable code. */
  errorCode: z.string().nullable(),
  device: z
    .object({ manufacturer: z.string(), model: z.string(), firmware: z.string(), serial: z.string() })
    .nullable(),
  clockSkewMs: z.number().nullable(),
  profiles: z.array(discoveredProfile),
  /** The camera that is already registered at this device, if there is one. */
  cameraId: id.nullable(),
});
export type DiscoveredDevice = z.infer<typeof discoveredDevice>;

export const discovery = z.object({
  id,
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  startedAtMs: epochMs,
  items: z.array(discoveredDevice),
  /** Interfaces on which the question could not be asked, by the system's error code. */
  problems: z.array(z.object({ interfaceAddress: z.string(), code: z.string() })).optional(),
});
export type Discovery = z.infer<typeof discovery>;
