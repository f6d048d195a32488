import { describe, expect, it } from 'vitest';
import type { Advice, AdviceCode, Inspection } from '../../../server/contracts/camera-onboarding.ts';
import type { Found } from './discovery-policy.ts';
import { batchesOf, fixesOf, type Stage, stageOf, stepOf } from './wizard-policy.ts';

const found = (key: string, state: Found['device']['state'] = 'ready', cameraId: string | null = null): Found => ({
  runId: 'run',
  device: {
    ...{ key, host: key, onvif: `http://${key}/`, name: '', simulated: false, state, errorCode: null },
    ...{ device: null, clockSkewMs: null, profiles: [], cameraId },
  },
});
const advice = (code: AdviceCode, mendable: boolean): Advice => ({
  code,
  params: {},
  fix: mendable ? { changes: [] } : null,
});
const inspected = (state: Inspection['state'], advised: Advice[] = []) =>
  ({ id: state, state, advice: advised }) as unknown as Inspection;
const nothing = { placements: new Map(), notInspected: new Map() };
const placed = { ...nothing, placements: new Map([['a', { unitId: 'u', deskIds: [], name: 'Quầy số 1' }]]) };

describe('a device on its way', () => {
  it.each([
    ['is looked for', found('a', 'probing'), undefined, nothing, 'probing'],
    ['needs a hand', found('a', 'bad_credentials'), undefined, nothing, 'attention'],
    ['is to be looked at', found('a'), undefined, placed, 'uninspected'],
    ['is looked at', found('a'), inspected('running'), placed, 'inspecting'],
    ['cannot be looked at', found('a'), inspected('failed'), placed, 'inspection_failed'],
    [
      'was not taken to be looked at',
      found('a'),
      undefined,
      { ...placed, notInspected: new Map([['a', 1]]) },
      'inspection_failed',
    ],
    ['is to be mended', found('a'), inspected('done', [advice('gop_long', true)]), placed, 'advised'],
    [
      'has advice that nobody can follow from here',
      found('a'),
      inspected('done', [advice('hevc', false)]),
      placed,
      'complete',
    ],
    ['has no place', found('a'), inspected('done'), nothing, 'unplaced'],
    ['is complete', found('a'), inspected('done'), placed, 'complete'],
    ['is a camera', found('a', 'ready', 'camera'), inspected('done'), placed, 'added'],
  ] as const)('%s', (_, device, inspection, session, stage) => {
    expect(stageOf(device, inspection, session)).toBe(stage);
  });
});

describe('the whole flow', () => {
  it.each([
    [[], { step: 'find', left: 0 }],
    [['attention'], { step: 'find', left: 0 }],
    [['uninspected', 'inspecting', 'unplaced'], { step: 'inspect', left: 2 }],
    [['advised', 'complete'], { step: 'advise', left: 1 }],
    [['unplaced', 'complete', 'added'], { step: 'place', left: 1 }],
    [['complete', 'added'], { step: 'save', left: 1 }],
    [['added', 'added'], { step: 'save', left: 0 }],
  ] satisfies [Stage[], object][])('of %j stands at the first step that is left', (stages, expected) => {
    expect(stepOf(stages)).toEqual(expected);
  });

  it('asks for at most 32 devices at once, of one pair of credentials each', () => {
    const many = Array.from({ length: 50 }, (_, at) => found(`a${at}`));
    const other = { ...found('b'), runId: 'other' };
    expect(batchesOf([...many, other]).map((batch) => batch.length)).toEqual([32, 18, 1]);
  });

  it('gathers what can be mended by what it is', () => {
    const one = inspected('done', [advice('gop_long', true), advice('hevc', false)]);
    const two = inspected('done', [advice('clock_wrong', true), advice('gop_long', true)]);
    expect(fixesOf([one, two])).toEqual([
      { code: 'gop_long', devices: [one, two] },
      { code: 'clock_wrong', devices: [two] },
    ]);
  });
});
