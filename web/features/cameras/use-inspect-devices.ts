import { useRef, useState } from 'react';
import { useInspect } from '../../api/camera-onboarding.ts';
import { ApiError } from '../../api/client.ts';
import { NO_CREDENTIALS } from './credentials.ts';
import type { Found } from './discovery-policy.ts';
import { type DiscoverySession, noteInspections, noteNotInspected } from './discovery-session.ts';
import { batchesOf } from './wizard-policy.ts';

const BUSY_WAIT_MS = 3_000;
const MOST_TRIES = 60;

/** Has devices looked at closely: piece by piece, waiting while the server has enough to do. It goes on when the page is left. */
export function useInspectDevices(session: DiscoverySession) {
  const inspect = useInspect();
  const [busy, setBusy] = useState(false);
  const going = useRef(new Set<string>());

  const one = async (batch: readonly Found[]): Promise<void> => {
    const credentials = session.credentials.get(batch[0]?.runId ?? '') ?? NO_CREDENTIALS;
    const addresses = batch.map(({ device }) => device.onvif);
    for (let tries = 1; ; tries++) {
      try {
        const items = await inspect.mutateAsync({ addresses, ...credentials });
        const byAddress = new Map(items.map((item) => [item.address, item.id]));
        noteInspections(
          batch.flatMap(({ device }) => {
            const id = byAddress.get(device.onvif);
            return id === undefined ? [] : [[device.key, id] as const];
          }),
        );
        return;
      } catch (error) {
        const waits = error instanceof ApiError && error.code === 'inspections_busy' && tries < MOST_TRIES;
        if (!waits) {
          noteNotInspected(
            batch.map(({ device }) => device.key),
            error,
          );
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
      }
    }
  };

  const start = async (chosen: readonly Found[]): Promise<void> => {
    const fresh = chosen.filter(({ device }) => !going.current.has(device.key));
    if (fresh.length === 0) return;
    for (const { device } of fresh) going.current.add(device.key);
    setBusy(true);
    for (const batch of batchesOf(fresh)) await one(batch);
    for (const { device } of fresh) going.current.delete(device.key);
    setBusy(going.current.size > 0);
  };
  return { start, busy };
}
