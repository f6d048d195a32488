import { createHash } from 'node:crypto';
import {
  type CalendarContent,
  type CalendarRow,
  type CalendarState,
  type ChangeCalendarRow,
  calendarContent,
} from '../../contracts/calendar.ts';
import { canonicalJson } from '../../platform/canonical-json.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../platform/errors.ts';
import { Events } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { type CalendarRowRecord, CalendarStore } from '../../storage/calendar.store.ts';
import type { Database, Queries } from '../../storage/database.ts';
import type { City } from '../city.ts';
import { dateOf, plainDateOf } from '../local-time.ts';
import { auditOf, type CalendarAuditRecord, type ChangedBy, type KnownRow, type RowChange } from './changes.ts';
import { rowsOfFile } from './file-rows.ts';
import { judgeRows } from './judge.ts';
import { calendarAlarms, compileRules } from './rules.ts';

export interface WorkingCalendarOptions<R> {
  database: Database;
  /** `calendar` is the object that deadlines and recording hours hold; its content is replaced. */
  city: Pick<City, 'calendar' | 'calendarFile' | 'units'>;
  clock: Clock;
  log: Logger;
  audit: (record: CalendarAuditRecord<R>, within: Queries) => Promise<unknown>;
}

export interface CalendarEvents {
  changed: { version: number };
}

/**
 * The rows of the calendar as the administrator keeps them in the database. The city's file is taken over once, when there is nothing
 * yet; afterwards the database holds, and another content of the file is only told. Every change names the version that it was decided
 * on, is judged together with all other rows, and is in force for everybody when it is answered.
 */
export class WorkingCalendar<R> extends Events<CalendarEvents> {
  readonly #options: WorkingCalendarOptions<R>;
  readonly #store: CalendarStore;
  #rows: readonly KnownRow[] = [];
  #version = 0;
  #file = { takenAtMs: 0, changedSince: false };
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  private constructor(options: WorkingCalendarOptions<R>) {
    super(options.log);
    this.#options = options;
    this.#store = new CalendarStore(options.database.kysely);
  }

  /** Reads the calendar, taking the city's file over where there is none yet. */
  static async open<R>(options: WorkingCalendarOptions<R>): Promise<WorkingCalendar<R>> {
    const opened = new WorkingCalendar(options);
    await opened.#open();
    return opened;
  }

