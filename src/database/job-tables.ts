import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { commandLine } from '../settings/command-line.ts';
import type { Orm } from './orm.ts';

/** The version of the tables that pg-boss works with: `pgboss.schema` in its package.json. */
export const jobTablesVersion = 46;

/**
 * The schema of the job tables, named after that of all others, so that two products in one database stay apart. pg-boss takes
 * neither long names nor these characters: then it is named by a hash.
 */
export function jobsSchema(schema = 'public'): string {
  const name = `${schema}_jobs`;
  if (Buffer.byteLength(name) <= 50 && !/["'%$.\\\p{Cc}]/u.test(name)) return name;
  return `jobs_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`;
}

/** The name as pg-boss takes it, verbatim. */
export function quotedJobsSchema(of: string | undefined): string {
  return `"${jobsSchema(of)}"`;
}

/** @returns the version of the tables that are there; null: none are @throws StartError if the role may not use them */
export async function installedJobTables(orm: Orm, em: EntityManager): Promise<number | null> {
  const schema = quotedJobsSchema(orm.config.get('schema'));
  const facts = await readFacts(orm, em);
  if (!facts.hasTables) return null;
  if (!facts.mayUse) {
    const grant = `grant usage on schema ${schema} to $role; grant select, insert, update, delete on all tables in schema ${schema} to $role`;
    throw refusal(facts, 'use it', grant);
  }
  const [row] = await em.execute<{ version: number }[]>(`select version from ${schema}.version`);
  return row?.version ?? null;
}

/**
 * Creates the tables of pg-boss, or brings them up to date. Call it in a transaction that no other instance runs meanwhile.
 * @returns the names of what was applied @throws StartError if the role may not create them, or they are newer
 */
export async function updateJobTables(orm: Orm, em: EntityManager): Promise<string[]> {
  const schema = quotedJobsSchema(orm.config.get('schema'));
  const installed = await installedJobTables(orm, em);
  if (installed === jobTablesVersion) return [];
  if (installed !== null && installed > jobTablesVersion) throw new StartError(newerTables(schema, installed));
  const { getConstructionPlans, getMigrationPlans } = await import('pg-boss');
  const plans =
    installed === null
      ? getConstructionPlans(schema, { createSchema: await mustCreateSchema(orm, em) })
      : getMigrationPlans(schema, installed);
  // In the transaction of the caller, where an index cannot be built concurrently. The tables are small.
  const statements = plans.replace(/^\s*(BEGIN|COMMIT);\s*$/gm, '').replaceAll(' CONCURRENTLY ', ' ');
  const transaction = em.getTransactionContext<Kysely<unknown>>();
  if (transaction === undefined) throw new Error('Job tables are updated within a transaction.');
  await transaction.executeQuery(CompiledQuery.raw(statements));
  return [`the job tables, version ${jobTablesVersion}`];
}

/** The reasons why the job tables are not up to date. */
export async function jobTableProblems(orm: Orm): Promise<string[]> {
  const em = orm.em.fork();
  const schema = quotedJobsSchema(orm.config.get('schema'));
  const installed = await installedJobTables(orm, em);
  if (installed !== null && installed > jobTablesVersion) return [newerTables(schema, installed)];
  if (installed !== jobTablesVersion)
    return [`The job tables in the schema ${schema} are not up to date. Run: ${commandLine('migrate')}`];
  const { PgBoss } = await import('pg-boss');
  const executeSql = async (text: string, values: unknown[] = []) => {
    return em.getKysely().executeQuery<object>(CompiledQuery.raw(text, values)) as Promise<{ rows: object[] }>;
  };
  const {
    ok,
    extraIndexes: _harmless,
    ...drift
  } = await new PgBoss({ db: { executeSql }, schema }).detectSchemaDrift();
  if (ok) return [];
  const different = Object.entries(drift).filter(([, found]) => (Array.isArray(found) ? found.length > 0 : found));
  return [
    `The job tables in the schema ${schema} have been changed:\n${JSON.stringify(Object.fromEntries(different))}`,
  ];
}

function newerTables(schema: string, installed: number): string {
  return (
    `The job tables in the schema ${schema} have version ${installed}, which this version of ${productName} does not know.\n` +
    'Start the version that applied it.'
  );
}

async function mustCreateSchema(orm: Orm, em: EntityManager): Promise<boolean> {
  const facts = await readFacts(orm, em);
  if (facts.mayCreate) return !facts.isThere;
  const { schema, isThere } = facts;
  const name = pg.escapeIdentifier(schema);
  if (isThere) throw refusal(facts, 'create tables there', `grant usage, create on schema ${name} to $role`);
  throw refusal(facts, 'create it', `create schema ${name} authorization $role`);
}

interface Facts {
  readonly schema: string;
  readonly role: string;
  readonly database: string;
  readonly isThere: boolean;
  readonly mayCreate: boolean;
  readonly hasTables: boolean;
  readonly mayUse: boolean;
}

/** From the catalog, which needs no right. */
async function readFacts(orm: Orm, em: EntityManager): Promise<Facts> {
  const [facts] = await em.execute<Facts[]>(
    `select wanted.name::text as schema, current_user::text as role, current_database()::text as database,
       space.oid is not null as "isThere",
       case when space.oid is null then has_database_privilege(current_database(), 'create')
         else has_schema_privilege(space.oid, 'usage') and has_schema_privilege(space.oid, 'create') end as "mayCreate",
       version.oid is not null as "hasTables",
       coalesce(has_schema_privilege(space.oid, 'usage') and has_table_privilege(version.oid, 'select'), false) as "mayUse"
     from (values (?::text)) as wanted (name) left join pg_namespace space on nspname = wanted.name
     left join pg_class version on relnamespace = space.oid and relname = 'version'`,
    [jobsSchema(orm.config.get('schema'))],
  );
  if (facts === undefined) throw new Error('The query has one row.');
  return facts;
}

/** @param advice SQL; $role stands for the role's name */
function refusal({ schema, role, database }: Facts, what: string, advice: string): StartError {
  return new StartError(
    `Jobs are kept in the schema "${schema}" of the database "${database}", and the role "${role}" may not ${what}.\n` +
      `Ask an administrator to run there: ${advice.replaceAll('$role', () => pg.escapeIdentifier(role))}`,
  );
}
