import { expect, test } from 'vitest';
import type { Role } from '../contracts/roles.ts';
import { includesUnit, mayPlayBack, maySeeStill, mayWatch, unitScope, unitsVisible } from './scope.ts';

const person = (role: Role) => ({ role, unitId: role === 'unit_head' ? 'bach-dang' : null });

test('city offices see every unit, a unit head the own one, the administrator every camera, the auditor none', () => {
  expect(unitsVisible(person('leader'))).toBe('all');
  expect(unitsVisible(person('home_affairs'))).toBe('all');
  expect(unitsVisible(person('inspector'))).toBe('all');
  expect(unitsVisible(person('unit_head'))).toEqual(['bach-dang']);
  expect(unitsVisible(person('admin'))).toBe('all');
  expect(unitsVisible(person('auditor'))).toEqual([]);
});

test('the administrator sees a still of now, and neither live video, nor recordings, nor a still of the past', () => {
  const admin = person('admin');
  expect(maySeeStill(admin, 'bach-dang', 'now')).toBe(true);
  expect(maySeeStill(admin, 'bach-dang', 'past')).toBe(false);
  expect(mayWatch(admin, 'bach-dang')).toBe(false);
  expect(mayPlayBack(admin, 'bach-dang')).toBe(false);
});

test('a unit head watches the own unit live and does not play back, not even the own unit', () => {
  const head = person('unit_head');
  expect(mayWatch(head, 'bach-dang')).toBe(true);
  expect(mayWatch(head, 'cao-xanh')).toBe(false);
  expect(maySeeStill(head, 'bach-dang', 'now')).toBe(true);
  expect(maySeeStill(head, 'cao-xanh', 'now')).toBe(false);
  expect(maySeeStill(head, 'bach-dang', 'past')).toBe(false);
  expect(mayPlayBack(head, 'bach-dang')).toBe(false);
});

test('the auditor sees no picture', () => {
  expect(maySeeStill(person('auditor'), 'bach-dang', 'now')).toBe(false);
  expect(mayWatch(person('auditor'), 'bach-dang')).toBe(false);
});

test('a list of sent incidents is cut to the own unit; without a unit nothing is left', () => {
  expect(unitScope(person('unit_head'), 'play_back')).toEqual(['bach-dang']);
  expect(unitScope({ role: 'unit_head', unitId: null }, 'play_back')).toEqual([]);
  expect(unitScope(person('admin'), 'play_back')).toEqual([]);
  expect(includesUnit(unitScope(person('leader'), 'play_back'), 'anything')).toBe(true);
  expect(includesUnit([], 'anything')).toBe(false);
});
