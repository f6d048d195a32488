import type { SelfCheck, SelfCheckProgress } from '../../contracts/health.ts';
import { errorMessage } from '../../platform/errors.ts';
import type { Cleaner } from './cleaner.ts';
import { lookForFiles, mostAreMissing } from './missing-files.ts';
import type { OpenedIndex } from './open-index.ts';
import { facts } from './recovery.ts';
import { differencesThatHarm, lastDueMs, SelfChecker, type SelfCheckerParts } from './self-check.ts';

/** Where alarms go, and who knows which files are open: the recorder, once it is there. */
export interface ArchiveAlarms {
  raise(code: string, detail: string): void;
  clear(code: string): void;
  isOpen(path: string): boolean;
}

export interface ArchiveWatchParts extends Omit<SelfCheckerParts, 'isOpen'> {
  cleaner: Cleaner;
  rebuilt: OpenedIndex['rebuilt'];
  /** A self-check after every so many ms, instead of every night. */
  selfCheckEveryMs?: number | undefined;
}

export const archiveAlarms = {
  /** More than half of the files are not there: nothing is deleted until they are. */
  missingFiles: 'archive_missing_files',
  indexRebuilt: 'archive_index_rebuilt',
  differs: 'archive_differs',
  /** What is recorded waits for its row. */
  indexRefuses: 'archive_index_refuses',
} as const;

/** The self-check was first waited for then. */
const watchedFact = 'self_check_from_ms';
const lookEveryMs = 60_000;

/** Watches over what is recorded already: stops deletion when files are missing in number, checks the archive at night, and raises alarms. */
export class ArchiveWatch {
  readonly #parts: ArchiveWatchParts;
  readonly #checker: SelfChecker;
  readonly #stopping = new AbortController();
  #alarms: ArchiveAlarms | null = null;
  #missing: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #check: Promise<void> = Promise.resolve();
  #cancelling = new AbortController();

  constructor(parts: ArchiveWatchParts) {
    this.#parts = parts;
    this.#checker = new SelfChecker({ ...parts, isOpen: (path) => this.#alarms?.isOpen(path) ?? false });
  }

  get selfCheck(): SelfCheck | null {
    return this.#checker.result;
  }

  get progress(): SelfCheckProgress | null {
    return this.#checker.progress;
  }

  /** One self-check now, unless one is under way. */
  begin(): void {
    if (this.#checker.progress !== null || this.#stopping.signal.aborted) return;
    const { log } = this.#parts;
    this.#cancelling = new AbortController();
    const { signal: cancelled } = this.#cancelling;
    this.#check = this.#checker.run(AbortSignal.any([this.#stopping.signal, cancelled])).then(
      () => this.#tellDifferences(),
      (error) => {
        if (cancelled.aborted) log.info('the self-check was ended');
        else if (!this.#stopping.signal.aborted) log.error({ reason: errorMessage(error) }, 'the self-check failed');
      },
    );
  }

  async cancel(): Promise<void> {
    this.#cancelling.abort();
    await this.#check;
  }

  /** Before the first cleaning, and before every one while deletion is stopped: may anything be deleted? */
  async lookForFiles(): Promise<void> {
    const { roots, index, cleaner, log } = this.#parts;
    const found = await lookForFiles(roots(), index);
    const missing = mostAreMissing(found);
    if (missing !== (this.#missing !== null)) {
      log[missing ? 'error' : 'warn'](
        found,
        missing ? 'most recordings are missing: nothing is deleted' : 'recordings are back',
      );
    }
    this.#missing = missing ? `${found.missing} of ${found.looked} files that were looked for are missing` : null;
    cleaner.stopped = missing || index.fact(facts.holdsLost) === 1;
    this.#tellMissing();
  }

  /** Everything that must stay is held (again): what a damaged index forgot is known once more. */
  holdsKnown(): void {
    const { index, cleaner } = this.#parts;
    if (index.fact(facts.holdsLost) === 1) index.setFact(facts.holdsLost, 0);
    cleaner.stopped = this.#missing !== null;
  }

  async start(alarms: ArchiveAlarms): Promise<void> {
    const { index, clock, rebuilt, selfCheckEveryMs } = this.#parts;
    this.#alarms = alarms;
    if (rebuilt !== null) {
      const { rows, keptAs } = rebuilt.report;
      const kept = keptAs === null ? '' : `; the old index is kept as ${keptAs}`;
      alarms.raise(archiveAlarms.indexRebuilt, `${rebuilt.reason}: ${rows} files were indexed anew${kept}`);
    } else if (index.fact(facts.holdsLost) === 1) {
      alarms.raise(archiveAlarms.indexRebuilt, 'the index was made anew, and what must stay is not held again yet');
    }
    this.#tellMissing();
    if (index.fact(watchedFact) === null) index.setFact(watchedFact, clock.nowMs());
    await this.#checker.load();
    this.#tellDifferences();
    this.#timer = setInterval(() => this.#look(), Math.min(selfCheckEveryMs ?? lookEveryMs, lookEveryMs));
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#check;
  }

  #look(): void {
    const { index, clock, selfCheckEveryMs } = this.#parts;
    const nowMs = clock.nowMs();
    const lastMs = this.#checker.result?.startedMs ?? index.fact(watchedFact) ?? nowMs;
    if (selfCheckEveryMs === undefined ? lastMs >= lastDueMs(nowMs) : nowMs - lastMs < selfCheckEveryMs) return;
    this.begin();
  }

  #tellMissing(): void {
    if (this.#missing === null) this.#alarms?.clear(archiveAlarms.missingFiles);
    else this.#alarms?.raise(archiveAlarms.missingFiles, this.#missing);
  }

  #tellDifferences(): void {
    const { result } = this.#checker;
    if (result === null) return;
    if (differencesThatHarm(result) === 0) {
      this.#alarms?.clear(archiveAlarms.differs);
      return;
    }
    const kinds = Object.entries(result.kinds).map(([kind, count]) => `${kind} ${count}`);
    this.#alarms?.raise(archiveAlarms.differs, [...kinds, result.examples[0]?.path ?? ''].join(', '));
  }
}
