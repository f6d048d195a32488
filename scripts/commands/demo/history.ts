import { attachment, incident, incidentPage } from '../../../server/contracts/incidents.ts';
import type { Role } from '../../../server/contracts/roles.ts';
import { timeline } from '../../../server/contracts/timeline.ts';
import type { ApiClient } from '../api-client.ts';
import { until } from '../until.ts';
import { workAroundCases } from './around-cases.ts';
import { cases, type DemoCase } from './demo-city.ts';
import type { Demo } from './demo-file.ts';
import { accountOf } from './prepare-city.ts';
import { simulatedPdf } from './simulated-file.ts';

/** How much footage a case shows, and how much of it lies before the flagged moment, in ms. */
const stretchMs = 8_000;
const beforeMs = 5_000;

/** Cases in every state, made by the people of the city through the API, over footage that was really recorded. */
export async function makeHistory(anybody: ApiClient, demo: Demo, signal: AbortSignal): Promise<void> {
  const clients = new Map<string, ApiClient>();
  const as = async (role: Role, unit: string): Promise<ApiClient> => {
    const { username, password } = accountOf(demo, role, unit);
    const known = clients.get(username);
    if (known) return known;
    const client = anybody.stranger();
    await client.signIn(username, password);
    clients.set(username, client);
    return client;
  };
  try {
    const known = await casesThatAre(await as('home_affairs', ''), signal);
    for (const each of cases) {
      const camera = demo.cameras.find(({ deskId }) => deskId === each.deskId);
      if (camera === undefined) throw new Error(`no camera at ${each.deskId}`);
      const key = keyOf(camera.id, each.category);
      if (!known.has(key)) known.set(key, await makeCase(each, camera, { as, demo, known, signal }));
    }
    const idOf = (place: number) => known.get(placeOf(demo, cases[place])) ?? '';
    await workAroundCases({ as, idOf, signal });
  } finally {
    for (const client of clients.values()) client.close();
  }
}

interface Making {
  as: (role: Role, unit: string) => Promise<ApiClient>;
  demo: Demo;
  /** Ids of cases by camera and category. */
  known: ReadonlyMap<string, string>;
  signal: AbortSignal;
}

const keyOf = (cameraId: string, category: string) => `${cameraId} ${category}`;

/** What an interrupted start has made already. */
async function casesThatAre(client: ApiClient, signal: AbortSignal): Promise<Map<string, string>> {
  const { items } = await client.call(incidentPage, 'GET', '/api/incidents?limit=200', { signal });
  return new Map(items.map(({ id, cameraId, category }) => [keyOf(cameraId, category), id]));
}

/** Returns the id of the new case. */
async function makeCase(each: DemoCase, camera: Demo['cameras'][number], making: Making): Promise<string> {
  const { as, demo, known, signal } = making;
  const flagger = await as(each.flaggedBy, camera.unit);
  const toMs = await untilRecorded(flagger, camera.id, signal);
  const fromMs = toMs - stretchMs;
  const { category, severity, note } = each;
  const flag = { cameraId: camera.id, category, severity, note, fromMs, toMs, atMs: fromMs + beforeMs };
  const made = await flagger.call(incident, 'POST', '/api/incidents', { body: flag, signal });
  let state = made.state;
  for (const { by, step, words, of, file } of each.steps) {
    const client = await as(by, camera.unit);
    const address = `/api/incidents/${made.id}`;
    const { version } = await client.call(incident, 'GET', address, { signal });
    const other = of === undefined ? {} : { of: known.get(placeOf(demo, cases[of])) };
    const handedIn = file === undefined ? {} : { attachments: [await handIn(client, address, file)] };
    const body = { version, ...words, ...other, ...handedIn };
    ({ state } = await client.call(incident, 'POST', `${address}/${step}`, { body, signal }));
  }
  if (state !== each.state) throw new Error(`a case at ${each.deskId} came to ${state} instead of ${each.state}`);
  return made.id;
}

/** Returns the id of the file. */
async function handIn(client: ApiClient, address: string, { name, line }: { name: string; line: string }) {
  const { id } = await client.upload(attachment, `${address}/attachments`, name, 'application/pdf', simulatedPdf(line));
  return id;
}

function placeOf(demo: Demo, each: DemoCase | undefined): string {
  const camera = demo.cameras.find(({ deskId }) => deskId === each?.deskId);
  return keyOf(camera?.id ?? '', each?.category ?? '');
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
