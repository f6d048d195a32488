import { expect, test } from 'vitest';
import { reachOf } from '../../../test/support/supervision.ts';
import { incidentState, incidentStep } from '../../contracts/incidents.ts';
import { role } from '../../contracts/roles.ts';
import { endedStates, isEnd, isSentOn, judgeAll, judgeStep, openStates } from './state-policy.ts';

/**
 * Who may take which step from which state, and where it leads. Columns: state, leader, home_affairs, inspector, head of the unit of the case;
 * nobody else ever may. `no`: not_permitted. `order`: step_out_of_order. `!flagger`: not whoever flagged. `!new`: neither whoever
 * flagged nor whoever concluded. `@over`, `@running`: only once the term is over, only while it runs.
 */
const table = `
verify
  flagged                no                     verifying              verifying              no
  verifying              no                     order                  order                  no
  explanation_requested  no                     order                  order                  no
  awaiting_conclusion    no                     order                  order                  no
  concluded              no                     order                  order                  no
  appealed               no                     order                  order                  no
  closed                 no                     order                  order                  no
  no_violation           no                     order                  order                  no
  duplicate              no                     order                  order                  no
  referred               no                     order                  order                  no
request_explanation
  flagged                no                     order                  order                  no
  verifying              no                     explanation_requested  explanation_requested  no
  explanation_requested  no                     order                  order                  no
  awaiting_conclusion    no                     order                  order                  no
  concluded              no                     order                  order                  no
  appealed               no                     order                  order                  no
  closed                 no                     order                  order                  no
  no_violation           no                     order                  order                  no
  duplicate              no                     order                  order                  no
  referred               no                     order                  order                  no
explain
  flagged                no                     no                     no                     order
  verifying              no                     no                     no                     order
  explanation_requested  no                     no                     no                     awaiting_conclusion
  awaiting_conclusion    no                     no                     no                     order
  concluded              no                     no                     no                     order
  appealed               no                     no                     no                     order
  closed                 no                     no                     no                     order
  no_violation           no                     no                     no                     order
  duplicate              no                     no                     no                     order
  referred               no                     no                     no                     order
proceed
  flagged                no                     order                  order                  no
  verifying              no                     order                  order                  no
  explanation_requested  no                     awaiting_conclusion@over awaiting_conclusion@over no
  awaiting_conclusion    no                     order                  order                  no
  concluded              no                     order                  order                  no
  appealed               no                     order                  order                  no
  closed                 no                     order                  order                  no
  no_violation           no                     order                  order                  no
  duplicate              no                     order                  order                  no
  referred               no                     order                  order                  no
conclude
  flagged                order                  order                  order                  no
  verifying              order                  order                  order                  no
  explanation_requested  order                  order                  order                  no
  awaiting_conclusion    concluded!flagger      concluded!flagger      concluded!flagger      no
  concluded              order                  order                  order                  no
  appealed               order                  order                  order                  no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
dismiss
  flagged                no                     no_violation           no_violation           no
  verifying              no                     no_violation           no_violation           no
  explanation_requested  no                     no_violation           no_violation           no
  awaiting_conclusion    no_violation!flagger   no_violation!flagger   no_violation!flagger   no
  concluded              order                  order                  order                  no
  appealed               order                  order                  order                  no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
refer
  flagged                order                  order                  order                  no
  verifying              order                  order                  order                  no
  explanation_requested  order                  order                  order                  no
  awaiting_conclusion    referred!flagger       referred!flagger       referred!flagger       no
  concluded              order                  order                  order                  no
  appealed               order                  order                  order                  no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
mark_duplicate
  flagged                no                     duplicate              duplicate              no
  verifying              no                     duplicate              duplicate              no
  explanation_requested  no                     order                  order                  no
  awaiting_conclusion    no                     order                  order                  no
  concluded              no                     order                  order                  no
  appealed               no                     order                  order                  no
  closed                 no                     order                  order                  no
  no_violation           no                     order                  order                  no
  duplicate              no                     order                  order                  no
  referred               no                     order                  order                  no
correct
  flagged                no                     flagged                flagged                no
  verifying              no                     verifying              verifying              no
  explanation_requested  no                     order                  order                  no
  awaiting_conclusion    no                     order                  order                  no
  concluded              no                     order                  order                  no
  appealed               no                     order                  order                  no
  closed                 no                     order                  order                  no
  no_violation           no                     order                  order                  no
  duplicate              no                     order                  order                  no
  referred               no                     order                  order                  no
appeal
  flagged                no                     no                     no                     order
  verifying              no                     no                     no                     order
  explanation_requested  no                     no                     no                     order
  awaiting_conclusion    no                     no                     no                     order
  concluded              no                     no                     no                     appealed@running
  appealed               no                     no                     no                     order
  closed                 no                     no                     no                     order
  no_violation           no                     no                     no                     order
  duplicate              no                     no                     no                     order
  referred               no                     no                     no                     order
judge_appeal
  flagged                order                  order                  order                  no
  verifying              order                  order                  order                  no
  explanation_requested  order                  order                  order                  no
  awaiting_conclusion    order                  order                  order                  no
  concluded              order                  order                  order                  no
  appealed               closed!new             closed!new             closed!new             no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
close
  flagged                order                  order                  order                  no
  verifying              order                  order                  order                  no
  explanation_requested  order                  order                  order                  no
  awaiting_conclusion    order                  order                  order                  no
  concluded              closed@over            closed@over            closed@over            no
  appealed               order                  order                  order                  no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
assign
  flagged                flagged                flagged                flagged                no
  verifying              verifying              verifying              verifying              no
  explanation_requested  explanation_requested  explanation_requested  explanation_requested  no
  awaiting_conclusion    awaiting_conclusion    awaiting_conclusion    awaiting_conclusion    no
  concluded              order                  order                  order                  no
  appealed               appealed               appealed               appealed               no
  closed                 order                  order                  order                  no
  no_violation           order                  order                  order                  no
  duplicate              order                  order                  order                  no
  referred               order                  order                  order                  no
`;

