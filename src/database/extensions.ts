import type { EntityManager } from '@mikro-orm/postgresql';
import { StartError } from '../errors.ts';
import { firstLine } from './failures.ts';

/** Trigrams for the search, and an owner's id beside them in one index. */
export const extensions = ['pg_trgm', 'btree_gin'];

/**
 * Adds what the database lacks of them, before the migrations that need them. Both are trusted: who may create in the
 * database may add them, but for what providers allow.
 * @throws StartError that names them and says what an administrator has to run
 */
export async function addExtensions(em: EntityManager): Promise<void> {
  const rows = await em.execute<{ name: string; database: string }[]>(
    `select name, current_database() as database from unnest(array['${extensions.join("', '")}']) as name
     where name not in (select extname from pg_extension)`,
  );
  const missing = rows.map(({ name }) => name);
  if (missing.length === 0) return;
  const statements = missing.map((name) => `create extension if not exists ${name};`).join(' ');
  await em.execute(statements).catch((error) => {
    throw new StartError(
      `The database "${rows[0]?.database}" lacks the PostgreSQL extensions ${missing.join(' and ')}, and they could not be added (${firstLine(error)}).\n` +
        `Have an administrator run in it: ${statements}`,
    );
  });
}
