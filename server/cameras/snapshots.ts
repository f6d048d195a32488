import { AppError } from '../platform/errors.ts';
import { toldAsCamera } from './device-errors.ts';
import { repairServiceAddress } from './onvif/addresses.ts';
import type { DeviceClient } from './onvif/device-client.ts';
import { OnvifError } from './onvif/errors.ts';
import { Limiter } from './onvif/limiter.ts';
import { readSnapshotUri } from './onvif/media.ts';
import { namespaces, readServices } from './onvif/services.ts';
import { fetchSnapshot } from './onvif/snapshot.ts';

const askAgainMs = 30_000;

/** Pictures that cameras take themselves: of one camera one at a time, shared by all who ask for it meanwhile. */
export class CameraSnapshots {
  readonly #deviceOf: (
    cameraId: string,
    signal: AbortSignal,
  ) => Promise<{ client: DeviceClient; profile: string } | null>;
  /** Where a camera has its picture; it is not asked for every time. */
  readonly #places = new Map<string, URL>();
  readonly #running = new Map<string, Promise<Uint8Array>>();
  readonly #limiter = new Limiter(8);
  /** Cameras that did not give one lately, which are not asked again at once. */
  readonly #failed = new Map<string, { error: unknown; atMs: number }>();

  constructor(
    deviceOf: (cameraId: string, signal: AbortSignal) => Promise<{ client: DeviceClient; profile: string } | null>,
  ) {
    this.#deviceOf = deviceOf;
  }

  /** JPEG. Errors: `camera_no_picture` where it takes none itself, `camera_unreachable`, `camera_refused` and their kin. */
  take(cameraId: string): Promise<Uint8Array> {
    const failed = this.#failed.get(cameraId);
    if (failed && performance.now() - failed.atMs < askAgainMs) return Promise.reject(failed.error);
    const running =
      this.#running.get(cameraId) ??
      this.#keepFailure(cameraId, this.#take(cameraId)).finally(() => this.#running.delete(cameraId));
    this.#running.set(cameraId, running);
    return running;
  }

  /** The camera was changed. */
  forget(cameraId: string): void {
    this.#places.delete(cameraId);
    this.#failed.delete(cameraId);
  }

  async #keepFailure(cameraId: string, taking: Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      const jpeg = await taking;
      this.#failed.delete(cameraId);
      return jpeg;
    } catch (error) {
      this.#failed.set(cameraId, { error, atMs: performance.now() });
      throw error;
    }
  }

  #take(cameraId: string): Promise<Uint8Array> {
    const signal = AbortSignal.timeout(8_000);
    return toldAsCamera(() =>
      this.#limiter.run(async () => {
        const device = await this.#deviceOf(cameraId, signal);
        if (!device) throw new AppError('not_found', 'camera_no_picture');
        const known = this.#places.get(cameraId);
        const place = known ?? (await placeOf(device.client, device.profile));
        if (!place) throw new AppError('not_found', 'camera_no_picture');
        try {
          const jpeg = await fetchSnapshot(device.client, place);
          this.#places.set(cameraId, place);
          return jpeg;
        } catch (error) {
          // It may have moved to another address of the camera.
          this.#places.delete(cameraId);
          throw error;
        }
      }, signal),
    );
  }
}

async function placeOf(client: DeviceClient, profile: string): Promise<URL | null> {
  await client.readClock().catch(() => null);
  const { services, ownPort } = await readServices(client);
  for (const version of ['2', '1'] as const) {
    const namespace = version === '2' ? namespaces.media2 : namespaces.media;
    if (!services.some((service) => service.namespace === namespace)) continue;
    const sent = await readSnapshotUri(client, services, version, profile).catch((error) => {
      if (error instanceof OnvifError && ['fault', 'http', 'malformed'].includes(error.failure)) return null;
      throw error;
    });
    const address = sent === null ? null : repairServiceAddress(sent, client.url, ownPort);
    if (address) return address.url;
  }
  return null;
}
