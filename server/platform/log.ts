import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on standard error; credentials are never passed to it, and what might carry them is censored all the same. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['password', 'token', 'cookie', '*.password', '*.token', '*.cookie', 'req.headers.cookie'],
        censor: '[hidden]',
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}

export const silentLogger: Logger = pino({ level: 'silent' });
