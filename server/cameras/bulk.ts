import type { BulkCamerasAnswer, BulkCamerasRequest } from '../contracts/camera-profiles.ts';
import { AppError } from '../platform/errors.ts';
import { changesOf } from './camera-changes.ts';
import type { Also, CameraRegistry, PatchCameraRequest } from './registry.ts';

type Item = BulkCamerasAnswer['items'][number];

/**
 * One change of many cameras, one after the other, each done and told by itself or refused by itself. Settings of a stream that a camera does
 * not have are passed over, and one that is so already is not told.
 */
export async function changeMany(
  registry: Pick<CameraRegistry, 'get' | 'patch'>,
  { ids, changes }: BulkCamerasRequest,
  also: Also,
  signal?: AbortSignal,
): Promise<BulkCamerasAnswer['items']> {
  const items: Item[] = [];
  for (const id of new Set(ids)) items.push(await changeOne(id));
  return items;

  async function changeOne(id: string): Promise<Item> {
    let changed = false;
    try {
      const { streams } = await registry.get(id);
      const names = streams.map(({ name }) => name);
      const ofThese = <T extends object>(byStream: T | undefined) =>
        byStream &&
        (Object.fromEntries(Object.entries(byStream).filter(([name]) => names.some((n) => n === name))) as T);
      const patch: PatchCameraRequest = {
        ...changes,
        ...(changes.recording && { recording: ofThese(changes.recording) }),
        ...(changes.retentionDays && { retentionDays: ofThese(changes.retentionDays) }),
        ...(changes.sound && { sound: ofThese(changes.sound) }),
      };
      await registry.patch(id, patch, signal, async (after, within, before) => {
        const { after: news } = changesOf(before ?? after, after);
        const sources = JSON.stringify(before?.settingSources) !== JSON.stringify(after.settingSources);
        changed = Object.keys(news).length > 0 || sources;
        if (changed) await also(after, within, before);
      });
      return { id, state: changed ? 'changed' : 'unchanged', errorCode: null };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { id, state: 'refused', errorCode: error.code };
    }
  }
}
