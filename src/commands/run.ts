import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, environment, loadConfig } from '../config.ts';
import { StartError } from '../errors.ts';
import { locateFrames } from '../observability/source-frames.ts';
import { commandLine, packageFolder } from '../settings/command-line.ts';
import { readArguments, readCount, UsageError } from './arguments.ts';

const usage = `Usage: ${commandLine('COMMAND')}

  serve                 run the server (the default)
  health                exit with 1 if the server on HOST and PORT cannot serve requests
  migrate               bring the database's schema up to date
  migrate --check       exit with 1 if the database is not up to date
  schema [--check]      write schema.graphql, or exit with 1 if it is not up to date
  seed                  create a demo account, and print how to log in
  seed --users N        create user1@example.com to userN@example.com, with 100 tasks each, or --tasks-per-user M
  import-users FILE     add accounts with bcrypt hashes from a CSV file or JSON lines
  users find [TEXT]     list the newest accounts, or those with the text in their e-mail address
  users create EMAIL | disable USER | enable USER | end-sessions USER | set-password USER
                        manage accounts; USER is an e-mail address or an id, or --all for end-sessions
  test-mail EMAIL       send a mail, to check the settings of the mail server
  work                  do background work (jobs) without serving, next to servers with JOBS=off
  jobs [retry ID]       list the jobs that wait, run or have failed, and why; or run one of them again
  new-epoch             after a restore from a backup: have clients sync their copies of the data anew
  reset                 remove the local database and secret
  new FOLDER [--no-web] make a project of your own from these sources, without web/ if you say so
  --version             print the version

With DATABASE_URL, seed asks for confirmation, because its password is publicly known. reset asks, and so do
users disable, end-sessions and set-password. --yes confirms.`;

/** Runs the command that the arguments name. @returns the exit code */
export async function run([name = 'serve', ...args]: readonly string[]): Promise<number> {
  try {
    if ([name, ...args].some((arg) => /^(--help|-h)$/.test(arg)) || name === 'help') {
      console.log(usage);
      return 0;
    }
    if (name === '--version') {
      console.log(version());
      return 0;
    }
    return await runCommand(name, args);
  } catch (error) {
    if (error instanceof UsageError)
      console.error(`The command ${name} ${error.message}.\nSee: ${commandLine('help')}`);
    else if (error instanceof StartError) console.error(error.message);
    else {
      if (error instanceof Error) error.stack = locateFrames(error.stack ?? '');
      throw error;
    }
    return 1;
  }
}

function version(): string {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
}

const flag = { type: 'boolean', default: false } as const;
const text = { type: 'string' } as const;

const config = (): Config => loadConfig(environment());

/** Loads the code of the called command only: the schema, for example, needs no database driver. */
async function runCommand(name: string, args: string[]): Promise<number> {
  switch (name) {
    case 'serve': {
      readArguments(args, {});
      // Read before the server's code is loaded, so that mistakes in settings are reported at once.
      const settings = config();
      return (await import('./serve.ts')).serve(settings);
    }
    case 'health': {
      readArguments(args, {});
      return (await import('./health.ts')).checkHealth(config());
    }
    case 'migrate': {
      const { check } = readArguments(args, { check: flag }).values;
      const { checkMigrations, runMigrations } = await import('./migrate.ts');
      return check ? checkMigrations(config()) : runMigrations(config());
    }
    case 'schema': {
      const { check } = readArguments(args, { check: flag }).values;
      const { checkSchema, writeSchema } = await import('./schema.ts');
      return check ? checkSchema() : writeSchema();
    }
    case 'seed':
      return runSeed(args);
    case 'import-users': {
      const [file = ''] = readArguments(args, {}, ['FILE']).operands;
      return (await import('./import-users.ts')).importUsers(config(), file);
    }
    case 'users':
      return (await import('./users/users.ts')).users(config, args);
    case 'test-mail': {
      const [address = ''] = readArguments(args, {}, ['EMAIL']).operands;
      return (await import('./test-mail.ts')).testMail(config(), address);
    }
    case 'work': {
      readArguments(args, {});
      const settings = config();
      return (await import('./jobs/work.ts')).work(settings);
    }
    case 'jobs':
      return runJobs(args);
    case 'new-epoch': {
      readArguments(args, {});
      return (await import('./new-epoch.ts')).newEpoch(config());
    }
    case 'reset': {
      const { yes } = readArguments(args, { yes: flag }).values;
      return (await import('./reset.ts')).reset(config(), yes);
    }
    case 'new': {
      const { values, operands } = readArguments(args, { 'no-web': flag }, ['FOLDER']);
      return (await import('./new/new-project.ts')).newProject(operands[0] ?? '', !values['no-web']);
    }
    default:
      throw new StartError(`There is no command "${name}".\n\n${usage}`);
  }
}

async function runJobs(args: string[]): Promise<number> {
  const { listJobs, retryJob } = await import('./jobs/jobs.ts');
  if (args[0] === undefined) return listJobs(config());
  if (args[0] !== 'retry') throw new UsageError(`has no subcommand "${args[0]}", only retry`);
  const [id = ''] = readArguments(args.slice(1), {}, ['ID']).operands;
  return retryJob(config(), id);
}

async function runSeed(args: string[]): Promise<number> {
  const { values } = readArguments(args, { users: text, 'tasks-per-user': text, yes: flag });
  const { users, 'tasks-per-user': tasks, yes } = values;
  if (users === undefined) {
    if (tasks !== undefined) throw new UsageError('needs --users with --tasks-per-user');
    return (await import('./seed/seed.ts')).seed(config(), yes);
  }
  const size = { users: readCount('--users', users), tasksPerUser: readCount('--tasks-per-user', tasks ?? '100') };
  return (await import('./seed/seed-bulk.ts')).seedBulk(config(), size, yes);
}
