import type { Sessions } from '../access/sessions.ts';
import { AppError } from '../platform/errors.ts';
import type { Exchange } from './exchange.ts';

/** Two walls of 16 tiles keep a hundred media requests open, most of them waiting; far more is no person. */
export const mostAnswers = 256;

/** The media requests that are being answered, by session: no session has too many, and what is being sent ends when its session does. */
export class SessionAnswers {
  readonly #open = new Map<string, Set<Exchange>>();

  constructor(sessions: Pick<Sessions, 'on'>) {
    sessions.on('ended', ({ sessionId }) => {
      // Who still waits for an answer is told 401 then.
      for (const exchange of this.#open.get(sessionId) ?? []) if (exchange.begun) exchange.cut();
    });
  }

  /** Counts a request until it is closed. Errors: `media_busy`. */
  add(sessionId: string, exchange: Exchange): void {
    let open = this.#open.get(sessionId);
    if (open === undefined) {
      open = new Set();
      this.#open.set(sessionId, open);
    }
    if (open.size >= mostAnswers) {
      throw new AppError('too_many', 'media_busy', { params: { retryAfterSeconds: 1 } });
    }
    const answers = open;
    answers.add(exchange);
    exchange.onClose(() => {
      answers.delete(exchange);
      if (answers.size === 0 && this.#open.get(sessionId) === answers) this.#open.delete(sessionId);
    });
  }
}
