import { expect, test } from 'vitest';
import { type Ability, ability, type Reach, type Role, role } from '../contracts/roles.ts';
import { abilitiesOf, permits, reachOf } from './roles-policy.ts';

const C = 'city';
const U = 'own_unit';
const S = 'sent_incidents';
const H = 'health';
const o = 'none';

/** The table of the domain, row by row; C = whole city, U = own unit, S = clips of incidents sent to it, H = health still only. */
const roles: Role[] = ['leader', 'home_affairs', 'inspector', 'unit_head', 'admin', 'auditor'];
const rows: Record<Ability, [Reach, Reach, Reach, Reach, Reach, Reach]> = {
  watch_live: [C, C, C, U, H, o],
  play_back: [C, C, C, S, o, o],
  control_ptz: [C, C, C, o, o, o],
  flag_incident: [C, C, C, o, o, o],
  verify_incident: [o, C, C, o, o, o],
  explain_incident: [o, o, o, U, o, o],
  conclude_incident: [C, C, C, o, o, o],
  export_evidence: [C, C, C, o, o, o],
  verify_evidence: [C, C, C, o, o, C],
  lock_evidence: [C, C, C, o, o, o],
  run_inspection: [o, C, C, o, o, o],
  manage_system: [o, o, o, o, C, o],
  read_audit: [o, o, o, o, C, C],
  verify_audit: [o, o, o, o, o, C],
};

const cells = Object.entries(rows).flatMap(([name, reaches]) =>
  roles.map((who, column) => [who, name as Ability, reaches[column] as Reach] as const),
);

test.each(cells)('%s / %s reaches: %s', (who, what, expected) => {
  expect(reachOf(who, what)).toBe(expected);
});

test.each(cells)('%s / %s is permitted exactly as far as %s reaches', (who, what, reach) => {
  const actor = { role: who, unitId: who === 'unit_head' ? 'bach-dang' : null };
  expect(permits(actor, what, { unitId: 'bach-dang' })).toBe(reach === C || reach === U);
  expect(permits(actor, what, { unitId: 'cao-xanh' })).toBe(reach === C);
  expect(permits(actor, what)).toBe(reach === C);
});

test('the test has a cell for every role and every ability', () => {
  expect(roles).toEqual(role.options);
  expect(Object.keys(rows)).toEqual(ability.options);
  expect(cells).toHaveLength(6 * 14);
});

test('what /api/me tells of a role is its column of the table', () => {
  for (const [column, who] of roles.entries()) {
    const expected = Object.fromEntries(Object.entries(rows).map(([name, reaches]) => [name, reaches[column]]));
    expect(abilitiesOf(who)).toEqual(expected);
  }
});

test('changing the answer of abilitiesOf changes no rights', () => {
  abilitiesOf('auditor').watch_live = 'city';
  expect(reachOf('auditor', 'watch_live')).toBe('none');
});

test('a unit head without a unit reaches no unit', () => {
  expect(permits({ role: 'unit_head', unitId: null }, 'watch_live', { unitId: 'bach-dang' })).toBe(false);
  expect(permits({ role: 'unit_head', unitId: null }, 'watch_live', {})).toBe(false);
});
