import type { AdviceCode, ClockAnswer, DeviceChange, FixResult } from '../contracts/camera-onboarding.ts';
import type { Clock } from '../platform/clock.ts';
import { encoderFixes } from './advice-policy.ts';
import { encoderChanges, encoderPlan, reached } from './encoder-target-policy.ts';
import type { DeviceClient } from './onvif/device-client.ts';
import {
  followTimeServer,
  readTimeServers,
  readTimeSettings,
  setClock,
  type TimeSettings,
} from './onvif/device-write.ts';
import { OnvifError } from './onvif/errors.ts';
import { EncoderSettings } from './onvif/media-write.ts';
import { readServices } from './onvif/services.ts';

export interface FixTarget {
  client: DeviceClient;
  clock: Clock;
  /** Tokens of the profiles that are recorded. */
  profiles: Readonly<Partial<Record<'main' | 'sub', string>>>;
}

/** Within a second or so a device's clock is as right as it can be told from its answer. */
const rightMs = 2_000;
/** A time server is asked by and by; so often the clock is looked at, with a second between. */
const looks = 4;

/** Does one fix after the other and reads back from the device what came of it. */
export async function applyFixes(target: FixTarget, codes: readonly AdviceCode[], ntp?: string): Promise<FixResult[]> {
  const results: FixResult[] = [];
  let settings: EncoderSettings | null | undefined;
  for (const code of new Set(codes)) {
    const fix = encoderFixes[code];
    if (code === 'clock_wrong') {
      results.push({ code, ...(await correctClock(target.client, target.clock, ntp)) });
      continue;
    }
    const profile = fix && target.profiles[fix.stream];
    if (!fix || !profile) {
      results.push({ code, state: 'refused', errorCode: 'fix_unknown', changes: [] });
      continue;
    }
    const done = await attempt(async () => {
      settings ??= await EncoderSettings.open(target.client, (await readServices(target.client)).services);
      return settings ? await setEncoder(settings, profile, fix) : notThere;
    });
    results.push({ code, ...done });
  }
  return results;
}

/** Sets a device's clock to ours, or has it follow a time server; the skew is told as it is afterwards. */
export function correctClock(client: DeviceClient, clock: Clock, ntp?: string): Promise<ClockAnswer> {
  return attempt(async () => {
    const skewBefore = await client.readClock();
    const before = await readTimeSettings(client);
    const serversBefore = ntp === undefined ? [] : await timeServers(client);
    if (ntp === undefined) await setClock(client, clock.nowMs(), before);
    else await followTimeServer(client, ntp, before);
    let skewAfter = await client.readClock();
    for (let look = 1; ntp !== undefined && look < looks && !isRight(skewAfter); look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      skewAfter = await client.readClock();
    }
    const after = await readTimeSettings(client);
    const serversAfter = ntp === undefined ? [] : await timeServers(client);
    const changes = clockChanges(
      { skew: skewBefore, ...before, servers: serversBefore },
      { skew: skewAfter, ...after, servers: serversAfter },
    );
    const follows = ntp === undefined || (after.source === 'ntp' && serversAfter.includes(ntp));
    const state = isRight(skewAfter) && follows ? 'done' : changes.length > 0 ? 'partly' : 'unchanged';
    return { state, errorCode: null, changes };
  });
}

interface ClockState extends TimeSettings {
  skew: number | null;
  servers: string[];
}

function clockChanges(before: ClockState, after: ClockState): DeviceChange[] {
  const text = (skew: number | null) => (skew === null ? null : String(skew));
  const changes: DeviceChange[] = [];
  const say = (setting: DeviceChange['setting'], was: string | null, is: string | null) => {
    if (was !== is) changes.push({ setting, stream: null, before: was, after: is });
  };
  // Two readings of a clock that nobody touched differ by the way of the answer.
  if (before.skew === null || after.skew === null || Math.abs(before.skew - after.skew) > rightMs)
    say('clock_skew_ms', text(before.skew), text(after.skew));
  say('time_source', before.source, after.source);
  say('ntp_server', before.servers.join(' ') || null, after.servers.join(' ') || null);
  return changes;
}

function isRight(skewMs: number | null): boolean {
  return skewMs !== null && Math.abs(skewMs) <= rightMs;
}

/** Devices that follow a time server do not always tell which. */
function timeServers(client: DeviceClient): Promise<string[]> {
  return readTimeServers(client).catch((error) => {
    if (error instanceof OnvifError && error.failure === 'fault') return [];
    throw error;
  });
}

const notThere: ClockAnswer = { state: 'refused', errorCode: 'fix_unknown', changes: [] };

async function setEncoder(
  settings: EncoderSettings,
  profile: string,
  { stream, fix }: { stream: 'main' | 'sub'; fix: 'h264' | 'gop' | 'sub' },
): Promise<ClockAnswer> {
  const before = await settings.state(profile);
  if (!before) return notThere;
  const plan = encoderPlan(fix, stream, before, await settings.options(profile, before.token));
  if (!plan) return notThere;
  await settings.set(profile, plan.target, plan.options);
  const after = await settings.state(profile);
  if (!after) return { state: 'refused', errorCode: 'device_refused', changes: [] };
  return {
    state: reached(plan.target, before, after),
    errorCode: null,
    changes: encoderChanges(stream, before, after),
  };
}

/** A device that does not do it is an answer, and no error. */
async function attempt(work: () => Promise<ClockAnswer>): Promise<ClockAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OnvifError) || error.failure === 'aborted') throw error;
    const away = error.failure === 'unreachable' || error.failure === 'timeout';
    return { state: 'refused', errorCode: away ? 'device_unreachable' : 'device_refused', changes: [] };
  }
}
