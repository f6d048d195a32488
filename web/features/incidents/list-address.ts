import { type IncidentState, incidentState } from '../../../server/contracts/incidents.ts';
import type { IncidentFilter } from '../../api/incidents.ts';
import { DAY_MS, startOfDay } from '../../components/time.ts';

export const TABS = ['open', 'overdue', 'concluded', 'all'] as const;
export type Tab = (typeof TABS)[number];
export const PERIODS = ['1', '7', '30', '90'] as const;
export type Period = (typeof PERIODS)[number];
export const SORTS = ['newest', 'due'] as const;
export type Sort = (typeof SORTS)[number];
export const VIEWS = ['list', 'board'] as const;
export type View = (typeof VIEWS)[number];

/** What of the list is shown, as the address says it. */
export interface ListAddress {
  tab: Tab;
  view: View;
  q: string;
  unit: string[];
  category: string[];
  severity: string[];
  state: string[];
  /** Days back from the end of today, or null for any time. */
  period: Period | null;
  sort: Sort;
}

/** States that a tab can hold, in the order of the workflow. */
export const TAB_STATES: Record<Tab, readonly IncidentState[]> = {
  open: ['flagged', 'verifying'],
  overdue: ['flagged', 'verifying'],
  concluded: ['concluded'],
  all: incidentState.options,
};

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const CATEGORY = /^[A-Z]{2}\d{2}$/;
const MOST = 50;

const pick = <T extends string>(options: readonly T[], value: string | null): T | undefined =>
  options.find((option) => option === value);

function list(params: URLSearchParams, key: string, valid: (value: string) => boolean): string[] {
  return [...new Set((params.get(key) ?? '').split(',').filter(valid))].slice(0, MOST);
}

/** Reads an address; what makes no sense is left out. `open`, `list` and `newest` are what is meant when nothing is said. */
export function parseAddress(params: URLSearchParams): ListAddress {
  const tab = pick(TABS, params.get('tab')) ?? 'open';
  const states: readonly string[] = TAB_STATES[tab];
  return {
    tab,
    view: pick(VIEWS, params.get('view')) ?? 'list',
    q: (params.get('q') ?? '').slice(0, 200),
    unit: list(params, 'unit', (value) => ID.test(value)),
    category: list(params, 'category', (value) => CATEGORY.test(value)),
    severity: list(params, 'severity', (value) => /^[123]$/.test(value)),
    state: list(params, 'state', (value) => states.includes(value)),
    period: pick(PERIODS, params.get('period')) ?? null,
    sort: pick(SORTS, params.get('sort')) ?? 'newest',
  };
}

/** Writes an address, leaving out what is meant anyway. */
export function writeAddress(address: ListAddress): URLSearchParams {
  const params = new URLSearchParams();
  const put = (key: string, value: string, usual = '') => {
    if (value !== usual) params.set(key, value);
  };
  put('tab', address.tab, 'open');
  put('view', address.view, 'list');
  put('q', address.q);
  for (const key of ['unit', 'category', 'severity'] as const) put(key, address[key].join(','));
  const states: readonly string[] = TAB_STATES[address.tab];
  put('state', address.state.filter((state) => states.includes(state)).join(','));
  put('period', address.period ?? '');
  put('sort', address.sort, 'newest');
  return params;
}

/** Whether something narrows the tab. */
export function isFiltered({ q, unit, category, severity, state, period }: ListAddress): boolean {
  return q.trim() !== '' || period !== null || [unit, category, severity, state].some((values) => values.length > 0);
}

/** The address without its filters. */
export function withoutFilters(address: ListAddress): ListAddress {
  return { ...address, q: '', unit: [], category: [], severity: [], state: [], period: null };
}

/**
 * What to ask the server for. Overdue cases are the head of the open ones by term (`overdueHead` cuts them off); the start of a
 * period is a midnight in Việt Nam, so that the question stays the same all day.
 */
export function filterOf(address: ListAddress, nowMs: number): IncidentFilter {
  const { tab, unit, category, period } = address;
  const filter: IncidentFilter = { sort: tab === 'overdue' ? 'due' : address.sort };
  const q = address.q.trim();
  if (q !== '') filter.q = q;
  if (unit.length > 0) filter.unit = unit;
  if (category.length > 0) filter.category = category;
  const severity = ([1, 2, 3] as const).filter((level) => address.severity.includes(String(level)));
  if (severity.length > 0) filter.severity = severity;
  if (period !== null) filter.from = startOfDay(nowMs) - (Number(period) - 1) * DAY_MS;
  if (tab === 'concluded') filter.state = ['concluded'];
  else {
    if (tab !== 'all') filter.open = true;
    const state = incidentState.options.filter((option) => address.state.includes(option));
    if (state.length > 0) filter.state = state;
  }
  return filter;
}

interface Term {
  dueAtMs: number | null;
}

/** Of cases sorted by term, those whose term is over. `more` tells whether the next page may hold further ones. */
export function overdueHead<T extends Term>(sorted: readonly T[], nowMs: number): { items: T[]; more: boolean } {
  const end = sorted.findIndex(({ dueAtMs }) => dueAtMs === null || dueAtMs >= nowMs);
  return end < 0 ? { items: [...sorted], more: true } : { items: sorted.slice(0, end), more: false };
}