const cells = new Map<string, string[]>();
let ofStep = '';
for (const line of table.trim().split('\n')) {
  const [first = '', ...columns] = line.trim().split(/\s+/);
  if (columns.length === 0) ofStep = first;
  else cells.set(`${ofStep} ${first}`, columns);
}

const booleans = [false, true];
const column: Record<string, number> = { leader: 0, home_affairs: 1, inspector: 2, unit_head: 3 };

/** What a cell says to somebody who stands so to the case. */
function meaning(cell: string, flagger: boolean, concluder: boolean, termOver: boolean): string {
  const [, target = '', unless, term] = /^(\w+)(?:!(\w+))?(?:@(\w+))?$/.exec(cell) ?? [];
  if (target === 'no') return 'not_permitted';
  if (target === 'order') return 'step_out_of_order';
  if (unless === 'flagger' && flagger) return 'flagger_cannot_conclude';
  if (unless === 'new' && (flagger || concluder)) return 'appeal_needs_someone_new';
  if (term === 'over' && !termOver) return 'term_not_over';
  if (term === 'running' && termOver) return 'term_over';
  return target;
}

test('the table has a row for every step and state', () => {
  const wanted = incidentStep.options.flatMap((step) => incidentState.options.map((state) => `${step} ${state}`));
  expect([...cells.keys()].sort()).toEqual(wanted.sort());
});

test.each([...cells.keys()])('%s: for every role, relation and term as the table says', (key) => {
  const step = incidentStep.parse(key.split(' ')[0]);
  const state = incidentState.parse(key.split(' ')[1]);
  for (const who of role.options) {
    for (const [flagger, concluder, ownUnit, termOver] of combinations()) {
      const at = column[who];
      const cell = at === undefined || (who === 'unit_head' && !ownUnit) ? 'no' : (cells.get(key)?.[at] ?? '');
      const question = { state, role: who, relation: { flagger, concluder, ownUnit }, termOver };
      const verdict = judgeStep({ ...question, step }, reachOf);
      const seen = verdict.allowed ? verdict.to : verdict.refusal;
      expect(seen, JSON.stringify(question)).toBe(meaning(cell, flagger, concluder, termOver));
      const all = judgeAll(question, reachOf);
      expect(all.find((one) => one.step === step)?.verdict).toEqual(verdict);
      expect(all.map((one) => one.step)).toEqual(incidentStep.options);
    }
  }
});

function* combinations(): Generator<[boolean, boolean, boolean, boolean]> {
  for (const a of booleans)
    for (const b of booleans) for (const c of booleans) for (const d of booleans) yield [a, b, c, d];
}

test('an ability that reaches the own unit permits a step on a case of the own unit alone', () => {
  const question = { state: 'flagged', step: 'verify', role: 'unit_head', termOver: false } as const;
  const reach = () => 'own_unit' as const;
  const relation = { flagger: false, concluder: false };
  expect(judgeStep({ ...question, relation: { ...relation, ownUnit: true } }, reach).allowed).toBe(true);
  expect(judgeStep({ ...question, relation: { ...relation, ownUnit: false } }, reach).allowed).toBe(false);
});

test('every state is either open or ended; from the four ends nothing leads on, not even for whoever may do all', () => {
  expect([...openStates, ...endedStates].sort()).toEqual([...incidentState.options].sort());
  expect(incidentState.options.filter(isEnd).sort()).toEqual(['closed', 'duplicate', 'no_violation', 'referred']);
  const relation = { flagger: false, concluder: false, ownUnit: true };
  for (const state of incidentState.options.filter(isEnd)) {
    for (const termOver of booleans) {
      const all = judgeAll({ state, role: 'inspector', relation, termOver }, () => 'city');
      expect(all.filter(({ verdict }) => verdict.allowed)).toEqual([]);
    }
  }
});

test('the unit is given a case when it is asked to explain, and no sooner', () => {
  expect(incidentState.options.filter(isSentOn)).toEqual(['explanation_requested']);
});
