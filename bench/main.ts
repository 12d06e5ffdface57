import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { requireAgreement } from './agreement.ts';
import { type BenchDatabase, fillDatabase, openDatabase } from './database.ts';
import { measureLive } from './live.ts';
import { measureAll } from './measure.ts';
import { type Options, readOptions } from './options.ts';
import { printProfile, profileSide } from './profile.ts';
import { completeFindings } from './report/findings.ts';
import { writeReport } from './report/report.ts';
import { printFigures, summarise, writeJson } from './results.ts';
import { type Server, startServer, type World } from './server.ts';
import type { Side } from './sides.ts';
import { measureStall } from './stall.ts';

const servers: Server[] = [];
const databases: BenchDatabase[] = [];
// A signal ends the run like an error does: what was started is stopped.
const interruption = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => {
  throw new Error('Interrupted.');
});
try {
  await Promise.race([run(readOptions(process.argv.slice(2))), interruption]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(databases.map((database) => database.stop()));
}
process.exit();

async function run(options: Options): Promise<void> {
  const sides = await prepareAll(options.sides);
  const secret = randomBytes(48).toString('base64');
  const database = await openDatabase();
  databases.push(database);
  const postgres = await fillDatabase(database, secret, options);
  const world: World = { databaseUrl: database.url, secret, postgresPid: postgres.pid };
  if (options.isStall) return measureStall(sides[0] as Side, world, options);
  if (options.isLive) return measureLive(sides[0] as Side, world, options);
  if (options.profile) {
    const { side, operation } = options.profile;
    return printProfile(side, operation, await profileSide(side, operation, world, options));
  }
  await startAll(sides, world);
  noteLacks(options);
  await requireAgreement(servers, options);
  const results = await measureAll(servers, options);
  const figures = summarise(results);
  printFigures(figures);
  if (options.jsonFile) writeJson(options.jsonFile, figures);
  if (!options.reportFolder) return;
  const throughput = { options, servers, postgresVersion: postgres.version, results, figures };
  writeReport(options.reportFolder, await completeFindings(throughput, database, world));
  console.log(`\nWrote ${options.reportFolder}.`);
}

/** Leaves out what this machine has not got: Debian's packages, say. */
async function prepareAll(sides: readonly Side[]): Promise<Side[]> {
  const ready: Side[] = [];
  for (const side of sides) {
    try {
      await side.prepare?.();
      ready.push(side);
    } catch (error) {
      console.warn(`${side.name} is left out: ${(error as Error).message.trim().split('\n').at(-1)}`);
    }
  }
  return ready;
}

function noteLacks({ operations }: Options): void {
  for (const { side } of servers) {
    const lacking = operations.filter((operation) => side.lacks?.includes(operation));
    if (lacking.length > 0) console.log(`${side.name} is left out of ${lacking.join(', ')}, which it has not got`);
  }
}

async function startAll(sides: readonly Side[], world: World): Promise<void> {
  for (const side of sides) {
    const server = await startServer(side, world);
    servers.push(server);
    console.log(`${side.name} answers after ${server.startMilliseconds} ms`);
  }
}
