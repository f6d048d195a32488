import type { StreamName } from '../contracts/common.ts';
import type { CameraStore } from '../storage/camera.store.ts';

const dayMs = 86_400_000;

/**
 * The streams that have days of their own, in memory, so that cleaning asks no database. It is read before anything is deleted, and removed
 * cameras are in it too: their footage keeps the days that were promised for it.
 */
export class StreamRetention {
  readonly #days = new Map<string, number>();

  static async read(store: CameraStore): Promise<StreamRetention> {
    const retention = new StreamRetention();
    for (const row of await store.retentions()) retention.set(row.camera_id, row.name, row.retention_days);
    return retention;
  }

  /** `null` is the city's days. */
  set(cameraId: string, stream: string, days: number | null): void {
    if (days === null) this.#days.delete(`${cameraId}/${stream}`);
    else this.#days.set(`${cameraId}/${stream}`, days);
  }

  /** In ms; undefined for a stream without days of its own. */
  keepMsOf(cameraId: string, stream: StreamName): number | undefined {
    const days = this.#days.get(`${cameraId}/${stream}`);
    return days === undefined ? undefined : days * dayMs;
  }
}
