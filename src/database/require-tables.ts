import pg from 'pg';
import { StartError } from '../errors.ts';
import { jobsSchema } from './job-tables.ts';
import type { Orm } from './orm.ts';

/** Those of pg-boss that jobs need. */
const jobTables = ['version', 'queue', 'job', 'job_common'];

interface Problem {
  readonly schema: string;
  readonly table: string;
  readonly isThere: boolean;
  readonly role: string;
  readonly database: string;
}

/** Checks that every table exists and that the role may use it: otherwise single requests would fail. @throws StartError */
export async function requireTables(orm: Orm): Promise<void> {
  const names = [...new Set([...orm.getMetadata()].map(({ tableName }) => tableName))];
  const schema = orm.config.get('schema') ?? 'public';
  const tables = [...names.map((name) => [schema, name]), ...jobTables.map((name) => [jobsSchema(schema), name])];
  const may = ['select', 'insert', 'update', 'delete'].map((right) => `has_table_privilege(oid, '${right}')`);
  const [problem] = await orm.em.fork().execute<Problem[]>(
    `select wanted.schema, name as "table", oid is not null as "isThere", current_user::text as role,
       current_database()::text as database
     from (values ${tables.map(() => '(?, ?)').join(', ')}) as wanted (schema, name)
     left join pg_class on relname = name and relnamespace = (select oid from pg_namespace where nspname = wanted.schema)
     where oid is null or not (${may.join(' and ')}) order by oid is not null, name`,
    tables.flat(),
  );
  if (problem === undefined) return;
  const { table, isThere, role, database } = problem;
  if (!isThere)
    throw new StartError(
      `The database "${database}" has no table "${table}" in the schema "${problem.schema}", although its migration has been applied.\n` +
        'Restore it from a backup.',
    );
  const quoted = pg.escapeIdentifier;
  throw new StartError(
    `The role "${role}" may not read and change the table "${table}" of the database "${database}".\n` +
      `Have its owner run there: grant select, insert, update, delete on all tables in schema ${quoted(problem.schema)} to ${quoted(role)}`,
  );
}
