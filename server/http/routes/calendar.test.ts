import { afterEach, beforeEach, expect, test } from 'vitest';
import { at } from '../../../test/support/supervision.ts';
import { openCalendarBench } from '../../../test/support/working-calendar.ts';
import { type CalendarException, calendarDays, calendarState } from '../../contracts/calendar.ts';
import type { Role } from '../../contracts/roles.ts';
import { CalendarFiles } from '../../supervision/calendar/imports.ts';
import type { WorkingCalendar } from '../../supervision/calendar/working-calendar.ts';
import { checkGuard } from '../guard.ts';
import type { Services } from '../services.ts';
import { calendarRoutes } from './calendar.ts';

let workingCalendar: WorkingCalendar<string>;
let routes: ReturnType<typeof calendarRoutes>;
let close: () => Promise<void>;
beforeEach(async () => {
  const bench = await openCalendarBench();
  close = bench.close;
  workingCalendar = await bench.open();
  const { city } = bench;
  const clock = { nowMs: () => at('2026-11-24 09:30'), monotonicMs: () => 0 };
  const calendarFiles = new CalendarFiles({ calendar: workingCalendar, city, clock });
  routes = calendarRoutes({ city, workingCalendar, calendarFiles } as unknown as Services);
});
afterEach(() => close());

const actor = (role: Role) => ({
  userId: 'u',
  username: 'u',
  name: 'U',
  role,
  unitId: role === 'unit_head' ? 'hong-ha' : null,
  sessionId: 's',
});

async function ask(role: Role, path: string, query: object = {}) {
  const route = routes.find((known) => known.method === 'get' && known.path === path);
  if (route === undefined) throw new Error(`no route ${path}`);
  checkGuard(route.guard, actor(role));
  const session = { id: 's', actor: actor(role), csrfToken: '', createdAtMs: 0, expiresAtMs: 0 };
  const caller = { address: '', userAgent: '', signal: new AbortController().signal };
  return route.handle({ params: {}, query, body: undefined, caller, session });
}

const off = (name: string, unitIds: string[]): CalendarException => ({
  kind: 'exception',
  name,
  period: { from: '2026-12-03', to: '2026-12-03' },
  unitIds,
  kinds: [],
  day: { type: 'off' },
});
const roles: Role[] = ['leader', 'home_affairs', 'inspector', 'unit_head', 'admin', 'auditor'];

test('whoever is signed in may read the calendar, and only the administrator may change it or read a file into it', () => {
  for (const { method, path, guard } of routes) {
    const may = roles.filter((role) => {
      try {
        checkGuard(guard, actor(role));
        return true;
      } catch {
        return false;
      }
    });
    expect(may, `${method} ${path}`).toEqual(method === 'get' ? roles : ['admin']);
  }
});

test('rows of units that a reader does not know of are left out, and units beside the own one', async () => {
  const by = { actor: 'admin', address: '' };
  await workingCalendar.add(off('another', ['bai-chay']), by);
  await workingCalendar.add(off('both', ['bai-chay', 'hong-ha']), by);
  const seen = async (role: Role) =>
    calendarState
      .parse((await ask(role, '/api/calendar')).json)
      .rows.flatMap(({ content }) =>
        content.kind === 'exception' && ['another', 'both'].includes(content.name)
          ? [[content.name, content.unitIds]]
          : [],
      );
  expect(await seen('unit_head')).toEqual([['both', ['hong-ha']]]);
  expect(await seen('auditor')).toEqual([]);
  expect(await seen('leader')).toHaveLength(2);
  const file = async (role: Role) => (await ask(role, '/api/calendar.ics')).text;
  expect((await file('admin'))?.content).toContain('SUMMARY:another');
  expect((await file('unit_head'))?.content).not.toMatch(/SUMMARY:(another|both)/);
  expect((await file('unit_head'))?.type).toBe('text/calendar; charset=utf-8');
});

test('a year is told for the offices of the city and for units that the reader knows of', async () => {
  await workingCalendar.add(off('own', ['hong-ha']), { actor: 'admin', address: '' });
  const day = async (role: Role, unit?: string) =>
    calendarDays
      .parse((await ask(role, '/api/calendar/days', { year: 2026, unit })).json)
      .items.find(({ date }) => date === '2026-12-03');
  expect((await day('unit_head'))?.exception).toBeNull();
  expect((await day('unit_head', 'hong-ha'))?.exception).toMatchObject({ name: 'own', cause: 'off' });
  await expect(day('unit_head', 'bai-chay')).rejects.toMatchObject({ code: 'not_permitted' });
  await expect(day('leader', 'nowhere')).rejects.toMatchObject({ code: 'unit_unknown' });
});
