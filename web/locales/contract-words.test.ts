import { describe, expect, it } from 'vitest';
import { cameraEventKind, eventListening } from '../../server/contracts/camera-events.ts';
import { healthPart, notCompared, proposalCause, referenceKind } from '../../server/contracts/camera-health.ts';
import {
  adviceCode,
  deviceSetting,
  fixResult,
  importColumn,
  inspection,
} from '../../server/contracts/camera-onboarding.ts';
import {
  cameraState,
  recordingSetting,
  settingName,
  settingSource,
  streamState,
} from '../../server/contracts/cameras.ts';
import { streamName } from '../../server/contracts/common.ts';

type Texts = { [key: string]: string | Texts };
const texts = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(
  ['../../server/{cameras,recorder,http/routes}/**/*.ts', '!../../server/**/*.test.ts'],
  { eager: true, query: '?raw', import: 'default' },
);
const source = (name: string) => sources[`../../server/${name}`] ?? '';

/** Whether there is a text at `namespace:a.b`; plural endings count as it. */
function says(lang: string, key: string): boolean {
  const [namespace = '', path = ''] = key.split(':');
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const branch = steps.reduce<Texts | string | undefined>(
    (at, step) => (typeof at === 'object' ? at[step] : undefined),
    texts[`./${lang}/${namespace}.json`],
  );
  return (
    typeof branch === 'object' && (typeof branch[last] === 'string' || typeof branch[`${last}_other`] === 'string')
  );
}

/** The members of `type Name = | 'a' | 'b'`. */
function members(file: string, name: string): string[] {
  const [, union = ''] = new RegExp(`type ${name} =([^;]+);`).exec(source(file)) ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map((m) => m[1] ?? '');
}

const under = (prefix: string, codes: readonly string[]) => codes.map((code) => [`${prefix}.${code}`]);
const anyOf = (codes: readonly string[], ...prefixes: string[]) =>
  codes.map((code) => prefixes.map((prefix) => `${prefix}.${code}`));

/** What is told as a code, and where its words may stand. */
const told: Record<string, string[][]> = {
  'what is advised': adviceCode.options.flatMap((code) =>
    ['title', 'why', 'self', 'fix'].map((part) => [`cameras:advice.${code}.${part}`]),
  ),
  'settings of a device': under('cameras:setting', deviceSetting.options),
  // Refused has the words of its code.
  'what became of a fix': under('cameras:fixed', fixResult.shape.state.exclude(['refused']).options),
  'steps of an inspection': under('cameras:look', inspection.shape.step.unwrap().options),
  'columns of an import': under('cameras:importColumn', importColumn.options),
  'when a stream is recorded': under('cameras:recording', recordingSetting.shape.mode.options),
  'settings of a camera': settingName.options.map((name) => [`cameras:cameraSetting.${name.split('.')[0]}`]),
  'sources of a setting': under('cameras:source', settingSource.options),
  streams: under('cameras:stream', streamName.options),
  'states of a stream': under('common:streamState', streamState.options),
  'states of a camera': under('common:cameraState', cameraState.options),
  'causes of a stream': anyOf(
    [...members('recorder/stream/failure.ts', 'FailureCause'), 'schedule', 'disk_full', 'disk_error'],
    'common:cause',
    'health:cause',
  ),
  'parts of health': healthPart.options.flatMap((part) => [[`health:part.${part}`], [`health:good.${part}`]]),
  // `judge…` are the only places that name a cause.
  'causes of health': anyOf(
    [...source('cameras/health/health-policy.ts').matchAll(/'(?:trouble|unknown|off)', (?:\w+\.cause \?\? )?'(\w+)'/g)]
      .map((m) => m[1] ?? '')
      .concat(
        members('cameras/health/picture-policy.ts', 'PictureSign').filter((sign) => sign !== 'good'),
        'clock_wrong',
      ),
    'health:cause',
    'common:cause',
  ),
  'what keeps a picture from being compared': under('health:notCompared', notCompared.options),
  'kinds of reference': under('health:reference', referenceKind.options),
  'causes of a proposal': under('health:proposal.cause', proposalCause.options),
  'events of a camera': under('common:cameraEvent', cameraEventKind.options),
  'states of listening': under('cameras:events', eventListening.shape.state.options),
  'failures of a device': under('cameras:errorCode', [
    ...members('cameras/onvif/errors.ts', 'OnvifFailure'),
    ...['address_invalid', 'internal', 'no_stream', 'failed'],
  ]),
  'errors of a row of an import': anyOf(
    [
      ...[...source('cameras/import.ts').matchAll(/\b(?:fail\(|code: )[^;\n]*/g)].flatMap((m) =>
        [...m[0].matchAll(/'(\w+)'/g)].map((code) => code[1] ?? ''),
      ),
      ...[...source('cameras/onboarding.ts').matchAll(/'(camera_\w+)'/g)].map((m) => m[1] ?? ''),
      ...members('cameras/onvif/errors.ts', 'AuthFailure').map((failure) => `camera_${failure}`),
      ...['unit_unknown', 'desk_unknown', 'profile_unknown', 'camera_exists'],
    ].filter((code) => !importColumn.safeParse(code).success && code !== 'desk'),
    'cameras:importError',
    'cameras:failure',
  ),
  'errors of one camera of many': anyOf(
    ['stream_unknown', 'unit_unknown', 'desk_unknown', 'profile_unknown', 'camera_unknown', 'camera_refused'],
    'cameras:failure',
    'common:error',
  ),
  'refusals of a fix': under('cameras:failure', ['device_refused', 'device_unreachable', 'fix_unknown']),
};

describe.each(Object.entries(told))('%s', (_, codes) => {
  it.each(['vi', 'en'])('have words in %s', (lang) => {
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((places) => !places.some((key) => says(lang, key))).map(String)).toEqual([]);
  });
});

it('codes are read from the server as it is', () => {
  expect(members('recorder/stream/failure.ts', 'FailureCause')).toContain('address_not_allowed');
  expect(told['causes of health']?.flat()).toEqual(
    expect.arrayContaining(['health:cause.said_bye', 'health:cause.moved']),
  );
  expect(told['errors of a row of an import']?.flat()).toEqual(
    expect.arrayContaining([
      'cameras:importError.address_in_two_rows',
      'cameras:importError.address_twice',
      'cameras:importError.value_invalid',
      'cameras:failure.camera_not_onvif',
    ]),
  );
});
