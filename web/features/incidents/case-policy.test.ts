import { describe, expect, it } from 'vitest';
import type { Incident, IncidentEntry, IncidentState } from '../../../server/contracts/incidents.ts';
import { actionsOf, changesSince, footageOf, neighbours, recordedMs, stepperOf } from './case-policy.ts';

const entry = (atMs: number, step: string, fromState: IncidentState | null, toState: IncidentState): IncidentEntry => ({
  seq: 1,
  atMs,
  step,
  by: null,
  system: false,
  address: null,
  dueAtMs: null,
  conclusion: null,
  details: {},
  fromState,
  toState,
  reason: '',
});
const flag = entry(100, 'flag', null, 'flagged');
const verify = entry(200, 'verify', 'flagged', 'verifying');
const way = (state: IncidentState, ...history: IncidentEntry[]) =>
  stepperOf({ state, history, createdAtMs: 100 }).map((s) => [s.state, s.status, s.atMs, s.tookMs]);

describe('the stepper', () => {
  it('shows where a case waits and what is to come', () => {
    expect(way('flagged', flag)).toEqual([
      ['flagged', 'now', 100, null],
      ['verifying', 'to_come', null, null],
      ['concluded', 'to_come', null, null],
    ]);
    expect(way('verifying', flag, verify)).toEqual([
      ['flagged', 'done', 100, 100],
      ['verifying', 'now', 200, null],
      ['concluded', 'to_come', null, null],
    ]);
  });

  it('shows a conclusion as the end of the whole way', () => {
    expect(way('concluded', flag, verify, entry(500, 'conclude', 'verifying', 'concluded'))).toEqual([
      ['flagged', 'done', 100, 100],
      ['verifying', 'done', 200, 300],
      ['concluded', 'ended', 500, null],
    ]);
  });

  it('shows no violation as a branch after the states that were passed', () => {
    expect(way('no_violation', flag, entry(150, 'dismiss', 'flagged', 'no_violation'))).toEqual([
      ['flagged', 'done', 100, 50],
      ['no_violation', 'ended', 150, null],
    ]);
    const late = entry(260, 'dismiss', 'verifying', 'no_violation');
    expect(way('no_violation', flag, verify, late).map(([state]) => state)).toEqual([
      'flagged',
      'verifying',
      'no_violation',
    ]);
  });

  it('copes with a history that does not say when', () => {
    expect(way('concluded')).toEqual([
      ['flagged', 'done', 100, null],
      ['verifying', 'done', null, null],
      ['concluded', 'ended', null, null],
    ]);
  });
});

describe('what I may do', () => {
  const steps = (verify: string | null, conclude: string | null, dismiss: string | null): Incident['steps'] =>
    Object.entries({ verify, conclude, dismiss }).map(([step, refusal]) => ({
      step: step as 'verify',
      allowed: refusal === null,
      refusal,
      untilMs: null,
    }));
  const no = 'not_permitted';
  const order = 'step_out_of_order';

  it.each([
    ['flagged', steps(null, order, null), { next: 'verify', primary: 'verify', dismiss: true, refusal: null }],
    [
      'flagged',
      steps(no, order, no),
      { next: 'verify', primary: null, dismiss: false, refusal: 'not_permitted_verify' },
    ],
    ['verifying', steps(order, null, null), { next: 'conclude', primary: 'conclude', dismiss: true, refusal: null }],
    [
      'verifying',
      steps(order, 'flagger_cannot_conclude', null),
      { next: 'conclude', primary: null, dismiss: true, refusal: 'flagger_cannot_conclude' },
    ],
    [
      'verifying',
      steps(no, no, no),
      { next: 'conclude', primary: null, dismiss: false, refusal: 'not_permitted_conclude' },
    ],
    ['verifying', steps(no, 'on_leave', no), { next: 'conclude', primary: null, dismiss: false, refusal: 'other' }],
    ['concluded', steps(order, order, order), { next: null, primary: null, dismiss: false, refusal: null }],
    ['no_violation', steps(no, no, no), { next: null, primary: null, dismiss: false, refusal: null }],
  ] as const)('%s %#', (state, verdicts, expected) => {
    expect(actionsOf({ state, steps: [...verdicts] })).toEqual(expected);
  });
});

it('tells what others did since the case was read', () => {
  const base = { version: 1, history: [flag] };
  expect(changesSince(base, { version: 2, history: [flag, verify] })).toEqual([verify]);
  expect(changesSince(base, { version: 1, history: [flag, verify] })).toEqual([]);
});

it('calls footage missing only once it can no longer come', () => {
  const footage = { recorded: [[0, 40]] as [number, number][], gaps: [], complete: false, pending: false };
  expect(footageOf({ ...footage, pending: true, recorded: [] })).toBe('pending');
  expect(footageOf({ ...footage, complete: true })).toBe('complete');
  expect(footageOf(footage)).toBe('partial');
  expect(footageOf({ ...footage, recorded: [] })).toBe('none');
  expect(
    recordedMs({
      ...footage,
      recorded: [
        [0, 40],
        [50, 65],
      ],
    }),
  ).toBe(55);
});

it('knows the cases beside one, and none when it is not in the list', () => {
  expect(neighbours(['a', 'b', 'c'], 'b')).toEqual({ previous: 'a', next: 'c' });
  expect(neighbours(['a', 'b'], 'a')).toEqual({ previous: null, next: 'b' });
  expect(neighbours(['a'], 'x')).toEqual({ previous: null, next: null });
});
