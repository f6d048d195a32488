import { describe, expect, it } from 'vitest';
import type { Camera, StreamState } from '../../../server/contracts/cameras.ts';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import type { Unit } from '../../../server/contracts/units.ts';
import { conditionOf, faultOf, withPictures } from '../../components/camera-condition.ts';
import { countBySeverity, isCalm, mattersOf, unitCards } from './overview-policy.ts';

const now = 1_000_000;
const endOfDayMs = 2_000_000;
const unit = (id: string): Unit => ({
  id,
  name: id,
  kind: 'ward',
  desks: [],
  validFrom: null,
  validTo: null,
  successorId: null,
});
const camera = (
  id: string,
  unitId: string,
  state: Camera['state'] = 'online',
  main: StreamState = 'recording',
): Camera => ({
  id,
  name: id,
  unitId,
  deskIds: [],
  state,
  sinceMs: 10,
  simulated: true,
  ptz: null,
  streams: [
    {
      name: 'main',
      codec: 'h264',
      width: 1,
      height: 1,
      fps: 25,
      state: main,
      sinceMs: 20,
      cause: main === 'recording' ? null : 'timeout',
      codecString: null,
    },
  ],
});
const incident = (id: string, severity: 1 | 2 | 3, dueAtMs: number | null, unitId = 'a') =>
  ({ id, severity, dueAtMs, unitId, atMs: 1 }) as IncidentSummary;

describe('a camera', () => {
  it('that sends the same picture all the time is no sound one, and says since when', () => {
    const frozen = camera('a', 'a');
    const streams = frozen.streams.map((stream) => ({ ...stream, frozenSinceMs: 40 }));
    expect(conditionOf({ ...frozen, streams })).toBe('fault');
    expect(faultOf({ ...frozen, streams })).toMatchObject({ state: 'frozen', sinceMs: 40 });
    // What is worse is told first.
    expect(faultOf({ ...camera('a', 'a', 'offline', 'offline'), streams })).toMatchObject({ state: 'offline' });
  });

  it('that is covered or turned away is in trouble, however well it is recorded', () => {
    const health = (cause: string, state: 'trouble' | 'good' = 'trouble') => {
      const picture = { part: 'picture' as const, state, sinceMs: 30, cause, detail: null };
      return new Map([['a', { cameraId: 'a', parts: [picture], trouble: null, notCompared: null }]]);
    };
    for (const state of ['covered', 'moved', 'dark'] as const) {
      const [watched] = withPictures([camera('a', 'a')], health(state));
      expect(conditionOf(watched!)).toBe('fault');
      expect(faultOf(watched!)).toMatchObject({ of: 'stream', state, sinceMs: 30 });
    }
    const [away] = withPictures([camera('a', 'a', 'offline', 'offline')], health('covered'));
    expect(faultOf(away!)).toMatchObject({ of: 'camera', state: 'offline' });
    const sound = camera('a', 'a');
    expect(withPictures([sound], health('covered', 'good'))[0]).toBe(sound);
    expect(withPictures([sound], undefined)[0]).toBe(sound);
  });

  it.each([
    ['online', 'recording', 'ok'],
    ['online', 'stalled', 'fault'],
    ['online', 'disk_failed', 'fault'],
    ['online', 'connecting', 'ok'],
    ['connecting', 'connecting', 'connecting'],
    ['offline', 'offline', 'fault'],
    ['auth_failed', 'auth_failed', 'fault'],
    ['stopped', 'stopped', 'off'],
  ] as const)('%s with its stream %s is %s', (state, stream, expected) => {
    expect(conditionOf(camera('c', 'a', state, stream))).toBe(expected);
  });

  it('names its fault by the stream when it answers otherwise', () => {
    expect(faultOf(camera('c', 'a', 'online', 'stalled'))).toMatchObject({
      of: 'stream',
      state: 'stalled',
      sinceMs: 20,
    });
    expect(faultOf(camera('c', 'a', 'offline', 'offline'))).toMatchObject({
      of: 'camera',
      state: 'offline',
      cause: 'timeout',
    });
  });
});

describe('units', () => {
  it('work normally when every camera that is switched on works', () => {
    const { cards, unconnected } = unitCards(
      [unit('a'), unit('b'), unit('c'), unit('d'), unit('e')],
      [
        camera('1', 'a'),
        camera('2', 'a', 'stopped', 'stopped'),
        camera('3', 'b', 'offline', 'offline'),
        camera('4', 'b'),
        camera('5', 'c', 'connecting', 'connecting'),
        camera('6', 'd', 'stopped', 'stopped'),
      ],
      [],
      now,
    );
    const of = (id: string) => cards.find((card) => card.unit.id === id);
    expect(of('a')).toMatchObject({ normal: true, attention: false, working: 1, total: 1 });
    expect(of('b')).toMatchObject({ normal: false, attention: true, working: 1, total: 2 });
    expect(of('c')).toMatchObject({ normal: false, attention: false });
    expect(of('d')).toMatchObject({ normal: false, attention: false, total: 0 });
    expect(unconnected.map(({ id }) => id)).toEqual(['e']);
  });

  it('with an urgent or an overdue case need attention and come first', () => {
    const { cards } = unitCards(
      [unit('a'), unit('b'), unit('c')],
      [camera('1', 'a'), camera('2', 'b'), camera('3', 'c')],
      [incident('i', 1, now - 1, 'b'), incident('j', 3, now + 1, 'c'), incident('k', 2, now + 1, 'a')],
      now,
    );
    expect(cards.map((card) => [card.unit.id, card.attention])).toEqual([
      ['c', true],
      ['b', true],
      ['a', false],
    ]);
  });
});

it('ranks what waits: urgent, overdue, dark units, due today, single cameras; each case once', () => {
  const cameras = [
    camera('lost', 'dark', 'offline', 'offline'),
    camera('half', 'partly', 'auth_failed', 'auth_failed'),
    camera('fine', 'partly'),
  ];
  const open = [
    incident('later', 2, endOfDayMs),
    incident('today', 1, endOfDayMs - 1),
    incident('long', 1, now - 500),
    incident('over', 2, now - 5),
    incident('urgent', 3, now - 1000),
  ];
  const { cards } = unitCards([unit('partly'), unit('dark')], cameras, open, now);
  const named = mattersOf(cards, open, { nowMs: now, endOfDayMs }).map((matter) =>
    matter.kind === 'incident' ? `${matter.why} ${matter.incident.id}` : matter.kind,
  );
  expect(named).toEqual(['urgent urgent', 'overdue long', 'overdue over', 'unit_dark', 'today today', 'camera']);
});

it('counts by severity', () => {
  expect(countBySeverity([{ severity: 3 }, { severity: 1 }, { severity: 3 }])).toEqual({ 1: 1, 2: 0, 3: 2 });
});

it('calls no unit normal that needs attention', () => {
  const { cards } = unitCards(
    [unit('a'), unit('b')],
    [camera('1', 'a'), camera('2', 'b')],
    [incident('i', 3, null)],
    now,
  );
  expect(cards.map((card) => [card.unit.id, card.normal, isCalm(card)])).toEqual([
    ['a', true, false],
    ['b', true, true],
  ]);
});
