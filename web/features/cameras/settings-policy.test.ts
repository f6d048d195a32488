import { describe, expect, it } from 'vitest';
import type { Camera } from '../../../server/contracts/cameras.ts';
import { changedSettings, previewOf, SETTINGS, settingOf, withSetting } from './settings-policy.ts';

const hours = { mode: 'working_hours', leadMinutes: 15, tailMinutes: 15 } as const;
const always = { mode: 'continuous', leadMinutes: 15, tailMinutes: 15 } as const;

describe('settings', () => {
  it('can each be set and left open again, without touching another', () => {
    for (const setting of SETTINGS) {
      const value = setting.startsWith('recording') ? hours : setting.startsWith('retention') ? 30 : true;
      const set = withSetting({}, setting, value);
      expect(settingOf(set, setting)).toEqual(value);
      expect(SETTINGS.filter((one) => settingOf(set, one) !== undefined)).toEqual([setting]);
      expect(withSetting(set, setting, undefined)).toEqual({});
    }
    const both = withSetting(withSetting({}, 'retentionDays.main', 30), 'retentionDays.sub', null);
    expect(both).toEqual({ retentionDays: { main: 30, sub: null } });
    expect(withSetting(both, 'retentionDays.main', undefined)).toEqual({ retentionDays: { sub: null } });
  });

  it('that stay as they are are not sent: they would become the camera\u2019s own', () => {
    const before = { recording: { main: always, sub: always }, sound: { main: false }, events: true };
    expect(changedSettings(before, before)).toEqual({});
    const after = { ...before, recording: { main: hours, sub: always }, events: false };
    expect(changedSettings(before, after)).toEqual({ recording: { main: hours }, events: false });
  });

  it('of another profile reach what a camera has not of its own, unless it gives that back', () => {
    const settingSources = { 'retentionDays.main': 'camera', 'sound.main': 'default' } as const;
    const camera = {
      ...{ id: 'a', streams: [{ name: 'main' }], retentionDays: { main: 10 }, sound: { main: false } },
      settingSources,
    } as unknown as Camera;
    const profile = { retentionDays: { main: 90 }, sound: { main: true } };
    const changed = (inheriting: Parameters<typeof previewOf>[2]) =>
      previewOf([camera], {}, inheriting)[0]?.changes.map(({ setting, after }) => [setting, after]);
    const profileOf = () => ({});
    expect(changed({ profile, own: false, profileOf })).toEqual([['sound.main', true]]);
    expect(changed({ profile, own: true, profileOf })).toEqual([
      ['retentionDays.main', 90],
      ['sound.main', true],
    ]);
    expect(changed({ profile: undefined, own: true, profileOf })).toEqual([['retentionDays.main', null]]);
  });

  it('of many cameras are shown before they change, each with what it has now', () => {
    const camera = (id: string, streams: string[], retention: object) =>
      ({ id, streams: streams.map((name) => ({ name })), retentionDays: retention }) as unknown as Camera;
    const a = camera('a', ['main', 'sub'], { main: 30, sub: null });
    const b = camera('b', ['main'], { main: 15 });
    expect(previewOf([a, b], { retentionDays: { main: 30, sub: 7 } })).toEqual([
      { camera: a, changes: [{ setting: 'retentionDays.sub', before: null, after: 7 }], passedOver: [] },
      {
        camera: b,
        changes: [{ setting: 'retentionDays.main', before: 15, after: 30 }],
        passedOver: ['retentionDays.sub'],
      },
    ]);
  });
});