  /** Looks from now on whether another server has changed the calendar, twice a minute; `stop` ends it. */
  follow(everyMs = 30_000): void {
    this.#timer = setInterval(() => {
      this.refresh().catch((error) => this.#options.log.error({ err: error }, 'the calendar could not be looked at'));
    }, everyMs).unref();
  }

  /** Ends the looks; one that is under way is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  /** Takes over what another server has changed, if it has: else one row is read. */
  refresh(): Promise<void> {
    const turn = this.#turn.then(async () => {
      const state = await this.#store.state();
      if (state !== undefined && state.version !== this.#version) await this.#read();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  get version(): number {
    return this.#version;
  }

  /** In the order in which they were entered. */
  get rows(): readonly KnownRow[] {
    return this.#rows;
  }

  /** What is entered, and what is not; the rows are all rows. */
  state(): CalendarState {
    const today = dateOf(this.#options.clock.nowMs());
    return {
      version: this.#version,
      rows: this.#rows.map(toRow),
      alarms: this.alarms(),
      file: this.#file,
      today,
    };
  }

  alarms(): CalendarState['alarms'] {
    return calendarAlarms(
      this.#rows.map(({ content }) => content),
      dateOf(this.#options.clock.nowMs()),
    );
  }

  /** Errors: `unit_unknown`, `calendar_full`, `calendar_days_uncovered`, `calendar_no_work`, `version_conflict`. */
  async add(content: CalendarContent, by: ChangedBy<R>): Promise<CalendarRow> {
    const [row] = await this.change(() => [{ before: null, after: content, uid: null }], by, 'calendar.added');
    if (row === undefined) throw new RangeError('nothing was added');
    return row;
  }

  /** Errors: `calendar_row_unknown`, `calendar_kind_fixed`, and those of `add`. */
  async put(id: string, { version, content }: ChangeCalendarRow, by: ChangedBy<R>): Promise<CalendarRow> {
    const plan = () => {
      const before = this.#at(id, version);
      if (before.content.kind !== content.kind) throw new AppError('invalid', 'calendar_kind_fixed');
      return [{ before, after: content, uid: before.uid }];
    };
    const [row] = await this.change(plan, by, 'calendar.changed');
    if (row === undefined) throw new RangeError('nothing was changed');
    return row;
  }

  /** Errors: those of `put`. */
  async remove(id: string, version: number, by: ChangedBy<R>): Promise<void> {
    await this.change(() => [{ before: this.#at(id, version), after: null, uid: null }], by, 'calendar.removed');
  }

  /**
   * Several rows at once, all or none; `plan` is asked when it is this change's turn. Returns the rows that were put in or changed.
   * Errors: those of `add` and of `plan`.
   */
  change(plan: () => RowChange[], by: ChangedBy<R>, action: CalendarAuditRecord<R>['action']): Promise<CalendarRow[]> {
    const turn = this.#turn.then(() => this.#change(plan(), by, action));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #change(
    changes: RowChange[],
    by: ChangedBy<R>,
    action: CalendarAuditRecord<R>['action'],
  ): Promise<CalendarRow[]> {
    if (changes.length === 0) return [];
    const version = this.#version + 1;
    const changedAtMs = this.#options.clock.nowMs();
    const made: KnownRow[] = [];
    const next = new Map(this.#rows.map((row) => [row.id, row]));
    let last = this.#rows.at(-1)?.position ?? 0;
    for (const { before, after, uid } of changes) {
      if (after === null) {
        if (before !== null) next.delete(before.id);
        continue;
      }
      const position = before?.position ?? ++last;
      const row = { id: before?.id ?? newId(), version, changedAtMs, content: after, uid, position };
      made.push(row);
      next.set(row.id, row);
    }
    const rows = [...next.values()];
    const { city, clock } = this.#options;
    judgeRows(
      rows,
      changes.flatMap(({ after }) => after ?? []),
      city.units,
      plainDateOf(clock.nowMs()),
    );
    const fresh = await this.#options.database.kysely.transaction().execute(async (trx) => {
      if (!(await this.#store.advance(this.#version, trx))) return false;
      const known = new Set(this.#rows.map(({ id }) => id));
      const records = made.map(toRecord);
      await this.#store.insert(
        records.filter(({ id }) => !known.has(id)),
        trx,
      );
      for (const record of records) if (known.has(record.id)) await this.#store.update(record, trx);
      for (const { before, after } of changes) if (after === null && before) await this.#store.remove(before.id, trx);
      for (const record of auditOf(changes, made, by, action)) await this.#options.audit(record, trx);
      return true;
    });
    if (!fresh) {
      await this.#read();
      throw new AppError('conflict', 'version_conflict', { params: { version: this.#version } });
    }
    this.#set(rows, version);
    return made.map(toRow);
  }

  #at(id: string, version: number): KnownRow {
    const row = this.#rows.find((known) => known.id === id);
    if (row === undefined) throw new AppError('not_found', 'calendar_row_unknown');
    if (row.version !== version) {
      throw new AppError('conflict', 'version_conflict', { params: { version: row.version } });
    }
    return row;
  }

  async #open(): Promise<void> {
    const { city, clock, database, log, audit } = this.#options;
    const contents = rowsOfFile(city.calendarFile);
    const hash = createHash('sha256').update(canonicalJson(contents)).digest('hex');
    const known = await this.#store.state();
    if (known === undefined) {
      const nowMs = clock.nowMs();
      const records = contents.map((content, position) =>
        toRecord({ id: newId(), version: 1, changedAtMs: nowMs, content, uid: null, position }),
      );
      await database.kysely.transaction().execute(async (trx) => {
        await this.#store.begin({ version: 1, file_hash: hash, file_taken_at_ms: nowMs }, trx);
        await this.#store.insert(records, trx);
        const details = { rows: records.length, sha256: hash };
        const action = 'calendar.taken_from_file';
        await audit({ actor: 'system', address: '', action, subject: 'calendar', details }, trx);
      });
    }
    await this.#read();
    this.#file = { ...this.#file, changedSince: known !== undefined && known.file_hash !== hash };
    if (this.#file.changedSince) {
      log.warn(
        'the calendar file of the city has changed since it was taken over: the database holds, the file is not read again',
      );
    }
    for (const { year } of this.alarms()) log.warn({ year }, 'no holidays are entered for this year');
  }

  async #read(): Promise<void> {
    const state = await this.#store.state();
    const records = await this.#store.rows();
    if (state === undefined) throw new RangeError('the calendar was never begun');
    this.#file = { ...this.#file, takenAtMs: state.file_taken_at_ms };
    this.#set(
      records.map(({ id, version, changed_at_ms: changedAtMs, uid, position, content }) => ({
        id,
        version,
        changedAtMs,
        uid,
        position,
        content: calendarContent.parse(JSON.parse(content)),
      })),
      state.version,
    );
  }

  #set(rows: readonly KnownRow[], version: number): void {
    const { calendar, units } = this.#options.city;
    const begun = this.#version > 0;
    this.#rows = rows;
    this.#version = version;
    calendar.replace(compileRules(rows, units.list()), version);
    if (begun) this.emit('changed', { version });
  }
}

function toRow({ id, version, changedAtMs, content }: KnownRow): CalendarRow {
  return { id, version, changedAtMs, content };
}

function toRecord({ id, version, changedAtMs, content, uid, position }: KnownRow): CalendarRowRecord {
  return {
    id,
    kind: content.kind,
    content: JSON.stringify(content),
    uid,
    position,
    version,
    changed_at_ms: changedAtMs,
  };
}
