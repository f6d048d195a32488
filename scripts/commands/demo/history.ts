import { type Incident, incident, incidentPage } from '../../../server/contracts/incidents.ts';
import type { Role } from '../../../server/contracts/roles.ts';
import { timeline } from '../../../server/contracts/timeline.ts';
import type { ApiClient } from '../api-client.ts';
import { until } from '../until.ts';
import { cases, type DemoCase } from './demo-city.ts';
import type { Demo } from './demo-file.ts';
import { accountOf } from './prepare-city.ts';

/** How much footage a case shows, and how much of it lies before the flagged moment, in ms. */
const stretchMs = 8_000;
const beforeMs = 5_000;

/** Cases in every state, made by the people of the city through the API, over footage that was really recorded. */
export async function makeHistory(anybody: ApiClient, demo: Demo, signal: AbortSignal): Promise<void> {
  const clients = new Map<Role, ApiClient>();
  const as = async (role: Role): Promise<ApiClient> => {
    const known = clients.get(role);
    if (known) return known;
    const client = anybody.stranger();
    const { username, password } = accountOf(demo, role);
    await client.signIn(username, password);
    clients.set(role, client);
    return client;
  };
  try {
    const known = await casesThatAre(await as('home_affairs'), signal);
    for (const each of cases) {
      const cameraId = demo.cameras.find(({ deskId }) => deskId === each.deskId)?.id;
      if (cameraId === undefined) throw new Error(`no camera at ${each.deskId}`);
      if (!known.has(`${cameraId} ${each.category}`)) await makeCase(each, cameraId, as, signal);
    }
  } finally {
    for (const client of clients.values()) client.close();
  }
}

type As = (role: Role) => Promise<ApiClient>;

/** What an interrupted start has made already. */
async function casesThatAre(client: ApiClient, signal: AbortSignal): Promise<Set<string>> {
  const { items } = await client.call(incidentPage, 'GET', '/api/incidents?limit=200', { signal });
  return new Set(items.map(({ cameraId, category }) => `${cameraId} ${category}`));
}

async function makeCase(each: DemoCase, cameraId: string, as: As, signal: AbortSignal): Promise<void> {
  const flagger = await as(each.flaggedBy);
  const toMs = await untilRecorded(flagger, cameraId, signal);
  const fromMs = toMs - stretchMs;
  const { category, severity, note } = each;
  const body = { cameraId, category, severity, note, fromMs, toMs, atMs: fromMs + beforeMs };
  let made = await flagger.call(incident, 'POST', '/api/incidents', { body, signal });
  const step = async (role: Role, name: string, words: Record<string, unknown>): Promise<Incident> => {
    const address = `/api/incidents/${made.id}/${name}`;
    return (await as(role)).call(incident, 'POST', address, { body: { version: made.version, ...words }, signal });
  };
  const { verifiedBy, endedBy, reason = '', conclusion } = each;
  if (verifiedBy) made = await step(verifiedBy, 'verify', endedBy ? {} : { reason });
  if (endedBy && each.state === 'concluded') made = await step(endedBy, 'conclude', { conclusion, reason });
  if (endedBy && each.state === 'no_violation') made = await step(endedBy, 'dismiss', { reason });
}

/** The end of the newest recorded stretch that is long enough, in epoch ms. */
function untilRecorded(client: ApiClient, cameraId: string, signal: AbortSignal): Promise<number> {
  return until(
    `${stretchMs / 1000} s of footage`,
    async () => {
      const now = Date.now();
      const address = `/api/cameras/${cameraId}/timeline?from=${now - 600_000}&to=${now}&stream=main`;
      const { recorded } = await client.call(timeline, 'GET', address, { signal });
      const long = recorded.findLast(([from, to]) => to - from >= stretchMs);
      return long?.[1] ?? null;
    },
    { timeoutMs: 60_000, everyMs: 200, signal },
  );
}
