import { z } from 'zod';
import { type Camera, camera, cameraList } from '../../../server/contracts/cameras.ts';
import { type DiscoveredDevice, discovery } from '../../../server/contracts/discoveries.ts';
import { user, userList } from '../../../server/contracts/users.ts';
import { type ApiClient, ApiFailure } from '../api-client.ts';
import { until } from '../until.ts';
import { cameras, type DemoCamera, people } from './demo-city.ts';
import type { Demo, DemoAccount } from './demo-file.ts';
import { simulatedId } from './fleet-of-demo.ts';
import type { RunningCamera } from './fleet-process.ts';

/** Sets the city up as an administrator would, through the API; what is there already is left as it is. */

/**
 * Signs the administrator in, who is made by the set-up link when there is nobody yet. Errors: `Error` when the database holds another city,
 * on whatever server it is: the people of the demo are unknown there.
 */
export async function enterAsAdministrator(client: ApiClient, demo: Demo, setupToken: string | null): Promise<void> {
  const account = accountOf(demo, 'admin');
  const { name = '' } = people.find(({ role }) => role === 'admin') ?? {};
  if (setupToken !== null) {
    await client.setUp({ token: setupToken, username: account.username, name, password: account.password });
    return;
  }
  try {
    await client.signIn(account.username, account.password);
  } catch (error) {
    if (!(error instanceof ApiFailure && error.status === 401)) throw error;
    throw new Error('the database holds a city that is not the demo’s; name another folder or another database', {
      cause: error,
    });
  }
}

/** The account of the role; of several heads of units the one of `unit`, or the first. */
export function accountOf(demo: Demo, role: DemoAccount['role'], unit?: string): DemoAccount {
  const ofRole = demo.accounts.filter((account) => account.role === role);
  const found = role === 'unit_head' && unit !== undefined ? ofRole.find((one) => one.unit === unit) : ofRole[0];
  if (!found) throw new Error(`the demo has no account of the role ${role}${unit === undefined ? '' : ` for ${unit}`}`);
  return found;
}

/** Accounts of everybody who works with the demo. */
export async function addAccounts(admin: ApiClient, demo: Demo): Promise<void> {
  const known = new Set((await admin.call(userList, 'GET', '/api/users')).items.map(({ username }) => username));
  for (const { role, username, name, unit } of people) {
    if (known.has(username)) continue;
    const { password } = accountOf(demo, role, unit);
    await admin.call(user, 'POST', '/api/users', { body: { username, name, role, unitId: unit ?? null, password } });
  }
}

/**
 * Finds the simulated cameras by WS-Discovery (by address where that is not to be had) and adds those that are missing
 * under their units. A camera that moved to another port is added anew.
 */
export async function addCameras(
  admin: ApiClient,
  demo: Demo,
  running: readonly RunningCamera[],
  signal: AbortSignal,
): Promise<void> {
  const registered = (await admin.call(cameraList, 'GET', '/api/cameras', { signal })).items;
  const wanted = cameras.map((desk) => ({ desk, device: deviceOf(demo, desk, running) }));
  const entries = new Map<string, Camera>();
  for (const { desk, device } of wanted) {
    const known = registered.find(({ deskIds, unitId }) => unitId === desk.unit && deskIds.includes(desk.deskId));
    if (known?.device?.onvif === device.onvif) entries.set(desk.deskId, known);
    else if (known) await admin.call(z.null(), 'DELETE', `/api/cameras/${known.id}`, { signal });
  }
  const missing = wanted.filter(({ desk }) => !entries.has(desk.deskId));
  if (missing.length > 0) {
    const found = await discover(
      admin,
      demo,
      missing.map(({ device }) => device.onvif),
      signal,
    );
    for (const { desk, device } of missing) {
      if (!found.has(device.onvif)) throw new Error(`the simulated camera at ${device.onvif} was not found`);
      entries.set(desk.deskId, await addCamera(admin, demo, desk, device, signal));
    }
  }
  demo.cameras = wanted.map(({ desk, device }) => ({
    id: entries.get(desk.deskId)?.id ?? '',
    unit: desk.unit,
    deskId: desk.deskId,
    rtsp: withCredentials(device.rtsp.main, demo.fleet),
    onvif: device.onvif,
  }));
}

/** Waits until every camera of the demo is online with all its streams. */
export async function untilRecording(admin: ApiClient, demo: Demo, signal: AbortSignal): Promise<void> {
  const ids = new Set(demo.cameras.map(({ id }) => id));
  await until(
    'every simulated camera to be recorded',
    async () => {
      const { items } = await admin.call(cameraList, 'GET', '/api/cameras', { signal });
      const ours = items.filter(({ id }) => ids.has(id));
      return ours.length === ids.size && ours.every(isRecording) ? true : null;
    },
    { timeoutMs: 60_000, everyMs: 200, signal },
  );
}

export function isRecording({ streams }: Camera): boolean {
  return streams.length > 0 && streams.every(({ state }) => state === 'recording');
}

function deviceOf(demo: Demo, desk: DemoCamera, running: readonly RunningCamera[]): RunningCamera {
  const id = simulatedId(demo, desk.deskId);
  const found = running.find((device) => device.id === id);
  if (!found) throw new Error(`no simulated camera for ${desk.deskId}`);
  return found;
}

function addCamera(
  admin: ApiClient,
  demo: Demo,
  desk: DemoCamera,
  device: RunningCamera,
  signal: AbortSignal,
): Promise<Camera> {
  const { username, password } = demo.fleet;
  const body = { name: desk.name, unitId: desk.unit, deskIds: [desk.deskId], username, password, onvif: device.onvif };
  return admin.call(camera, 'POST', '/api/cameras', { body, signal });
}

async function discover(
  admin: ApiClient,
  demo: Demo,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const { username, password } = demo.fleet;
  const found = await search(admin, { method: 'ws_discovery', username, password }, signal);
  const missing = wanted.filter((onvif) => !found.has(onvif)).map((onvif) => new URL(onvif).host);
  if (missing.length === 0) return found;
  return found.union(await search(admin, { method: 'address', addresses: missing, username, password }, signal));
}

/** Device service addresses of what answered and took the credentials. */
async function search(admin: ApiClient, body: unknown, signal: AbortSignal): Promise<Set<string>> {
  const { id } = await admin.call(discovery, 'POST', '/api/discoveries', { body, signal });
  const items = await until(
    'the search for cameras to end',
    async () => {
      const run = await admin.call(discovery, 'GET', `/api/discoveries/${id}`, { signal });
      return run.state === 'running' ? null : run.items;
    },
    { timeoutMs: 60_000, everyMs: 200, signal },
  );
  return new Set(items.filter(({ state }: DiscoveredDevice) => state === 'ready').map(({ onvif }) => onvif));
}

function withCredentials(rtsp: string, { username, password }: Demo['fleet']): string {
  const url = new URL(rtsp);
  url.username = username;
  url.password = password;
  return url.href;
}
