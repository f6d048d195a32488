import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../platform/canonical-json.ts';
import type { CameraRecord } from './camera-record.ts';

type Settings = Record<string, JsonValue>;

/** What was changed, as it was and as it is; without what stayed. Empty on both sides when nothing changed. */
export function changesOf(before: CameraRecord, after: CameraRecord): { before: Settings; after: Settings } {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  const changed = Object.keys(is).filter((key) => !isDeepStrictEqual(was[key], is[key]));
  const only = (settings: Settings) => Object.fromEntries(changed.map((key) => [key, settings[key] ?? null]));
  return { before: only(was), after: only(is) };
}

/** Everything that an administrator sets, one value a name, for the log. */
function settingsOf({ name, unitId, deskIds, enabled, streams, events, profileId }: CameraRecord): Settings {
  const perStream = streams.flatMap((stream) => [
    [`recording.${stream.name}`, { ...stream.recording }],
    [`retentionDays.${stream.name}`, stream.retentionDays],
    [`sound.${stream.name}`, stream.sound],
  ]);
  return { name, unitId, deskIds, enabled, events, profileId, ...Object.fromEntries(perStream) };
}
