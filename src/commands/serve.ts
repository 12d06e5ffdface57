import { relative } from 'node:path';
import { type App, startApp } from '../app.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../observability/logger.ts';

/** Runs the server until SIGINT or SIGTERM, or until its own database ends. @returns the exit code */
export async function serve(config: Config): Promise<number> {
  const logger = createLogger(config.logLevel);
  // Listened to from the start: a signal during start-up must not leave a PostgreSQL behind.
  const signal = untilTold();
  const app = await startApp(config, logger);
  if (app.localPostgres) console.log(welcome(app, config));
  else logger.info({ url: app.url }, 'listening');

  const databaseEnded = new Promise<'ended'>((resolve) => app.localPostgres?.onUnexpectedEnd(() => resolve('ended')));
  const reason = await Promise.race([signal, databaseEnded]);
  if (reason === 'ended') {
    console.error(`The local PostgreSQL ended. What it said is in ${config.dataDir}/postgres.log.`);
  }
  await app.stop();
  return reason === 'ended' ? 1 : 0;
}

/** Listens on after the first one: under npm, Ctrl-C arrives twice, and the second must not cut the answers short. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => resolve());
  });
}

function welcome({ url, hasPage, localPostgres }: App, { dataDir }: Config): string {
  const endpoint = `${url}/graphql`;
  const query = JSON.stringify({
    query: 'mutation { signup(input: { email: "ada@example.com", password: "correct horse" }) { accessToken } }',
  });
  return [
    ...(hasPage ? [`Open ${url}/ in a browser, and sign up.`] : []),
    `todoql is ready at ${endpoint}`,
    '',
    hasPage ? 'Or make an account from here:' : 'Make an account:',
    `  curl ${endpoint} -H 'content-type: application/json' -d '${query}'`,
    '',
    localPostgres?.systemFolder
      ? `Data: PostgreSQL does not run as root, so its programs and data are kept under ${localPostgres.systemFolder}.`
      : `Data: ${relative('', dataDir) || dataDir}, kept between starts.`,
    'Stop with Ctrl-C.',
  ].join('\n');
}
