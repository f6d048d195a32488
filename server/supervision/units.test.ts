import { expect, test } from 'vitest';
import { at } from '../../test/support/supervision.ts';
import type { Unit } from '../contracts/units.ts';
import { isValidAt, Units } from './units.ts';

const unit = (id: string, change: Partial<Unit> = {}): Unit => ({
  id,
  name: id,
  kind: 'ward',
  desks: [{ id: `${id}-1`, name: 'Quầy số 1' }],
  validFrom: null,
  validTo: null,
  successorId: null,
  ...change,
});

const units = new Units([
  unit('old', { validTo: '2025-06-30', successorId: 'between' }),
  unit('between', { validFrom: '2025-07-01', validTo: '2025-12-31', successorId: 'new' }),
  unit('new', { validFrom: '2026-01-01' }),
]);

test('a unit is valid on its first and on its last local day', () => {
  const between = units.get('between');
  expect(isValidAt(between, at('2025-07-01 00:00') - 1)).toBe(false);
  expect(isValidAt(between, at('2025-07-01 00:00'))).toBe(true);
  expect(isValidAt(between, at('2025-12-31 23:59'))).toBe(true);
  expect(isValidAt(between, at('2026-01-01 00:00'))).toBe(false);
  expect(units.validAt(at('2025-08-01 12:00')).map((u) => u.id)).toEqual(['between']);
});

test('units that have ended stay in the list, and their last successor answers for them', () => {
  expect(units.list().map((u) => u.id)).toEqual(['old', 'between', 'new']);
  expect(units.answeringAt('old', at('2025-06-01 12:00')).id).toBe('old');
  expect(units.answeringAt('old', at('2025-08-01 12:00')).id).toBe('between');
  expect(units.answeringAt('old', at('2026-08-01 12:00')).id).toBe('new');
});

test('desks are those of their unit', () => {
  expect(units.desks('new', ['new-1'])).toEqual([{ id: 'new-1', name: 'Quầy số 1' }]);
  expect(() => units.desks('new', ['old-1'])).toThrow(expect.objectContaining({ code: 'desk_unknown' }));
  expect(() => units.get('gone')).toThrow(expect.objectContaining({ kind: 'not_found', code: 'unit_unknown' }));
  expect(units.find('gone')).toBeUndefined();
});
