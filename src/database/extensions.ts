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
  const names = extensions.map((name) => `'${name}'`).join(', ');
  const present = await em.execute<{ name: string }[]>(
    `select extname as name from pg_extension where extname in (${names})`,
  );
  const missing = extensions.filter((name) => !present.some((extension) => extension.name === name));
  if (missing.length === 0) return;
  const statements = missing.map((name) => `create extension if not exists ${name};`).join(' ');
  const [{ database } = { database: '' }] = await em.execute<{ database: string }[]>(
    'select current_database() as database',
  );
  try {
    await em.execute(statements);
  } catch (error) {
    throw new StartError(
      `The database "${database}" lacks the PostgreSQL extensions ${missing.join(' and ')}, and they could not be added (${firstLine(error)}).\n` +
        `Have an administrator run in it: ${statements}`,
    );
  }
}
