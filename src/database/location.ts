import pg from 'pg';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { migrations } from './migrations.ts';
import { squashedMigrations } from './squashed-migrations.ts';

/** For an index of the search with trigrams and the owner's id. */
export const extensions = ['pg_trgm', 'btree_gin'];

/** Where the tables are, or will be. */
export interface Location {
  /** The database's real name; a pooler may use another one. */
  readonly database: string;
  readonly schema: string;
  /** For `set search_path`: that schema, then those of the extensions. */
  readonly searchPath: string;
}

/** The location in a database with default settings. */
export const defaultLocation: Location = { database: 'todoql', schema: 'public', searchPath: 'public' };

/** What a database reports about itself. */
export interface DatabaseFacts {
  readonly role: string;
  readonly database: string;
  readonly version: number;
  readonly versionText: string;
  readonly encoding: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly replicationRole: string;
  readonly backend: number;
  /** The search path of a new session: its text, and its existing schemas. */
  readonly searchPath: string;
  readonly schemas: readonly string[];
  /** Whether `options` in DATABASE_URL set it. */
  readonly isPathGiven: boolean;
}

const quoted = pg.escapeIdentifier;

/**
 * Finds the schema of the tables: where they already are, since search paths may change after the first start; otherwise
 * where PostgreSQL would create them. @param given the schema in DATABASE_URL
 * @throws StartError if there is no such schema, or the role may not use it
 */
export async function locateTables(client: pg.Client, facts: DatabaseFacts, given: string | null): Promise<Location> {
  const schema = given ?? (await findTables(client, facts)) ?? (await firstSchema(client, facts));
  refuseName(schema);
  const path = [schema, ...(await requireSchema(client, facts, schema))];
  const searchPath = path.map((name) => quoted(name)).join(', ');
  rejectSessionlessPooler(client, facts, schema, searchPath);
  return { database: facts.database, schema, searchPath };
}

/**
 * The ORM splits names at dots. PostgreSQL replaces `$user` in a search path with the role's name, even in quotes, and keeps
 * its own tables in some schemas.
 */
function refuseName(schema: string): void {
  if (!/\.|^(|pg_.*|information_schema|\$user)$/.test(schema)) return;
  throw new StartError(
    `${productName} cannot use the schema "${schema}" because of its name. Use one whose name has no dot and is not $user or PostgreSQL's own:\n` +
      'add ?schema=NAME to DATABASE_URL.',
  );
}

/** The schema with todoql's tables: one in the search path, or the only one in the database; null if there is none yet. */
async function findTables(client: pg.Client, facts: DatabaseFacts): Promise<string | null> {
  const { rows } = await client.query<{ schema: string }>(`
    select nspname::text as schema from pg_class history join pg_namespace on pg_namespace.oid = history.relnamespace
    where history.relname = 'mikro_orm_migrations' and history.relkind in ('r', 'p')
      and has_schema_privilege(pg_namespace.oid, 'usage') and has_table_privilege(history.oid, 'select')
      and exists (select from pg_class where relnamespace = pg_namespace.oid and relname = 'task')
    order by nspname`);
  const found: string[] = [];
  const ours = [migrations[0]?.name, ...squashedMigrations];
  for (const { schema } of rows) {
    // Another program may have a table of the same name: it is todoql's if it has its first migration.
    const first = `select from ${quoted(schema)}.mikro_orm_migrations where name = any ($1)`;
    if ((await client.query(first, [ours])).rowCount !== 0) found.push(schema);
  }
  const onPath = facts.schemas.find((schema) => found.includes(schema));
  if (onPath !== undefined || facts.isPathGiven) return onPath ?? null;
  if (found.length <= 1) return found[0] ?? null;
  throw new StartError(
    `The database "${facts.database}" has tables of ${productName} in the schemas ${found.map((name) => `"${name}"`).join(' and ')}, and none of them\n` +
      'is in the search path of DATABASE_URL. Choose one: add ?schema=NAME to DATABASE_URL.',
  );
}

/** Where PostgreSQL would create tables; `public` if the search path is empty or has only system schemas. */
async function firstSchema(client: pg.Client, facts: DatabaseFacts): Promise<string> {
  const { schemas, searchPath, role, database } = facts;
  if (schemas[0] !== undefined) return schemas[0];
  // A path that is quoted as a whole is one name with commas.
  const [named] = (searchPath.match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? [])
    .map((name) => name.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"'))
    .filter((name) => !/^(\$user|pg_.*|information_schema|)$/.test(name));
  if (named === undefined) return 'public';
  // It exists, but the role may not use it: `requireSchema` reports that.
  if ((await client.query('select from pg_namespace where nspname = $1', [named])).rowCount !== 0) return named;
  throw new StartError(
    `The search path of the role "${role}" in the database "${database}" is ${searchPath}, but there is no such schema.\n` +
      `Create it: create schema ${quoted(named)}`,
  );
}

/** @returns the other schemas that contain extensions */
async function requireSchema(client: pg.Client, { role, database }: DatabaseFacts, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ isUsable: boolean; mayCreate: boolean; hasTables: boolean }>(
    `select has_schema_privilege(oid, 'usage') as "isUsable", has_schema_privilege(oid, 'create') as "mayCreate",
       exists (select from pg_class where relnamespace = pg_namespace.oid and relname = 'task') as "hasTables"
     from pg_namespace where nspname = $1`,
    [schema],
  );
  const [found] = rows;
  if (found === undefined) {
    throw new StartError(
      `The database "${database}" has no schema "${schema}".\nCreate it there: create schema ${quoted(schema)}`,
    );
  }
  if (!found.isUsable || !(found.mayCreate || found.hasTables)) {
    throw new StartError(
      `The role "${role}" may not create tables in the schema "${schema}" of the database "${database}".\n` +
        `Ask an administrator to run there: grant usage, create on schema ${quoted(schema)} to ${quoted(role)}`,
    );
  }
  const others = await extensionSchemas(client);
  const closed = others.find(({ isUsable }) => !isUsable);
  if (closed !== undefined && !found.hasTables) {
    throw new StartError(
      `The role "${role}" may not use the extension ${closed.extension}, which is in the schema "${closed.schema}" of the database "${database}".\n` +
        `Ask an administrator to run there: grant usage on schema ${quoted(closed.schema)} to ${quoted(role)}`,
    );
  }
  return [...new Set(others.map((other) => other.schema))].filter((name) => name !== schema && name !== 'pg_catalog');
}

async function extensionSchemas(client: pg.Client) {
  const { rows } = await client.query<{ extension: string; schema: string; isUsable: boolean }>(
    `select extname::text as extension, nspname::text as schema, has_schema_privilege(pg_namespace.oid, 'usage') as "isUsable"
     from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = any($1::text[]) order by nspname`,
    [extensions],
  );
  return rows;
}

/**
 * A pooler in transaction mode (recognized by a different process id) may run a statement in a session without our search
 * path, so that the default search path has to lead to the tables.
 */
function rejectSessionlessPooler(client: pg.Client, facts: DatabaseFacts, schema: string, searchPath: string): void {
  // Missing in the types of pg.
  const { processID } = client as pg.Client & { processID?: number };
  if (processID === facts.backend || facts.schemas[0] === schema) return;
  throw new StartError(
    `The tables are in the schema "${schema}", which is not the first of the search path of the role "${facts.role}", and the\n` +
      'pooler of DATABASE_URL (such as PgBouncer) may lose settings of a session. Set the search path for the role:\n' +
      `  alter role ${quoted(facts.role)} in database ${quoted(facts.database)} set search_path = ${searchPath}`,
  );
}
