import { expect } from 'vitest';
import { type Incident, incident } from '../../server/contracts/incidents.ts';
import { timeline } from '../../server/contracts/timeline.ts';
import { clientAs } from './visitors.ts';

/** A case over 5 s that have been recorded, flagged by Home Affairs. */
export async function flagByApi(cameraId: string, category: string, note = ''): Promise<Incident> {
  const client = await clientAs('home_affairs');
  const address = (now: number) => `/api/cameras/${cameraId}/timeline?from=${now - 60_000}&to=${now}&stream=main`;
  let end = 0;
  await expect
    .poll(
      async () => {
        const [from, to] = (await client.call(timeline, 'GET', address(Date.now()))).recorded.at(-1) ?? [0, 0];
        end = to;
        return to - from;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(5_000);
  const body = { cameraId, category, fromMs: end - 5_000, toMs: end, note };
  const made = await client.call(incident, 'POST', '/api/incidents', { body });
  client.close();
  return made;
}
