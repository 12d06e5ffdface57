import { type DestinationStream, type LogFn, type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';
import { requestScope } from './request-scope.ts';
import { SourceFrames } from './source-frames.ts';

export type { Logger };

/**
 * JSON lines, each with the id of the request that it belongs to. Nothing that a user typed is ever handed to it: no
 * body, header, variable or SQL.
 * @param destination where the lines go; standard output unless given
 */
export function createLogger(level: LogLevel, destination: LogDestination = standardOutput()): Logger {
  const sources = new SourceFrames();
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error, sources) },
    mixin: () => {
      const scope = requestScope();
      return scope ? { requestId: scope.requestId } : {};
    },
    hooks: {
      logMethod(args: Parameters<LogFn>, method: LogFn, number: number) {
        method.apply(this, args);
        // What went wrong may be the last that the program says.
        if (number >= warning) destination.flushSync?.();
      },
    },
  };
  return pino(options, destination);
}

/** pino's number for `warn`. */
const warning = 40;

interface LogDestination extends DestinationStream {
  flushSync?(): void;
}

/**
 * Lines are gathered for a moment: writing each by itself is the most costly part of a small request. pino writes what
 * is left when the process ends.
 */
function standardOutput(): LogDestination {
  return pino.destination({ dest: 1, minLength: 8_192, periodicFlush: 250 });
}

interface DatabaseError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
}

/**
 * An error as it may be logged. PostgreSQL's and the ORM's messages repeat values, and the ORM's the whole statement, so
 * of those only what names no value is kept; the stack's frames show where it happened.
 */
function describeError(error: unknown, sources: SourceFrames): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack = '', cause } = error;
  const { code, constraint, table } = error as DatabaseError;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: name,
    ...(isFromDatabase(error) ? { code, constraint, table } : { message, code }),
    stack: sources.locate(frames.join('\n')),
    ...(cause === undefined ? {} : { cause: describeError(cause, sources) }),
  };
}

/** SQLSTATE codes are five digits or capital letters; nothing else in this program uses codes of that form. */
function isFromDatabase(error: DatabaseError): boolean {
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code);
}
