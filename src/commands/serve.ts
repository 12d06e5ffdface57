import { relative } from 'node:path';
import { type App, startApp } from '../app.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../observability/logger.ts';
import { productName } from '../product-name.ts';
import { commandLine } from '../settings/command-line.ts';

/** Runs the server until SIGINT or SIGTERM, or until its own database ends. @returns the exit code */
export async function serve(config: Config): Promise<number> {
  const logger = createLogger(config.logLevel);
  // If nothing reads its output any more, it continues to serve, and stops in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Listened to from the start: a signal during start-up must not leave a PostgreSQL behind.
  const signal = untilSignal();
  const app = await startApp(config, logger);
  if (app.localPostgres) console.log(welcome(app, config));
  else logger.info({ url: app.url }, 'listening');

  const reason = await Promise.race([signal, app.localPostgres?.ended ?? signal]);
  if (reason === 'ended') {
    console.error(`The local PostgreSQL ended. What it said is in ${config.dataDir}/postgres.log.`);
  } else if (app.localPostgres) {
    console.log('Stopping: requests under way are answered first. Ctrl-C again ends at once.');
  } else {
    logger.info({ signal: reason }, 'stopping: requests under way are answered first');
  }
  await app.stop();
  const code = reason === 'ended' ? 1 : 0;
  // A connection to a database that does not answer stays open, and would keep the process alive.
  setTimeout(() => process.exit(code), 1_000).unref();
  return code;
}

/** Milliseconds within which another signal is ignored: under npm, Ctrl-C arrives twice. */
const sameSignal = 1_000;

/** Resolves with the first signal; a later one ends the process at once. */
function untilSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let first: number | undefined;
  const hear = (signal: NodeJS.Signals): void => {
    first ??= performance.now();
    if (performance.now() - first > sameSignal) process.exit(1);
    resolve(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  return promise;
}

function welcome({ url, hasPage, localPostgres }: App, { dataDir, signup }: Config): string {
  const endpoint = `${url}/graphql`;
  return [
    ...(hasPage ? [`Open ${url}/ in a browser, and sign ${signup ? 'up' : 'in'}.`] : []),
    `${productName} is ready at ${endpoint}`,
    '',
    hasPage && signup ? 'Or make an account from here:' : 'Make an account:',
    `  ${signup ? signUpCommand(endpoint) : commandLine('users create ada@example.com')}`,
    '',
    localPostgres?.systemFolder
      ? `Data: PostgreSQL does not run as root, so its programs and data are kept under ${localPostgres.systemFolder}.`
      : `Data: ${relative('', dataDir) || dataDir}, kept between starts.`,
    'Stop with Ctrl-C.',
  ].join('\n');
}

function signUpCommand(endpoint: string): string {
  const query = JSON.stringify({
    query: 'mutation { signup(input: { email: "ada@example.com", password: "correct horse" }) { accessToken } }',
  });
  return `curl ${endpoint} -H 'content-type: application/json' -d '${query}'`;
}
