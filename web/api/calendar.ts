import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type applyCalendarImport,
  type CalendarContent,
  type CalendarRow,
  calendarDays,
  calendarImportPreview,
  calendarImportResult,
  calendarRow,
  calendarState,
} from '../../server/contracts/calendar.ts';
import { request } from './client.ts';
import { keys } from './keys.ts';

/** Where the exceptions are fetched as iCalendar. */
export const calendarFile = '/api/calendar.ics';

/** The rows of the working calendar, and what has yet to be entered. */
export function useCalendar(options: { enabled?: boolean } = {}) {
  return useQuery({
    queryKey: keys.calendar,
    queryFn: ({ signal }) => request('GET', '/api/calendar', { schema: calendarState, signal }),
    enabled: options.enabled ?? true,
  });
}

/** Every day of a year, of a unit or (undefined) of the offices of the city. */
export function useCalendarDays(year: number, unit: string | undefined) {
  return useQuery({
    queryKey: keys.calendarDays(year, unit),
    queryFn: ({ signal }) =>
      request('GET', '/api/calendar/days', { query: { year, unit }, schema: calendarDays, signal }),
    placeholderData: keepPreviousData,
  });
}

/** After a change, and after a refusal because somebody else was faster, everything that goes by the calendar is asked anew. */
function useAskAnew() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.calendar });
    void client.invalidateQueries({ queryKey: ['working-hours'] });
  };
}

/** Enters a row, or changes the one that is named. */
export function useSaveCalendarRow() {
  const askAnew = useAskAnew();
  return useMutation({
    mutationFn: ({ row, content }: { row: CalendarRow | null; content: CalendarContent }) =>
      row === null
        ? request('POST', '/api/calendar/rows', { body: { content }, schema: calendarRow })
        : request('PUT', `/api/calendar/rows/${encodeURIComponent(row.id)}`, {
            body: { version: row.version, content },
            schema: calendarRow,
          }),
    onSettled: askAnew,
  });
}

export function useRemoveCalendarRow() {
  const askAnew = useAskAnew();
  return useMutation({
    mutationFn: ({ id, version }: CalendarRow) =>
      request('DELETE', `/api/calendar/rows/${encodeURIComponent(id)}`, { query: { version } }),
    onSettled: askAnew,
  });
}

/** What a file would do; nothing is changed. */
export function usePreviewCalendarImport() {
  return useMutation({
    mutationFn: (text: string) =>
      request('POST', '/api/calendar/imports/preview', { body: { text }, schema: calendarImportPreview }),
  });
}

export function useApplyCalendarImport() {
  const askAnew = useAskAnew();
  return useMutation({
    mutationFn: (body: z.input<typeof applyCalendarImport>) =>
      request('POST', '/api/calendar/imports', { body, schema: calendarImportResult }),
    onSettled: askAnew,
  });
}
