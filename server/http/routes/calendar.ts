import { z } from 'zod';
import { includesUnit, type UnitScope, unitsVisible } from '../../access/scope.ts';
import type { Session } from '../../access/sessions.ts';
import {
  applyCalendarImport,
  type CalendarRow,
  calendarDays,
  calendarDaysQuery,
  calendarImportPreview,
  calendarImportResult,
  calendarRow,
  calendarState,
  changeCalendarRow,
  createCalendarRow,
  previewCalendarImport,
  removeCalendarRow,
} from '../../contracts/calendar.ts';
import { id } from '../../contracts/common.ts';
import { daysOfYear } from '../../supervision/calendar.ts';
import { guard, notPermitted } from '../guard.ts';
import { type Caller, defineRoute, json, nothing, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** A file of 1 MB with its line ends escaped. */
const importBodyBytes = 2_500_000;
const changeErrors = [
  'unit_unknown',
  'calendar_full',
  'calendar_days_uncovered',
  'calendar_no_work',
  'version_conflict',
];
const fileErrors = ['calendar_file_unreadable', 'calendar_file_too_large', 'calendar_file_too_many'];

/** The calendar is for everybody who is signed in, apart from rows of units that they do not know of; changing it is the administrator's. */
export function calendarRoutes(services: Pick<Services, 'city' | 'workingCalendar' | 'calendarFiles'>): Route[] {
  const { city, workingCalendar, calendarFiles } = services;
  const manage = guard.ability('manage_system');
  const params = z.object({ id });
  const by = ({ actor }: Session, { address }: Caller) => ({ actor, address });
  return [
    defineRoute({
      method: 'get',
      path: '/api/calendar',
      summary: 'The working calendar: weekly schedules, exceptions, grace, and what has yet to be entered',
      guard: guard.session,
      answer: calendarState,
      handle: ({ session }) => {
        const state = workingCalendar.state();
        const scope = unitsVisible(session.actor);
        return json({ ...state, rows: state.rows.flatMap((row) => visibleRow(row, scope) ?? []) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/calendar.ics',
      summary: 'The exceptions of the working calendar as iCalendar (RFC 5545)',
      guard: guard.session,
      produces: 'text/calendar',
      handle: ({ session }) => {
        const scope = unitsVisible(session.actor);
        const mayKnow = (unitIds: readonly string[]) => unitIds.every((unitId) => includesUnit(scope, unitId));
        return {
          status: 200,
          text: { type: 'text/calendar; charset=utf-8', content: calendarFiles.export(mayKnow) },
          headers: { 'content-disposition': 'attachment; filename="lich-lam-viec.ics"' },
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/calendar/days',
      summary: 'Every day of a year as a unit, or the offices of the city, work it',
      guard: guard.session,
      query: calendarDaysQuery,
      answer: calendarDays,
      errors: ['unit_unknown', 'not_permitted'],
      handle: ({ query, session }) => {
        const unitId = query.unit === undefined ? null : city.units.get(query.unit).id;
        if (unitId !== null && !includesUnit(unitsVisible(session.actor), unitId)) throw notPermitted();
        return json({
          version: workingCalendar.version,
          unitId,
          graceMinutes: city.calendar.graceMs(unitId) / 60_000,
          items: daysOfYear(city.calendar, unitId, query.year),
        });
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/calendar/rows',
      summary: 'Enter a weekly schedule, an exception or a grace',
      guard: manage,
      body: createCalendarRow,
      answer: calendarRow,
      status: 201,
      errors: changeErrors,
      handle: async ({ body, session, caller }) =>
        json(await workingCalendar.add(body.content, by(session, caller)), 201),
    }),
    defineRoute({
      method: 'put',
      path: '/api/calendar/rows/:id',
      summary: 'Change a row of the calendar, naming the version that is changed',
      guard: manage,
      params,
      body: changeCalendarRow,
      answer: calendarRow,
      errors: ['calendar_row_unknown', 'calendar_kind_fixed', ...changeErrors],
      handle: async ({ params, body, session, caller }) =>
        json(await workingCalendar.put(params.id, body, by(session, caller))),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/calendar/rows/:id',
      summary: 'Take a row out of the calendar, naming the version that is meant',
      guard: manage,
      params,
      query: removeCalendarRow,
      status: 204,
      errors: ['calendar_row_unknown', ...changeErrors],
      handle: async ({ params, query, session, caller }) => {
        await workingCalendar.remove(params.id, query.version, by(session, caller));
        return nothing;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/calendar/imports/preview',
      summary: 'What an iCalendar file would add and change, and what of it is ignored and why; changes nothing',
      guard: manage,
      body: previewCalendarImport,
      maxBodyBytes: importBodyBytes,
      answer: calendarImportPreview,
      errors: fileErrors,
      handle: ({ body }) => json(calendarFiles.preview(body.text)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/calendar/imports',
      summary: 'Take over what the preview of an iCalendar file showed, all or nothing',
      guard: manage,
      body: applyCalendarImport,
      maxBodyBytes: importBodyBytes,
      answer: calendarImportResult,
      errors: [...fileErrors, ...changeErrors],
      handle: async ({ body, session, caller }) => json(await calendarFiles.apply(body, by(session, caller))),
    }),
  ];
}

/** A row without units that the reader does not know of; null where it is for such units alone. */
function visibleRow(row: CalendarRow, scope: UnitScope): CalendarRow | null {
  const { unitIds, kinds } = row.content;
  if (scope === 'all' || unitIds.length === 0) return row;
  const known = unitIds.filter((unitId) => includesUnit(scope, unitId));
  if (known.length === 0 && kinds.length === 0) return null;
  return { ...row, content: { ...row.content, unitIds: known } };
}
