import { useState } from 'react';
import { useCreateCamera } from '../../api/cameras.ts';
import { type Found, requestFor } from './discovery-policy.ts';
import { type DiscoverySession, noteAdded, select } from './discovery-session.ts';

/** Adds chosen devices one after the other, and remembers why one could not be added. */
export function useAddDevices(session: DiscoverySession) {
  const create = useCreateCamera();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [refusals, setRefusals] = useState<ReadonlyMap<string, unknown>>(new Map());

  /** @returns how many became cameras */
  const add = async (chosen: readonly Found[]): Promise<number> => {
    const failed = new Map<string, unknown>();
    setProgress({ done: 0, total: chosen.length });
    for (const [at, { device, runId }] of chosen.entries()) {
      const placement = session.placements.get(device.key);
      const credentials = session.credentials.get(runId);
      const inspectionId = session.inspections.get(device.key);
      if (placement === undefined || (credentials === undefined && inspectionId === undefined)) continue;
      try {
        const camera = await create.mutateAsync(requestFor(device, placement, credentials, inspectionId));
        noteAdded(device.key, camera.id);
        select([device.key], false);
      } catch (error) {
        failed.set(device.key, error);
      }
      setProgress({ done: at + 1, total: chosen.length });
    }
    setRefusals(
      (before) => new Map([...before].filter(([key]) => !chosen.some((c) => c.device.key === key)).concat([...failed])),
    );
    setProgress(null);
    return chosen.length - failed.size;
  };

  return { add, progress, refusals };
}
