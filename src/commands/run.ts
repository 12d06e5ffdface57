import { environment, loadConfig } from '../config.ts';
import { StartError } from '../errors.ts';

const usage = `Usage: npm start [-- COMMAND]

  serve             run the server (the default)
  migrate           bring the database's schema up to date
  migrate --check   exit with 1 if the database is not up to date
  schema            write schema.graphql
  schema --check    exit with 1 if schema.graphql is not up to date`;

/** Runs the command that the arguments name. @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const line = args.join(' ') || 'serve';
  try {
    switch (line) {
      case 'serve':
        return await (await import('./serve.ts')).serve(loadConfig(environment()));
      case 'migrate':
        return await (await import('./migrate.ts')).runMigrations(loadConfig(environment()));
      case 'migrate --check':
        return await (await import('./migrate.ts')).checkMigrations(loadConfig(environment()));
      case 'schema':
        return (await import('./schema.ts')).writeSchema();
      case 'schema --check':
        return (await import('./schema.ts')).checkSchema();
      case 'help':
      case '--help':
        console.log(usage);
        return 0;
      default:
        throw new StartError(`There is no command "${line}".\n\n${usage}`);
    }
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    return 1;
  }
}
