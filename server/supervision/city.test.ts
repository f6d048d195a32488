import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { at } from '../../test/support/supervision.ts';
import { id } from '../contracts/common.ts';
import { ConfigurationError } from '../platform/configuration-file.ts';
import { workingStretches } from './calendar.ts';
import { loadCity } from './city.ts';

const config = fileURLToPath(new URL('../../config', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lienthong-city-'));
  cpSync(config, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What loading the copied city says after an edit of one of its files, with the folder left out. */
function refusal(file: string, edit: (text: string) => string): string {
  const path = join(folder, 'city', file);
  const text = readFileSync(path, 'utf8');
  const edited = edit(text);
  if (edited === text) throw new Error('the edit changed nothing');
  writeFileSync(path, edited);
  try {
    loadCity(join(folder, 'city'));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'accepted';
}

test('the city that is shipped has its Centre, 21 wards, 12 communes and 14 categories', () => {
  const city = loadCity(join(config, 'city'));
  const kinds = city.units.list().map((unit) => unit.kind);
  expect(kinds.filter((kind) => kind === 'centre')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'ward')).toHaveLength(21);
  expect(kinds.filter((kind) => kind === 'commune')).toHaveLength(12);
  expect(city.units.get('hong-ha')).toMatchObject({ name: 'Phường Hồng Hà', kind: 'ward' });
  expect(city.categories).toHaveLength(14);
  expect(city.simulated).toBe(false);
  for (const unit of city.units.list()) {
    for (const desk of unit.desks) expect(id.safeParse(desk.id).success).toBe(true);
    expect(unit.desks.length).toBeGreaterThan(0);
  }
});

test('the demo city says that it is simulated, and shares the categories and the calendar', () => {
  const demo = loadCity(join(config, 'demo'));
  expect(demo).toMatchObject({ name: 'Thành phố mô phỏng', simulated: true });
  expect(demo.units.list().map((unit) => unit.name)).toEqual([
    'Trung tâm HCC thành phố',
    'Phường Hồng Hà',
    'Phường Bãi Cháy',
    'Phường Cao Xanh',
    'Phường Giếng Đáy',
  ]);
  expect(demo.categories).toEqual(loadCity(join(config, 'city')).categories);
});

test('the shipped calendar has both seasons, the fixed holidays and the Centre’s Saturday', () => {
  const { calendar } = loadCity(join(config, 'city'));
  const first = (unit: string, date: string) =>
    workingStretches(calendar, unit, at(`${date} 00:00`), at(`${date} 23:59`))[0]?.fromMs;
  expect(first('hong-ha', '2026-11-24')).toBe(at('2026-11-24 07:30'));
  expect(first('hong-ha', '2026-07-01')).toBe(at('2026-07-01 07:00'));
  expect(first('trung-tam', '2026-11-28')).toBe(at('2026-11-28 07:30'));
  for (const holiday of ['2027-01-01', '2026-04-30', '2026-05-01', '2026-09-02']) {
    expect(first('trung-tam', holiday)).toBeUndefined();
  }
});

const addUnit = (yaml: string) => (text: string) => `${text}  - ${yaml}\n`;

test.each([
  [
    'units.yaml',
    addUnit('{ id: hong-ha, name: X, kind: ward }'),
    'city/units.yaml: units[34].id: expected each id only once: hong-ha',
  ],
  [
    'units.yaml',
    addUnit('{ id: x, name: X, kind: ward, desks: [{ id: hong-ha-quay-1, name: Q }] }'),
    'city/units.yaml: units[34].desks[0].id: expected each desk id only once: hong-ha-quay-1',
  ],
  [
    'units.yaml',
    addUnit('{ id: x, name: X, kind: ward, validTo: 2025-06-30, successor: y }'),
    'city/units.yaml: units[34].successor: expected the id of a unit of this file: y',
  ],
  [
    'units.yaml',
    addUnit('{ id: x, name: X, kind: ward, successor: hong-ha }'),
    'city/units.yaml: units[34].successor: expected validTo beside it: only a unit that ends is succeeded',
  ],
  [
    'units.yaml',
    addUnit('{ id: x, name: X, kind: ward, validTo: 2025-06-30, successor: x }'),
    'city/units.yaml: units[34].successor: expected a succession that ends, not a loop',
  ],
  [
    'units.yaml',
    addUnit('{ id: x, name: X, kind: ward, validFrom: 2025-07-01, validTo: 2025-06-30 }'),
    'city/units.yaml: units[34].validTo: expected a date not before validFrom',
  ],
  [
    'categories.yaml',
    (text: string) => text.replace('code: VT02', 'code: VT01'),
    'city/categories.yaml: categories[1].code: expected each code only once: VT01',
  ],
  [
    'calendar.yaml',
    (text: string) => text.replace('kinds: [centre]', 'units: [nowhere]'),
    'city/calendar.yaml: schedules[2].units[0]: expected the id of a known unit: nowhere',
  ],
  [
    'calendar.yaml',
    (text: string) => text.replace('to: 04-15', 'to: 04-14'),
    'city/calendar.yaml: schedules: expected, for every day of every year, a row for all units with working hours; none covers 04-15',
  ],
])('a reference that leads nowhere stops the start: %s %#', (file, edit, message) => {
  expect(refusal(file, edit)).toBe(message);
});

test.each([
  [
    'calendar.yaml',
    (text: string) => text.replace('07:30-12:00', '07:30-07:00'),
    'HH:MM-HH:MM, the end after the start',
  ],
  ['calendar.yaml', (text: string) => text.replace('13:00-16:30', '11:00-16:30'), 'hours in order, without overlap'],
  [
    'calendar.yaml',
    (text: string) => text.replace('date: 01-01', 'date: 02-30'),
    'expected a date: YYYY-MM-DD, or MM-DD',
  ],
  ['calendar.yaml', (text: string) => text.replace('hours: [] }', '}'), 'expected either hours or like'],
  ['calendar.yaml', (text: string) => text.replace('[mon, tue,', '[mon, mon,'), 'expected each day of the week once'],
  ['calendar.yaml', (text: string) => text.replace('graceMinutes', 'grace'), 'grace: unknown key'],
  ['units.yaml', (text: string) => text.replace('kind: ward', 'kind: town'), 'units[1].kind'],
  [
    'city.yaml',
    (text: string) => text.replace('units.yaml', 'no.yaml'),
    'city/no.yaml: expected this file, but it is missing',
  ],
])('a value that is none is told with its place: %s %#', (file, edit, message) => {
  expect(refusal(file, edit)).toContain(message);
});

test('the workflow names terms and superiors; without its file the usual ones hold', () => {
  const { workflow } = loadCity(join(config, 'city'));
  const path = join(folder, 'city', 'city.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^workflow:.*$/m, ''));
  expect(loadCity(join(folder, 'city')).workflow).toEqual(workflow);
  expect(workflow).toMatchObject({ terms: { explanation_requested: 3 }, keepFootageMonths: 24 });
});

test.each([
  ['terms:\n  flagged: 2', 'terms:\n  flagged: 0', 'terms.flagged'],
  ['keepFootageMonths: 24', 'keepFootageMonths: -1', 'keepFootageMonths'],
  ['flagged: { role: leader }', 'flagged: { role: nobody }', 'superiors.flagged'],
  ['appealed: { role: leader }', 'closed: { role: leader }', 'superiors.closed'],
])('a workflow that makes no sense is refused: %s → %s', (was, is, where) => {
  const message = refusal('workflow.yaml', (text) => text.replace(was, is));
  expect(message).toContain('city/workflow.yaml:');
  expect(message).toContain(where);
});
