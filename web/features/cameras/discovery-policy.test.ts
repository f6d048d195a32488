import { describe, expect, it } from 'vitest';
import { createCameraRequest } from '../../../server/contracts/cameras.ts';
import type { DiscoveredDevice, Discovery } from '../../../server/contracts/discoveries.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import {
  countViews,
  mendOf,
  mergeRuns,
  onvifAddress,
  parseAddresses,
  placeInOrder,
  progressOf,
  requestFor,
  viewOf,
} from './discovery-policy.ts';

const device = (key: string, change: Partial<DiscoveredDevice> = {}): DiscoveredDevice => ({
  key,
  host: `10.0.0.${key}`,
  onvif: `http://10.0.0.${key}/onvif/device_service`,
  name: '',
  simulated: true,
  state: 'ready',
  errorCode: null,
  device: null,
  clockSkewMs: null,
  profiles: [],
  cameraId: null,
  ...change,
});
const run = (id: string, items: DiscoveredDevice[]): Discovery => ({ id, state: 'done', startedAtMs: 0, items });

describe('results of a discovery', () => {
  it('a device that is a camera already is no candidate, however ready', () => {
    expect(viewOf(device('1', { cameraId: 'cam1' }))).toBe('present');
  });

  it('every state but ready and probing asks for attention', () => {
    const states = [
      'credentials_needed',
      'bad_credentials',
      'clock_skew',
      'unreachable',
      'not_onvif',
      'failed',
    ] as const;
    for (const state of states) expect(viewOf(device('1', { state }))).toBe('attention');
  });

  it('the counts add up', () => {
    const counts = countViews([device('1'), device('2', { state: 'probing' }), device('3', { state: 'failed' })]);
    expect(counts).toEqual({ all: 3, ready: 1, probing: 1, attention: 1, present: 0 });
  });

  it('the bar is full when nothing runs, and tells nothing before the first device', () => {
    expect(progressOf([], true)).toBeNull();
    expect(progressOf([device('1'), device('2', { state: 'probing' })], true)).toBe(0.5);
    expect(progressOf([device('2', { state: 'probing' })], false)).toBe(1);
  });

  it('a second try replaces what the first said, in its place and under its credentials', () => {
    const merged = mergeRuns([
      run('a', [device('1', { state: 'bad_credentials' }), device('2')]),
      run('b', [device('other-key', { host: '10.0.0.1' })]),
    ]);
    expect(merged.map(({ device: { key, state }, runId }) => [key, state, runId])).toEqual([
      ['1', 'ready', 'b'],
      ['2', 'ready', 'a'],
    ]);
  });
});

describe('what has been added here', () => {
  it('is present, although the run found it before', () => {
    const [found] = mergeRuns([run('a', [device('1')])], new Map([['1', 'cam1']]));
    expect(viewOf(found!.device)).toBe('present');
  });
});

describe('placing several devices', () => {
  const unit: Unit = {
    id: 'u1',
    name: 'Phường Hồng Gai',
    kind: 'ward',
    desks: [1, 2, 3].map((n) => ({ id: `d${n}`, name: `Quầy số ${n}` })),
    validFrom: null,
    validTo: null,
    successorId: null,
  };

  it('takes the free desks in their order and names cameras after them', () => {
    const places = placeInOrder([device('1'), device('2')], unit, new Set(['d1']));
    expect([...places.values()].map((place) => [place.deskIds, place.name])).toEqual([
      [['d2'], 'Quầy số 2'],
      [['d3'], 'Quầy số 3'],
    ]);
  });

  it('leaves devices without a desk when there are none left, and tells them by their own names', () => {
    const places = placeInOrder([device('1', { name: 'Sảnh' }), device('2')], unit, new Set(['d1', 'd2', 'd3']));
    expect([...places.values()].map((place) => [place.deskIds, place.name])).toEqual([
      [[], 'Sảnh'],
      [[], '10.0.0.2'],
    ]);
  });

  it('what is sent is what the contract takes', () => {
    const [place] = placeInOrder([device('1')], unit, new Set()).values();
    const named = { ...place!, name: ' Quầy số 1 ' };
    const body = requestFor(device('1'), named, { username: 'admin', password: 'x' }, 'i1');
    expect(createCameraRequest.parse(body)).toEqual({
      name: 'Quầy số 1',
      unitId: 'u1',
      deskIds: ['d1'],
      username: 'admin',
      password: 'x',
      onvif: 'http://10.0.0.1/onvif/device_service',
    });
    // After a reload the inspection alone knows the credentials.
    expect(createCameraRequest.parse(requestFor(device('1'), named, undefined, 'i1'))).toMatchObject({
      ...{ username: '', password: '', inspectionId: 'i1' },
    });
  });

  it('an account that is locked has words of its own', () => {
    expect(mendOf(device('1', { state: 'failed', errorCode: 'locked_out' }))).toBe('locked_out');
    expect(mendOf(device('1', { state: 'failed', errorCode: 'no_stream' }))).toBe('failed');
  });
});

describe('addresses as they are typed', () => {
  it('may be separated by lines, spaces, commas and semicolons, and count once', () => {
    expect(parseAddresses(' 10.0.0.1\n10.0.0.2:8080, 10.0.0.1;cam.local ')).toEqual([
      '10.0.0.1',
      '10.0.0.2:8080',
      'cam.local',
    ]);
    expect(parseAddresses(' \n ')).toEqual([]);
  });

  it.each([
    ['10.0.0.1', 'http://10.0.0.1/onvif/device_service'],
    ['10.0.0.1:8080', 'http://10.0.0.1:8080/onvif/device_service'],
    ['10.0.0.1/onvif/device', 'http://10.0.0.1/onvif/device'],
    ['https://cam.local/onvif/device_service', 'https://cam.local/onvif/device_service'],
    [' ', ''],
  ])('a bare %j means the usual ONVIF address', (typed, address) => {
    expect(onvifAddress(typed)).toBe(address);
  });
});
