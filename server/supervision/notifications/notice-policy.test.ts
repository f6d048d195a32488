import { describe, expect, it } from 'vitest';
import { reachOf } from '../../../test/support/supervision.ts';
import { chosenKinds, type NoticeKind } from '../../contracts/notices.ts';
import { type Role, role as roles } from '../../contracts/roles.ts';
import {
  defaultChoice,
  kindsFor,
  kindsOfStep,
  mayEverReceive,
  type NoticeRelation,
  noRelation,
  receives,
  seesCamera,
} from './notice-policy.ts';

const city: Role[] = ['leader', 'home_affairs', 'inspector'];

/** Kind, how the person stands to it (and the state, for terms), and the roles that are told. */
const table: [NoticeKind, Partial<NoticeRelation> & { state?: string }, Role[]][] = [
  ['case_flagged', {}, ['home_affairs', 'inspector']],
  ['case_flagged', { ownUnit: true }, ['home_affairs', 'inspector']],
  ['case_sent', {}, []],
  ['case_sent', { ownUnit: true }, ['unit_head']],
  ['case_explained', {}, []],
  ['case_explained', { flagger: true }, city],
  ['case_explained', { assignee: true }, city],
  ['case_explained', { watcher: true }, city],
  ['case_explained', { ownUnit: true }, []],
  ['case_awaiting_conclusion', { unassigned: true }, city],
  ['case_awaiting_conclusion', { unassigned: true, flagger: true }, []],
  ['case_awaiting_conclusion', { assignee: true }, city],
  ['case_awaiting_conclusion', {}, []],
  ['case_concluded', {}, []],
  ['case_concluded', { ownUnit: true }, ['unit_head']],
  ['case_concluded', { flagger: true }, city],
  ['case_concluded', { watcher: true }, city],
  ['case_appealed', {}, city],
  ['case_appealed', { ownUnit: true }, city],
  ['case_closed', {}, []],
  ['case_closed', { ownUnit: true }, ['unit_head']],
  ['case_closed', { concluder: true }, city],
  ['case_assigned', {}, []],
  ['case_assigned', { assignee: true }, city],
  ['case_commented', {}, []],
  ['case_commented', { watcher: true }, city],
  ['case_commented', { watcher: true, mentioned: true }, []],
  ['case_commented', { ownUnit: true }, []],
  ['case_mentioned', { mentioned: true }, city],
  ['case_mentioned', { watcher: true }, []],
  ['case_due_soon', { state: 'flagged', unassigned: true }, ['home_affairs', 'inspector']],
  ['case_due_soon', { state: 'verifying', assignee: true }, ['home_affairs', 'inspector']],
  ['case_due_soon', { state: 'verifying' }, []],
  ['case_due_soon', { state: 'explanation_requested', ownUnit: true }, ['unit_head']],
  ['case_due_soon', { state: 'explanation_requested', unassigned: true }, []],
  ['case_due_soon', { state: 'awaiting_conclusion', unassigned: true }, city],
  ['case_due_soon', { state: 'awaiting_conclusion', unassigned: true, flagger: true }, []],
  ['case_due_soon', { state: 'appealed' }, city],
  ['case_due_soon', { state: 'appealed', concluder: true }, []],
  ['case_due_soon', { state: 'concluded', ownUnit: true }, ['unit_head']],
  ['case_overdue', { state: 'concluded', ownUnit: true }, []],
  ['case_overdue', { state: 'flagged', superior: true }, city],
  ['case_overdue', { state: 'explanation_requested', ownUnit: true, superior: true }, [...city, 'unit_head']],
  ['second_reading_waiting', {}, []],
  ['second_reading_waiting', { reader: true }, city],
  ['camera_down', {}, [...city, 'admin']],
  ['camera_down', { ownUnit: true }, [...city, 'unit_head', 'admin']],
  ['camera_up', {}, [...city, 'admin']],
  ['archive_alarm', { ownUnit: true }, ['admin']],
  ['calendar_alarm', { ownUnit: true }, ['admin']],
  ['delivery_failed', { ownUnit: true }, ['admin']],
  ['digest', {}, city],
];

describe('who is told', () => {
  it.each(table)('%s to %o: %o', (kind, { state, ...relation }, told) => {
    const question = { kind, relation: { ...noRelation, ...relation }, ...(state === undefined ? {} : { state }) };
    expect(roles.options.filter((role) => receives({ ...question, role }, reachOf))).toEqual(told);
  });

  it('holds every kind that can be chosen', () => {
    expect(new Set(table.map(([kind]) => kind))).toEqual(new Set(chosenKinds));
  });

  it('is nobody of the own act, however the person stands to it', () => {
    const all = Object.fromEntries(Object.keys(noRelation).map((name) => [name, true])) as unknown as NoticeRelation;
    for (const kind of chosenKinds) {
      for (const role of roles.options)
        expect(receives({ kind, role, relation: all, state: 'flagged' }, reachOf)).toBe(false);
    }
  });

  it('leaves neither flagger nor concluder to judge the appeal, though they are told of it', () => {
    const judge = (relation: Partial<NoticeRelation>) =>
      receives(
        { kind: 'case_due_soon', role: 'leader', state: 'appealed', relation: { ...noRelation, ...relation } },
        reachOf,
      );
    expect([judge({}), judge({ flagger: true }), judge({ concluder: true })]).toEqual([true, false, false]);
  });
});

describe('what a role may be told at all', () => {
  it('is offered in the settings and can be read after a change of role', () => {
    expect(kindsFor('unit_head', reachOf)).toEqual([
      'case_sent',
      'case_concluded',
      'case_closed',
      'case_due_soon',
      'case_overdue',
      'camera_down',
      'camera_up',
    ]);
    expect(kindsFor('admin', reachOf)).toEqual([
      'camera_down',
      'camera_up',
      'archive_alarm',
      'calendar_alarm',
      'delivery_failed',
    ]);
    expect(kindsFor('auditor', reachOf)).toEqual([]);
    expect(mayEverReceive('case_commented', 'unit_head', reachOf)).toBe(false);
    expect(mayEverReceive('case_commented', 'inspector', reachOf)).toBe(true);
  });

  it('of cameras is the own unit to its head, and every one to those who watch or keep them', () => {
    const head = { role: 'unit_head', unitId: 'hong-ha' } as const;
    expect([seesCamera(head, 'hong-ha', reachOf), seesCamera(head, 'bai-chay', reachOf)]).toEqual([true, false]);
    expect(seesCamera({ role: 'auditor', unitId: null }, 'hong-ha', reachOf)).toBe(false);
  });

  it('goes by default to the console, and by mail where somebody has to act', () => {
    expect(defaultChoice('case_sent', 'unit_head')).toEqual({ console: true, mail: true });
    expect(defaultChoice('case_flagged', 'inspector')).toEqual({ console: true, mail: false });
    expect(defaultChoice('camera_down', 'leader')).toEqual({ console: false, mail: false });
    expect(defaultChoice('digest', 'leader')).toEqual({ console: true, mail: true });
  });
});

it('an explanation is told to those who conclude before those who only follow', () => {
  expect(kindsOfStep('explain')).toEqual(['case_awaiting_conclusion', 'case_explained']);
  expect(kindsOfStep('correct')).toEqual([]);
});
