import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from './migrations.ts';
import type { Orm } from './orm.ts';

// From src/database/ and from dist/server/ alike. Where only dist/ was taken along, there is none.
const folder = join(import.meta.dirname, '../../src/database/migrations');

/** What is wrong with the list of migrations, beside the files and the database: a sentence for each of them that it lacks. */
export async function unlistedMigrations(orm: Orm): Promise<string[]> {
  return [...forgottenMigrations(), ...(await unknownMigrations(orm))];
}

/** Migrations that were written and would never run, since the list, which the program is built from, lacks them. */
function forgottenMigrations(): string[] {
  if (!existsSync(folder)) return [];
  const list = readFileSync(`${folder}.ts`, 'utf8');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !list.includes(file))
    .map((file) => `src/database/migrations/${file} is not in the list in src/database/migrations.ts. Add it there.`);
}

/** Migrations that ran and that this program does not know: a newer one made tables that this one would misread. */
async function unknownMigrations(orm: Orm): Promise<string[]> {
  const known = new Set(migrations.map(({ name }) => name));
  return (await orm.migrator.getExecuted())
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => `The database has ${name}, which this todoql does not know. Start the version that made it.`);
}
