import { conclusion, due, type IncidentState, incidentState } from '../../../server/contracts/incidents.ts';
import type { IncidentFilter } from '../../api/incidents.ts';

export const TABS = ['mine', 'open', 'overdue', 'concluded', 'all'] as const;
export type Tab = (typeof TABS)[number];
export const PERIODS = ['1', '7', '30', '90'] as const;
export const SORTS = ['newest', 'due'] as const;
export type Sort = (typeof SORTS)[number];
export const VIEWS = ['list', 'board'] as const;
export type View = (typeof VIEWS)[number];

/** States in which somebody still has to act. */
export const OPEN_STATES: readonly IncidentState[] = [
  'flagged',
  'verifying',
  'explanation_requested',
  'awaiting_conclusion',
  'appealed',
];
/** What the head of a unit is never shown: the case was not sent yet. */
export const UNSENT_STATES: readonly IncidentState[] = ['flagged', 'verifying'];
/** States that a tab can hold, in the order of the workflow. */
export const TAB_STATES: Record<Tab, readonly IncidentState[]> = {
  mine: OPEN_STATES,
  open: OPEN_STATES,
  overdue: OPEN_STATES,
  concluded: ['concluded'],
  all: incidentState.options,
};

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const within = (options: readonly string[]) => (value: string) => options.includes(value);
const isMoment = (value: string) => /^\d{1,15}$/.test(value);

/** Filters of several values. */
const LISTS = {
  unit: (value: string) => ID.test(value),
  category: (value: string) => /^[A-Z]{2}\d{2}$/.test(value),
  severity: (value: string) => /^[123]$/.test(value),
  state: within(incidentState.options),
  due: within(due.options),
  camera: (value: string) => ID.test(value),
  conclusion: within(conclusion.options),
  readAgain: within(['agreed', 'disagreed']),
};
/** Filters of one value; a figure names with them exactly the cases that it counts. */
const SINGLES = {
  days: (value: string) => /^([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])$/.test(value),
  person: (value: string) => ID.test(value),
  assignee: (value: string) => ID.test(value),
  unassigned: within(['true']),
  watching: within(['true']),
  mentioned: within(['true']),
  repeat: within(['true', 'false']),
  violation: within(['true', 'false']),
  left: within(incidentState.options),
  office: within(['leader', 'home_affairs', 'inspector', 'unit_head', 'admin', 'auditor']),
  term: within(['kept', 'late']),
  from: isMoment,
  to: isMoment,
  createdFrom: isMoment,
  createdTo: isMoment,
  dueBefore: isMoment,
};
export type ListKey = keyof typeof LISTS;
export type SingleKey = keyof typeof SINGLES;
export type FilterKey = ListKey | SingleKey;
export const LIST_KEYS = Object.keys(LISTS) as ListKey[];
export const SINGLE_KEYS = Object.keys(SINGLES) as SingleKey[];

/** What of the list is shown, as the address says it: the parameters of the list, and how they are looked at. */
export type ListAddress = { tab: Tab; view: View; q: string; sort: Sort } & Record<ListKey, string[]> &
  Record<SingleKey, string | null>;

const MOST = 50;

const pick = <T extends string>(options: readonly T[], value: string | null): T | undefined =>
  options.find((option) => option === value);

function list(params: URLSearchParams, key: string, valid: (value: string) => boolean): string[] {
  return [...new Set((params.get(key) ?? '').split(',').filter(valid))].slice(0, MOST);
}

function single(params: URLSearchParams, key: SingleKey): string | null {
  const value = params.get(key);
  return value !== null && SINGLES[key](value) ? value : null;
}

/**
 * Reads an address; what makes no sense is left out. `open`, `list` and `newest` are what is meant when nothing is said; a state that no
 * open case can have means all cases.
 */
