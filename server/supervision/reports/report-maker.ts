import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import type { Paper } from './paper.ts';
import type { Table, TableCell } from './sheet.ts';

/** What is made of what. Rows come in batches, so that handing them over takes no long turn. */
export type ReportTask =
  | { kind: 'pdf'; paper: Paper }
  | ({ kind: 'xlsx'; batches: AsyncIterable<TableCell[][]> } & Omit<Table, 'rows'>);
/** What the thread is told: rows that belong to the workbook to come, then what to make. */
export type ReportOrder =
  | { kind: 'rows'; rows: TableCell[][] }
  | { kind: 'pdf'; paper: Paper }
  | ({ kind: 'xlsx' } & Omit<Table, 'rows'>);
export type ReportAnswer = { bytes: Uint8Array<ArrayBuffer> } | { failure: string };

export interface ReportMakerOptions {
  log: Logger;
  /** Reports under way at once, of everybody and of one person; who asks for more is told to try again. */
  most?: number;
  mostOfOne?: number;
  /** One that takes longer is given up; 30 s when left out. */
  withinMs?: number;
  /** Heap of the thread; 256 MB when left out. */
  heapMb?: number;
}

/** The thread and its memory go when nothing was made for so long. */
const idleMs = 60_000;

/**
 * Makes PDFs and workbooks one after the other in a thread of its own, which has less priority than the rest of the server, a limit of memory and a
 * limit of time: whatever is printed, live pictures and recording go on.
 */
export class ReportMaker {
  readonly #options: Required<ReportMakerOptions>;
  readonly #people = new Map<string, number>();
  #underWay = 0;
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({ log, most = 6, mostOfOne = 2, withinMs = 30_000, heapMb = 256 }: ReportMakerOptions) {
    this.#options = { log, most, mostOfOne, withinMs, heapMb };
  }

  /** A place among the reports that are under way, to be given back by the returned function. Errors: `reports_busy` (try again). */
  enter(personId: string): () => void {
    const own = this.#people.get(personId) ?? 0;
    if (this.#underWay >= this.#options.most || own >= this.#options.mostOfOne) {
      throw new AppError('unavailable', 'reports_busy');
    }
    this.#underWay += 1;
    this.#people.set(personId, own + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#underWay -= 1;
      const rest = (this.#people.get(personId) ?? 1) - 1;
      if (rest === 0) this.#people.delete(personId);
      else this.#people.set(personId, rest);
    };
  }

  /**
   * Errors: `report_failed`, also for one that took too long or too much memory; those of the rows; the signal's reason, before its turn has come.
   */
  make(task: ReportTask, signal: AbortSignal): Promise<Uint8Array> {
    const made = this.#turn.then(() => {
      signal.throwIfAborted();
      return this.#run(task, signal);
    });
    this.#turn = made.catch(() => {});
    return made;
  }

  /** Ends the thread, whatever it is doing. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
  }

  async #run(task: ReportTask, signal: AbortSignal): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const worker = this.#start();
    const { withinMs, log } = this.#options;
    const over = new AbortController();
    try {
      const answer = await Promise.race([
        answerOf(worker, task),
        sleep(withinMs, undefined, { signal: over.signal }).then(() => {
          throw new Error(`not made within ${withinMs} ms`);
        }),
      ]);
      if ('bytes' in answer) return answer.bytes;
      throw new Error(answer.failure);
    } catch (cause) {
      await this.#end();
      if (cause instanceof AppError || (signal.aborted && cause === signal.reason)) throw cause;
      log.error({ err: cause, kind: task.kind }, 'a report could not be made');
      throw new AppError('internal', 'report_failed', { cause });
    } finally {
      over.abort();
      if (this.#worker !== undefined) {
        this.#idle = setTimeout(() => void this.#end(), idleMs).unref();
      }
    }
  }

  #start(): Worker {
    if (this.#stopped) throw new AppError('unavailable', 'reports_busy');
    this.#worker ??= new Worker(new URL('./report-worker.ts', import.meta.url), {
      name: 'reports',
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb },
    });
    return this.#worker;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** Errors: whatever ended the thread. */
function answerOf(worker: Worker, task: ReportTask): Promise<ReportAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      end();
    };
    const onMessage = (answer: ReportAnswer) => settle(() => resolve(answer));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (status: number) => settle(() => reject(new Error(`the thread ended with ${status}`)));
    worker.once('message', onMessage).once('error', onError).once('exit', onExit);
    worker.ref();
    order(worker, task).catch((error: unknown) => settle(() => reject(error)));
  });
}

/** Errors: those of the rows. */
async function order(worker: Worker, task: ReportTask): Promise<void> {
  const tell = (told: ReportOrder) => worker.postMessage(told);
  if (task.kind === 'pdf') return tell(task);
  const { batches, ...workbook } = task;
  for await (const rows of batches) tell({ kind: 'rows', rows });
  tell(workbook);
}
