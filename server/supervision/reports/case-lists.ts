import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeCsvStream } from 'hucre/csv';
import type { Category } from '../../contracts/incidents.ts';
import { type ListExportQuery, type ListFormat, maxListRows } from '../../contracts/reports.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import type { IncidentView } from '../../storage/incident.store.ts';
import type { IncidentFilter, IncidentListStore, IncidentPosition } from '../../storage/incident-list.store.ts';
import type { City } from '../city.ts';
import { filterOf } from '../incidents/list-filter.ts';
import { presentFor } from '../incidents/present.ts';
import { notPermitted, viewOf } from '../incidents/visibility.ts';
import { dateOf } from '../local-time.ts';
import type { AuditRecord, ReachOf, Supervisor } from '../supervisor.ts';
import { type CellContext, caseColumns, fileNames, sheetNames } from './case-columns.ts';
import type { ReportMaker } from './report-maker.ts';
import { cellText, type TableCell } from './sheet.ts';

export interface CaseListsOptions<A extends Supervisor> {
  store: Pick<IncidentListStore, 'list' | 'counts'>;
  city: Pick<City, 'calendar' | 'categories'>;
  /** How far back an earlier case makes a repeat. */
  repeatDays: number;
  maker: ReportMaker;
  reachOf: ReachOf;
  audit: (record: AuditRecord<A>) => Promise<unknown>;
  clock: Clock;
  /** The contract's 20,000 when left out. */
  maxRows?: number;
}

/** A list as a file; `sizeBytes` is null where it is written while it is sent. */
export interface ListFile {
  name: string;
  type: string;
  sizeBytes: number | null;
  bytes: Readable;
}

const types: Record<ListFormat, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};
/** Read and presented at once; some milliseconds of work. */
const batch = 100;

/** The list of cases as a file: the cases that the list would show to this reader under this filter, all pages of it. */
export class CaseLists<A extends Supervisor = Supervisor> {
  readonly #options: CaseListsOptions<A>;
  readonly #categories: ReadonlyMap<string, Category>;
  readonly #maxRows: number;

  constructor(options: CaseListsOptions<A>) {
    this.#options = options;
    this.#categories = new Map(options.city.categories.map((category) => [category.code, category]));
    this.#maxRows = options.maxRows ?? maxListRows;
  }

  /**
   * Errors: `not_permitted` for whoever sees no cases, or asks by what they may not know; `list_too_long` with how many cases there are and how many
   * may be; `reports_busy`, `report_failed`.
   */
  async file(
    actor: A,
    format: ListFormat,
    { lang, ...query }: ListExportQuery,
    { address, signal }: { address: string; signal: AbortSignal },
  ): Promise<ListFile> {
    const { store, reachOf, clock, repeatDays, maker, audit } = this.#options;
    const view = viewOf(actor, reachOf);
    if (view === null) throw notPermitted();
    const nowMs = clock.nowMs();
    const filter = filterOf({ ...query, limit: batch }, actor, { reachOf, nowMs, repeatDays });
    const leave = maker.enter(actor.userId);
    try {
      const { byState } = await store.counts(view, filter, nowMs);
      const count = filter.state?.length === 0 ? 0 : [...byState.values()].reduce((sum, n) => sum + n, 0);
      if (count > this.#maxRows) {
        throw new AppError('too_large', 'list_too_long', { params: { count, most: this.#maxRows } });
      }
      const batches = this.#batches({ actor, view, filter, sort: query.sort, nowMs, language: lang, signal });
      const columns = columnsFor(view).map(({ head, width }) => ({ head: head[lang], width }));
      const trail = (written: number) =>
        audit({
          actor,
          address,
          action: 'incident.list_exported',
          subject: 'incidents',
          details: { format, rows: written, filter: words(query) },
        });
      const file = { name: `${fileNames[lang]}-${dateOf(nowMs)}.${format}`, type: types[format] };
      if (format === 'csv') {
        await trail(count);
        return { ...file, sizeBytes: null, bytes: csv(columns, batches, leave) };
      }
      let written = 0;
      async function* counted() {
        for await (const some of batches) {
          written += some.length;
          yield some;
        }
      }
      const task = { kind: 'xlsx', name: sheetNames[lang], columns, batches: counted() } as const;
      const bytes = await maker.make(task, signal);
      await trail(written);
      leave();
      return { ...file, sizeBytes: bytes.length, bytes: Readable.from([bytes], { objectMode: false }) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async *#batches(asked: Asked): AsyncGenerator<TableCell[][]> {
    const { store, city, reachOf } = this.#options;
    const { actor, view, filter, sort, nowMs, language, signal } = asked;
    if (filter.state?.length === 0) return;
    const columns = columnsFor(view);
    const context: CellContext = { language, categories: this.#categories };
    const present = { reachOf, calendar: city.calendar, nowMs };
    let after: IncidentPosition | null = null;
    for (let left = this.#maxRows; left > 0; left -= batch) {
      signal.throwIfAborted();
      const rows = await store.list(view, filter, sort, after, Math.min(batch, left));
      yield rows.map((row) => {
        const incident = presentFor(actor, row, present);
        return columns.map(({ cell }) => cell(incident, context));
      });
      const last = rows.at(-1);
      if (last === undefined || rows.length < batch) return;
      after = { dueAtMs: last.due_at_ms, createdAtMs: last.created_at_ms, id: last.id };
      // SQLite answers in the same turn: what waits goes first.
      await nextTurn();
    }
  }
}

interface Asked {
  actor: Supervisor;
  view: IncidentView;
  filter: IncidentFilter;
  sort: ListExportQuery['sort'];
  nowMs: number;
  language: ListExportQuery['lang'];
  signal: AbortSignal;
}

const columnsFor = (view: IncidentView) => caseColumns.filter(({ cityOnly }) => view === 'city' || cityOnly !== true);

/** As it is read and taken (RFC 4180, UTF-8 with a byte order mark, which Excel wants). What begins like a formula is made text by an apostrophe. */
function csv(columns: readonly { head: string }[], batches: AsyncGenerator<TableCell[][]>, end: () => void): Readable {
  async function* lines() {
    yield columns.map(({ head }) => head);
    for await (const rows of batches) {
      for (const row of rows) {
        yield row.map((cell) => (cell !== null && typeof cell === 'object' ? cell.wall : plain(cell)));
      }
    }
  }
  const stream = writeCsvStream(lines(), { bom: true, escapeFormulae: true, headers: false });
  const bytes = Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
  bytes.once('close', end);
  return bytes;
}

const plain = (cell: string | number | null) => (typeof cell === 'string' ? cellText(cell) : cell);

/** The filter as the address of the list says it. */
function words(query: Omit<ListExportQuery, 'lang'>): string {
  const said = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${String(value)}`],
  );
  return said.join('&').slice(0, 4000);
}
