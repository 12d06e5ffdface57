import { type DestinationStream, type LogFn, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { requestScope } from './request-scope.ts';
import { locateFrames } from './source-frames.ts';

export type { Logger };

/** Writes JSON lines with the id of the request. Callers never pass a body, header, variable or SQL. */
export function createLogger(level: Config['logLevel'], destination: LogDestination = standardOutput()): Logger {
  const frames = new Map<string, string>();
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error, frames) },
    mixin: () => {
      const scope = requestScope();
      return scope ? { requestId: scope.requestId } : {};
    },
    hooks: {
      logMethod(args: Parameters<LogFn>, method: LogFn, number: number) {
        method.apply(this, args);
        // An error may be the last line of the program.
        if (number >= warning) destination.flush?.();
      },
    },
  };
  return pino(options, destination);
}

/** Characters kept while they cannot be written; further lines are dropped. */
const maximumKept = 1_000_000;

type LogDestination = DestinationStream & { flush?(): void };

/** pino's number for `warn`. */
const warning = 40;

/**
 * Lines are buffered for a moment: writing each one would be the most expensive part of a small request. Written
 * synchronously: if nothing reads them any more, pino would retry the last asynchronous lines for ever.
 */
function standardOutput(): LogDestination {
  const output = pino.destination({
    dest: 1,
    minLength: 8_192,
    maxLength: maximumKept,
    periodicFlush: 250,
    sync: true,
  });
  // A full disk, for example, ends the log and not the server. What cannot be written is tried again with later lines.
  output.on('error', () => {});
  process.once('exit', () => output.flush());
  return output;
}

interface DatabaseError extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly severity?: string;
}

/** Class 42: a missing or forbidden column or table. Its messages contain only names, except for three that quote values. */
const namesNoValue = /^42(?!601|602|622)/;

/** An error in a form that may be logged: most messages of PostgreSQL repeat values, and are omitted. */
function describeError(error: unknown, known: Map<string, string>): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack = '', cause } = error;
  const { code } = error as DatabaseError;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: name,
    ...(isFromDatabase(code) ? describeDatabaseError(error) : { message, code }),
    stack: locateFrames(frames.join('\n'), known),
    ...(cause === undefined ? {} : { cause: describeError(cause, known) }),
  };
}

function describeDatabaseError(error: DatabaseError): Record<string, unknown> {
  const { code = '', constraint, table, message, severity } = error;
  const described = { code, constraint, table };
  // The first line, because the ORM adds details and hints. A fatal error is about the connection, role and database.
  return namesNoValue.test(code) || severity === 'FATAL'
    ? { ...described, message: message.split('\n', 1)[0] }
    : described;
}

/** SQLSTATE codes are five digits or capital letters; nothing else in this program uses codes of that form. */
function isFromDatabase(code: unknown): boolean {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}
