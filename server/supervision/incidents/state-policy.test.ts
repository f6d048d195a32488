import { expect, test } from 'vitest';
import { reachOf } from '../../../test/support/supervision.ts';
import { incidentState } from '../../contracts/incidents.ts';
import { role } from '../../contracts/roles.ts';
import { endedStates, isSentOn, judgeAll, judgeStep, openStates } from './state-policy.ts';

const no = 'not_permitted';
const order = 'step_out_of_order';
const flagger = 'flagger_cannot_conclude';

/** Columns: leader, home_affairs, inspector, unit_head, admin, auditor; `a|b` is b for the person who flagged. */
const table: Record<string, string[]> = {
  'flagged verify': [no, 'verifying', 'verifying', no, no, no],
  'flagged dismiss': [no, 'no_violation', 'no_violation', no, no, no],
  'flagged conclude': [order, order, order, no, no, no],
  'verifying verify': [no, order, order, no, no, no],
  'verifying dismiss': ['no_violation', 'no_violation', 'no_violation', no, no, no],
  'verifying conclude': [`concluded|${flagger}`, `concluded|${flagger}`, `concluded|${flagger}`, no, no, no],
  'concluded verify': [no, order, order, no, no, no],
  'concluded dismiss': [order, order, order, no, no, no],
  'concluded conclude': [order, order, order, no, no, no],
  'no_violation verify': [no, order, order, no, no, no],
  'no_violation dismiss': [order, order, order, no, no, no],
  'no_violation conclude': [order, order, order, no, no, no],
};

for (const state of ['flagged', 'verifying', 'concluded', 'no_violation'] as const) {
  for (const step of ['verify', 'dismiss', 'conclude'] as const) {
    role.options.forEach((who, column) => {
      for (const isFlagger of [false, true]) {
        const cell = table[`${state} ${step}`]?.[column] ?? 'no such row';
        const [others, own = others] = cell.split('|');
        const expected = isFlagger ? own : others;
        test(`${step} from ${state} by ${who}${isFlagger ? ', who flagged it' : ''}: ${expected}`, () => {
          for (const ownUnit of [false, true]) {
            const relation = { flagger: isFlagger, ownUnit };
            const verdict = judgeStep({ state, step, role: who, relation }, reachOf);
            expect(verdict.allowed ? verdict.to : verdict.refusal).toBe(expected);
          }
        });
      }
    });
  }
}

test('an ability that reaches the own unit permits a step on a case of the own unit alone', () => {
  const question = { state: 'flagged', step: 'verify', role: 'unit_head' } as const;
  const reach = () => 'own_unit' as const;
  expect(judgeStep({ ...question, relation: { flagger: false, ownUnit: true } }, reach).allowed).toBe(true);
  expect(judgeStep({ ...question, relation: { flagger: false, ownUnit: false } }, reach).allowed).toBe(false);
});

test('every state is either open or ended, and no step leads on from an ended one', () => {
  expect([...openStates, ...endedStates].sort()).toEqual([...incidentState.options].sort());
  for (const state of endedStates) {
    const all = judgeAll({ state, role: 'inspector', relation: { flagger: false, ownUnit: false } }, reachOf);
    expect(all.filter(({ verdict }) => verdict.allowed)).toEqual([]);
  }
});

test('the unit is given a case when it is concluded, and no sooner', () => {
  expect(incidentState.options.filter(isSentOn)).toEqual(['concluded']);
});
