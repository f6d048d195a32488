import type { Logger } from '../platform/log.ts';
import type { CameraRecord } from './camera-record.ts';
import type { CameraRegistry } from './registry.ts';

/**
 * The registered cameras in memory, so that a guard that runs with every piece of media asks no database. Follows the
 * registry's events; a removed camera is gone from here at once, while the registry still knows its name for old footage.
 */
export class CameraDirectory {
  readonly #registry: CameraRegistry;
  readonly #log: Logger;
  #cameras: ReadonlyMap<string, CameraRecord> = new Map();
  #reading: Promise<void> = Promise.resolve();

  constructor(registry: CameraRegistry, log: Logger) {
    this.#registry = registry;
    this.#log = log;
  }

  /** Reads the cameras and follows the registry from then on. */
  async start(onChange: () => void): Promise<void> {
    await this.#read();
    const follow = () => {
      // A reading that failed keeps no later one back; whoever waits for `settled` is told.
      this.#reading = this.#reading
        .catch(() => {})
        .then(() => this.#read())
        .then(onChange);
      this.#reading.catch((error) => this.#log.error({ err: error }, 'the list of cameras could not be read'));
    };
    this.#registry.on('camera.saved', follow);
    this.#registry.on('camera.removed', follow);
  }

  get(id: string): CameraRecord | undefined {
    return this.#cameras.get(id);
  }

  list(): CameraRecord[] {
    return [...this.#cameras.values()];
  }

  /** The camera that is registered under an endpoint reference or device service address, or null. */
  registeredAt(device: { endpoint: string | null; onvif: string }): string | null {
    for (const { id, endpoint, onvif } of this.#cameras.values()) {
      if (onvif === device.onvif || (endpoint !== null && endpoint === device.endpoint)) return id;
    }
    return null;
  }

  /** Settles when every change told so far has been read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.#cameras = new Map((await this.#registry.list()).map((camera) => [camera.id, camera]));
  }
}
