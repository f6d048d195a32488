import type { ProfileSettings } from '../../../server/contracts/camera-profiles.ts';
import type { Camera, RecordingSetting, SettingName } from '../../../server/contracts/cameras.ts';
import type { StreamName } from '../../../server/contracts/common.ts';

/** What a setting is set to: when a stream is recorded, for how many days it is kept (null: as the city keeps), or whether. */
export type SettingValue = RecordingSetting | number | boolean | null;

/** In the order in which they are shown. */
export const SETTINGS: readonly SettingName[] = [
  'recording.main',
  'retentionDays.main',
  'sound.main',
  'recording.sub',
  'retentionDays.sub',
  'sound.sub',
  'events',
];

type Kind = 'recording' | 'retentionDays' | 'sound' | 'events';

/** Which kind of setting it is, and of which stream; null for what is of the whole camera. */
export function partsOf(setting: SettingName): { kind: Kind; stream: StreamName | null } {
  const [kind, stream] = setting.split('.') as [Kind, StreamName | undefined];
  return { kind, stream: stream ?? null };
}

/** What settings say of one; undefined where they leave it open. */
export function settingOf(settings: ProfileSettings, setting: SettingName): SettingValue | undefined {
  const { kind, stream } = partsOf(setting);
  return kind === 'events' || stream === null ? settings.events : settings[kind]?.[stream];
}

/** Settings with one of them otherwise; undefined leaves it open. */
export function withSetting(
  settings: ProfileSettings,
  setting: SettingName,
  value: SettingValue | undefined,
): ProfileSettings {
  const { kind, stream } = partsOf(setting);
  if (kind === 'events' || stream === null) {
    const { events: _, ...rest } = settings;
    return typeof value === 'boolean' ? { ...rest, events: value } : rest;
  }
  const { [stream]: _, ...others } = (settings[kind] ?? {}) as Partial<Record<StreamName, SettingValue>>;
  const group = value === undefined ? others : { ...others, [stream]: value };
  const { [kind]: __, ...rest } = settings;
  return Object.keys(group).length === 0 ? rest : { ...rest, [kind]: group };
}

type Set = Pick<Camera, 'recording' | 'retentionDays' | 'sound' | 'events'>;

/** What a camera is set to. */
export function settingsOf({ recording, retentionDays, sound, events }: Set): ProfileSettings {
  return {
    ...(recording && { recording }),
    ...(retentionDays && { retentionDays }),
    ...(sound && { sound }),
    ...(events !== undefined && { events }),
  };
}

export const sameSetting = (a: SettingValue | undefined, b: SettingValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Only what is otherwise than before: what stays as it is must not become the camera's own. */
export function changedSettings(before: ProfileSettings, after: ProfileSettings): ProfileSettings {
  let changed: ProfileSettings = {};
  for (const setting of SETTINGS) {
    const value = settingOf(after, setting);
    if (value !== undefined && !sameSetting(settingOf(before, setting), value)) {
      changed = withSetting(changed, setting, value);
    }
  }
  return changed;
}

export interface PreviewRow {
  camera: Camera;
  changes: { setting: SettingName; before: SettingValue | undefined; after: SettingValue }[];
  /** What is set on streams that the camera does not have. */
  passedOver: SettingName[];
}

/** What the cameras are to inherit: from another profile (`undefined` keeps what each has), and whether also what they have of their own. */
export interface Inheriting {
  profile: ProfileSettings | undefined;
  own: boolean;
  profileOf: (camera: Camera) => ProfileSettings;
}

/** What a change of many cameras would do to each of them. */
export function previewOf(cameras: readonly Camera[], changes: ProfileSettings, inheriting?: Inheriting): PreviewRow[] {
  const inherited = (camera: Camera, setting: SettingName): SettingValue | undefined => {
    if (inheriting === undefined || settingOf(settingsOf(camera), setting) === undefined) return undefined;
    const own = (camera.settingSources?.[setting] ?? 'default') === 'camera';
    if (own ? !inheriting.own : inheriting.profile === undefined) return undefined;
    return settingOf(inheriting.profile ?? inheriting.profileOf(camera), setting) ?? defaultOf(setting);
  };
  return cameras.map((camera) => {
    const row: PreviewRow = { camera, changes: [], passedOver: [] };
    for (const setting of SETTINGS) {
      const given = settingOf(changes, setting);
      const after = given === undefined ? inherited(camera, setting) : given;
      if (after === undefined) continue;
      const { stream } = partsOf(setting);
      const before = settingOf(settingsOf(camera), setting);
      if (stream !== null && !camera.streams.some(({ name }) => name === stream)) row.passedOver.push(setting);
      else if (!sameSetting(before, after)) row.changes.push({ setting, before, after });
    }
    return row;
  });
}

/** What a camera is set to where neither it nor its profile says otherwise. */
export function defaultOf(setting: SettingName): SettingValue {
  const { kind } = partsOf(setting);
  if (kind === 'recording') return { mode: 'continuous', leadMinutes: 15, tailMinutes: 15 };
  return kind === 'retentionDays' ? null : false;
}

/** Settings of which some are given back: they are what the profile says, or the default. Only those that the camera has are touched. */
export function givenBack(
  settings: ProfileSettings,
  names: readonly SettingName[],
  profile: ProfileSettings,
): ProfileSettings {
  return names
    .filter((name) => settingOf(settings, name) !== undefined)
    .reduce((rest, name) => withSetting(rest, name, settingOf(profile, name) ?? defaultOf(name)), settings);
}