export function parseAddress(params: URLSearchParams): ListAddress {
  const lists = Object.fromEntries(LIST_KEYS.map((key) => [key, list(params, key, LISTS[key])])) as Record<
    ListKey,
    string[]
  >;
  const singles = Object.fromEntries(SINGLE_KEYS.map((key) => [key, single(params, key)])) as Record<
    SingleKey,
    string | null
  >;
  const told = pick(TABS, params.get('tab'));
  const tab = told ?? (lists.state.every(within(OPEN_STATES)) ? 'open' : 'all');
  return {
    tab,
    view: pick(VIEWS, params.get('view')) ?? 'list',
    q: (params.get('q') ?? '').slice(0, 200),
    ...lists,
    state: lists.state.filter(within(TAB_STATES[tab])),
    ...singles,
    sort: pick(SORTS, params.get('sort')) ?? 'newest',
  };
}

/** Writes an address, leaving out what is meant anyway. */
export function writeAddress(address: ListAddress): URLSearchParams {
  const params = new URLSearchParams();
  const put = (key: string, value: string, usual = '') => {
    if (value !== usual) params.set(key, value);
  };
  const state = address.state.filter(within(TAB_STATES[address.tab]));
  put('tab', address.tab, state.every(within(OPEN_STATES)) ? 'open' : 'all');
  put('view', address.view, 'list');
  put('q', address.q);
  for (const key of LIST_KEYS) put(key, (key === 'state' ? state : address[key]).join(','));
  for (const key of SINGLE_KEYS) put(key, address[key] ?? '');
  put('sort', address.sort, 'newest');
  return params;
}

const EMPTY = {
  q: '',
  ...(Object.fromEntries(LIST_KEYS.map((key) => [key, []])) as unknown as Record<ListKey, string[]>),
  ...(Object.fromEntries(SINGLE_KEYS.map((key) => [key, null])) as Record<SingleKey, null>),
};

/** Whether something narrows the tab. */
export function isFiltered(address: ListAddress): boolean {
  return (
    address.q.trim() !== '' ||
    LIST_KEYS.some((key) => address[key].length > 0) ||
    SINGLE_KEYS.some((key) => address[key] !== null)
  );
}

/** The address without its filters. */
export function withoutFilters(address: ListAddress): ListAddress {
  return { ...address, ...EMPTY };
}

/** The parameters of the list, as they are written for the server, without paging: what is asked, and what is saved as a filter. */
export function parametersOf(address: ListAddress): Record<string, string> {
  const asked: Record<string, string> = {};
  if (address.tab === 'mine' || address.tab === 'open') asked.open = 'true';
  if (address.tab === 'mine') asked.assignee = 'me';
  if (address.tab === 'overdue') asked.overdue = 'true';
  const q = address.q.trim();
  if (q !== '') asked.q = q;
  for (const key of LIST_KEYS) if (address[key].length > 0) asked[key] = address[key].join(',');
  for (const key of SINGLE_KEYS) {
    const value = address[key];
    if (value !== null) asked[key] ??= value;
  }
  if (address.tab === 'concluded') asked.state = 'concluded';
  asked.sort = address.tab === 'overdue' ? 'due' : address.sort;
  return asked;
}

/** What to ask the server for. */
export function filterOf(address: ListAddress): IncidentFilter {
  // The server parses what it is asked; here the parameters only pass through.
  return parametersOf(address) as IncidentFilter;
}

/** The address that shows exactly the cases which these parameters of the list find: those of a saved filter, or behind a number. */
export function addressOf(query: Readonly<Record<string, string>>): ListAddress {
  const { open, overdue, assignee, ...rest } = query;
  const params = new URLSearchParams(rest);
  if (assignee !== undefined && !(assignee === 'me' && open === 'true')) params.set('assignee', assignee);
  const tab = overdue === 'true' ? 'overdue' : open !== 'true' ? 'all' : assignee === 'me' ? 'mine' : 'open';
  params.set('tab', query.state === 'concluded' && tab === 'all' ? 'concluded' : tab);
  const address = parseAddress(params);
  return address.tab === 'concluded' ? { ...address, state: [] } : address;
}
