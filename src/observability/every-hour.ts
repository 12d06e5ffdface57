import type { Logger } from './logger.ts';

/** Milliseconds between two runs. A day late would still be in time; an hour makes the figures in the docs true. */
const interval = 3_600_000;

/**
 * Does `work` now and every hour, never twice at once. A failure is logged, and the next hour tries again.
 * @returns stops it, when what is running has ended
 */
export function everyHour(work: () => Promise<unknown>, logger: Logger, failure: string): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    running = running.then(work).catch((error: unknown) => logger.error({ err: error }, failure));
  };
  run();
  const timer = setInterval(run, interval);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
