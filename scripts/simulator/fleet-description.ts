import { z } from 'zod';
import type { FleetOptions } from './fleet.ts';
import { castScene } from './scenes/casting.ts';
import { PALETTE_NAMES, SCENE_VARIANTS } from './scenes/scene.ts';

/** What `main.ts` reads: a fleet as JSON. A camera without a scene gets one by its place in the list. */

const port = z.int().min(0).max(65_535);
const label = z.string().min(1).max(120);

const cameraSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  name: label,
  unitId: label.optional(),
  desk: label,
  scene: z
    .strictObject({
      variant: z.enum(SCENE_VARIANTS),
      palette: z.enum(PALETTE_NAMES),
      plate: label,
      unit: label,
      seed: z.int().min(0),
    })
    .partial()
    .optional(),
  username: label,
  password: label,
  onvifPort: port.optional(),
  rtspPort: port.optional(),
  quirks: z
    .strictObject({
      clockSkewMs: z.int(),
      digestOnly: z.boolean(),
      wrongXAddrHost: z.string().regex(/^[\w.-]{1,253}$/),
      media2Broken: z.boolean(),
      noRateControl: z.boolean(),
      https: z.boolean(),
      truncatedBody: z.boolean(),
      slowBodyMs: z.int().min(0).max(60_000),
      renewFails: z.boolean(),
    })
    .partial()
    .optional(),
  ptz: z
    .strictObject({
      zoomOnly: z.boolean(),
      continuousOnly: z.boolean(),
      slowMs: z.int().min(0).max(10_000),
      refusedStops: z.int().min(0).max(100),
      ignoresTimeout: z.boolean(),
      panRange: z.number().positive(),
    })
    .partial()
    .optional(),
});

const fleetSchema = z.strictObject({
  cameras: z.array(cameraSchema).min(1).max(256),
  basePort: port.optional(),
  cacheDirectory: z.string().min(1).optional(),
  loopFrames: z.int().min(25).max(65_525).multipleOf(25).optional(),
  codec: z.enum(['h264', 'h265']).optional(),
  bitrate: z.strictObject({ mainKbps: z.int().min(100), subKbps: z.int().min(50) }).optional(),
  discovery: z.union([z.boolean(), z.strictObject({ interfaces: z.array(z.ipv4()).min(1) })]).optional(),
});

const controlSchema = z.union([
  z
    .strictObject({ disconnect: z.string() })
    .transform(({ disconnect }) => ({ action: 'disconnect' as const, id: disconnect })),
  z
    .strictObject({ reconnect: z.string() })
    .transform(({ reconnect }) => ({ action: 'reconnect' as const, id: reconnect })),
]);

/** Throws Error that names what is wrong with the description. */
export function parseFleet(json: string): FleetOptions {
  const parsed = parse(fleetSchema, json, 'description of the cameras');
  const cameras = parsed.cameras.map((camera, index) => ({
    ...camera,
    scene: { ...castScene(index, camera.desk, camera.name), ...camera.scene },
  }));
  return { ...parsed, cameras };
}

/** Throws Error on anything but a known control line. */
export function parseControl(json: string): { action: 'disconnect' | 'reconnect'; id: string } {
  return parse(controlSchema, json, 'control line');
}

function parse<T>(schema: z.ZodType<T>, json: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error(`the ${what} is not JSON`);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`the ${what} is wrong:\n${z.prettifyError(result.error)}`);
  return result.data;
}
