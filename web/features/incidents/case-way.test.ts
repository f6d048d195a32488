import { describe, expect, it } from 'vitest';
import type { IncidentState } from '../../../server/contracts/incidents.ts';
import { entryOf } from '../../../test/support/case-entries.ts';
import { wayOfCase } from './case-way.ts';

const flag = entryOf(1, 'flag', null, 'flagged', { atMs: 100, dueAtMs: 300 });
const verify = entryOf(2, 'verify', 'flagged', 'verifying', { atMs: 200, dueAtMs: 400 });
const ask = entryOf(3, 'request_explanation', 'verifying', 'explanation_requested', { atMs: 450, dueAtMs: 700 });
const explain = entryOf(4, 'explain', 'explanation_requested', 'awaiting_conclusion', { atMs: 700, dueAtMs: 900 });
const conclude = entryOf(5, 'conclude', 'awaiting_conclusion', 'concluded', { atMs: 800, dueAtMs: 950 });
const appeal = entryOf(6, 'appeal', 'concluded', 'appealed', { atMs: 900 });
const judge = entryOf(7, 'judge_appeal', 'appealed', 'closed', { atMs: 990 });
const all = [flag, verify, ask, explain, conclude, appeal, judge];

const way = (state: IncidentState, history = all) => wayOfCase({ state, history, createdAtMs: 100 });
const states = (state: IncidentState, history = all) =>
  way(state, history).map((step) => `${step.state} ${step.status}`);

describe('the way of a case', () => {
  it('shows where it waits and the whole of what is to come', () => {
    expect(states('verifying', [flag, verify])).toEqual([
      'flagged done',
      'verifying now',
      'explanation_requested to_come',
      'awaiting_conclusion to_come',
      'concluded to_come',
      'closed to_come',
    ]);
  });

  it('has an appeal in it only where there was one', () => {
    expect(states('appealed', all.slice(0, 6)).slice(4)).toEqual(['concluded done', 'appealed now', 'closed to_come']);
    expect(states('closed').slice(4)).toEqual(['concluded done', 'appealed done', 'closed ended']);
    const close = entryOf(6, 'close', 'concluded', 'closed', { atMs: 960, system: true });
    expect(states('closed', [...all.slice(0, 5), close]).slice(4)).toEqual(['concluded done', 'closed ended']);
  });

  it.each(['no_violation', 'duplicate', 'referred'] as const)('ends early in %s after what was passed', (end) => {
    const dismiss = entryOf(3, 'dismiss', 'verifying', end, { atMs: 250 });
    expect(states(end, [flag, verify, dismiss])).toEqual(['flagged done', 'verifying done', `${end} ended`]);
  });

  it('says when each state began, and whether it was left within its term', () => {
    expect(way('concluded', all.slice(0, 5)).map(({ atMs, kept }) => [atMs, kept])).toEqual([
      [100, 'in_time'],
      [200, 'late'],
      [450, 'in_time'],
      [700, 'in_time'],
      [800, null],
      [null, null],
    ]);
  });

  it('is not moved by corrections, assignments and escalations, of which it tells the last', () => {
    const assign = entryOf(3, 'assign', 'verifying', 'verifying', { atMs: 210 });
    const escalate = entryOf(4, 'escalate', 'verifying', 'verifying', { atMs: 420, system: true });
    const found = way('verifying', [flag, verify, assign, escalate]);
    expect(found.map(({ atMs, escalated }) => [atMs, escalated]).slice(0, 2)).toEqual([
      [100, false],
      [200, true],
    ]);
  });

  it('copes with a history that does not say when', () => {
    expect(way('concluded', []).map(({ atMs }) => atMs)).toEqual([100, null, null, null, null, null]);
  });
});
