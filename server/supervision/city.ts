import { resolve } from 'node:path';
import type { Category } from '../contracts/incidents.ts';
import {
  ConfigurationError,
  type ConfigurationProblem,
  readConfigurationFile,
} from '../platform/configuration-file.ts';
import { rowsOfFile } from './calendar/file-rows.ts';
import { uncoveredDay } from './calendar/rules.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import {
  type CalendarFile,
  calendarFile,
  categoriesFile,
  cityFile,
  type UnitsFile,
  unitsFile,
  type Workflow,
  workflowFile,
} from './city-schema.ts';
import { Units } from './units.ts';

/** What a city is, as its folder of configuration says it. */
export interface City {
  name: string;
  /** True for the simulated demo city. */
  simulated: boolean;
  units: Units;
  categories: readonly Category[];
  /** Living: a change of the calendar replaces what it holds. */
  calendar: Calendar;
  /** What the calendar's file says, which is the first content of the database. */
  calendarFile: CalendarFile;
  /** Terms of a case, and who is told when one has passed. */
  workflow: Workflow;
  /** The head of printed papers: the issuing body line by line, and the place that papers are dated at. */
  letterhead: Letterhead;
}

export interface Letterhead {
  issuingBody: readonly string[];
  place: string;
}

/**
 * Reads a city's folder: `city.yaml` and the units, categories, calendar and workflow that it names.
 * Errors: `configuration_invalid` with file, path and what was expected, also for references that lead nowhere.
 */
export function loadCity(folder: string): City {
  const city = readConfigurationFile(resolve(folder, 'city.yaml'), cityFile);
  const files = {
    units: resolve(folder, city.units),
    categories: resolve(folder, city.categories),
    calendar: resolve(folder, city.calendar),
  };
  const { units } = readConfigurationFile(files.units, unitsFile);
  const { categories } = readConfigurationFile(files.categories, categoriesFile);
  const calendar = readConfigurationFile(files.calendar, calendarFile);
  const workflow =
    city.workflow === undefined
      ? workflowFile.parse({})
      : readConfigurationFile(resolve(folder, city.workflow), workflowFile);
  refuse(files.units, unitProblems(units));
  refuse(files.categories, duplicates(categories, 'code', 'categories'));
  refuse(files.calendar, calendarProblems(calendar, units));
  return {
    name: city.name,
    simulated: city.simulated,
    units: new Units(
      units.map(({ successor, validFrom, validTo, ...unit }) => ({
        ...unit,
        validFrom: validFrom ?? null,
        validTo: validTo ?? null,
        successorId: successor ?? null,
      })),
    ),
    categories,
    calendar: createCalendar(calendar, units),
    calendarFile: calendar,
    workflow,
    letterhead: {
      issuingBody: city.issuingBody ?? ['ỦY BAN NHÂN DÂN', city.name.toLocaleUpperCase('vi')],
      place: city.place ?? city.name,
    },
  };
}

function refuse(file: string, problems: ConfigurationProblem[]): void {
  if (problems.length > 0) throw new ConfigurationError(file, problems);
}

function duplicates<K extends string>(rows: Record<K, string>[], key: K, path: string): ConfigurationProblem[] {
  const seen = new Set<string>();
  return rows.flatMap((row, i) => {
    const value = row[key];
    if (seen.has(value))
      return [{ path: `${path}[${i}].${key}`, expected: `expected each ${key} only once: ${value}` }];
    seen.add(value);
    return [];
  });
}

function unitProblems(units: UnitsFile['units']): ConfigurationProblem[] {
  const problems = duplicates(units, 'id', 'units');
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const desks = new Set<string>();
  units.forEach((unit, i) => {
    const at = `units[${i}]`;
    unit.desks.forEach((desk, j) => {
      if (desks.has(desk.id)) {
        problems.push({ path: `${at}.desks[${j}].id`, expected: `expected each desk id only once: ${desk.id}` });
      }
      desks.add(desk.id);
    });
    if (unit.validFrom !== undefined && unit.validTo !== undefined && unit.validTo < unit.validFrom) {
      problems.push({ path: `${at}.validTo`, expected: 'expected a date not before validFrom' });
    }
    if (unit.successor === undefined) return;
    if (!byId.has(unit.successor)) {
      problems.push({ path: `${at}.successor`, expected: `expected the id of a unit of this file: ${unit.successor}` });
    } else if (unit.validTo === undefined) {
      problems.push({
        path: `${at}.successor`,
        expected: 'expected validTo beside it: only a unit that ends is succeeded',
      });
    } else if (successionLoops(unit.id, byId)) {
      problems.push({ path: `${at}.successor`, expected: 'expected a succession that ends, not a loop' });
    }
  });
  return problems;
}

function successionLoops(start: string, byId: ReadonlyMap<string, { successor?: string | undefined }>): boolean {
  const seen = new Set<string>();
  for (let id: string | undefined = start; id !== undefined; id = byId.get(id)?.successor) {
    if (seen.has(id)) return true;
    seen.add(id);
  }
  return false;
}

function calendarProblems(calendar: CalendarFile, units: UnitsFile['units']): ConfigurationProblem[] {
  const known = new Set(units.map((unit) => unit.id));
  const problems = (['schedules', 'exceptions'] as const).flatMap((list) =>
    calendar[list].flatMap((row, i) =>
      (row.units ?? []).flatMap((id, j) =>
        known.has(id)
          ? []
          : [{ path: `${list}[${i}].units[${j}]`, expected: `expected the id of a known unit: ${id}` }],
      ),
    ),
  );
  const uncovered = uncoveredDay(rowsOfFile(calendar));
  if (uncovered !== null) {
    problems.push({
      path: 'schedules',
      expected: `expected, for every day of every year, a row for all units with working hours; none covers ${uncovered}`,
    });
  }
  return problems;
}
