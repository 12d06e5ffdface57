import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from './migrations.ts';

// From src/database/ and from dist/server/ alike. Where only dist/ was taken along, there is none.
const folder = join(import.meta.dirname, '../../src/database/migrations');

/**
 * What is wrong with the list of migrations, beside the files and the database: a sentence for each of them that it lacks.
 * @param applied the names of those that ran
 */
export function unlistedMigrations(applied: readonly string[]): string[] {
  return [...forgottenMigrations(), ...unknownMigrations(applied)];
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
function unknownMigrations(applied: readonly string[]): string[] {
  const known = new Set(migrations.map(({ name }) => name));
  if (applied.length > 0 && !applied.some((name) => known.has(name))) {
    return [
      'The database has migrations of another program. Give todoql a schema of its own: add ?schema=NAME to DATABASE_URL.',
    ];
  }
  return applied
    .filter((name) => !known.has(name))
    .map((name) => `The database has ${name}, which this todoql does not know. Start the version that made it.`);
}
