import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { ownerSetting } from './connections/member.ts';
import { firstLine } from './failures.ts';
import { jobsSchema } from './job-tables.ts';
import type { Orm } from './orm.ts';
import { transactionAlone } from './transaction-alone.ts';

/** The first version in which a role can be granted without its restrictions. */
const oldestVersion = 16;

/** Those that users' changes count in, or read, besides what users own. */
const sharedTables = ['throttle', 'change_epoch'];

const ownPolicy = 'own_rows';

interface Table {
  readonly name: string;
  /** The column with the id of the user who owns the row. */
  readonly owner: string;
}

/**
 * The role that statements of logged-in users run as. Roles belong to the whole server, so it is named after the database and
 * the schema: what may run as it in one database has no rights in another.
 */
export function memberRole(orm: Orm): string {
  const [database, schema] = [orm.config.get('dbName'), schemaOf(orm)];
  const name = `${database}_${schema}_member`;
  // PostgreSQL cuts longer names, and keeps those with pg_ for itself. The schema could be part of another database's name.
  if (Buffer.byteLength(name) <= 63 && !name.startsWith('pg_') && !schema.includes('_')) return name;
  const hash = createHash('sha256')
    .update(JSON.stringify([database, schema]))
    .digest('hex');
  return `member_${hash.slice(0, 16)}`;
}

/** All tables with rows of users, by the entities' relation `user`; and that of the users. */
export function ownedTables(orm: Orm): Table[] {
  const owned = new Map<string, string>();
  for (const { tableName, className, properties } of orm.getMetadata()) {
    const owner = className === 'User' ? 'id' : properties.user?.fieldNames[0];
    if (owner !== undefined) owned.set(tableName, owner);
  }
  return [...owned].map(([name, owner]) => ({ name, owner }));
}

/**
 * Sets up what is not there yet: the role of logged-in users, its rights, and the policies that restrict it to the rows of one
 * user. They restrict no other role. @returns what was done @throws StartError if the role of DATABASE_URL may not do it
 */
export async function installRowSecurity(orm: Orm): Promise<string[]> {
  if (await hasRowSecurity(orm)) return [];
  const steps = await stepsFor(orm, orm.em.fork());
  for (const step of steps) {
    await transactionAlone(orm, async (em) => {
      if (await isInstalled(orm, em)) return;
      for (const statement of step) await em.execute(statement).catch((error) => refuse(error, steps.flat()));
    });
  }
  return ['row-level security'];
}

/** Whether all of it is there. @throws StartError if PostgreSQL is too old for it */
export async function hasRowSecurity(orm: Orm): Promise<boolean> {
  const em = orm.em.fork();
  await requireVersion(em);
  return isInstalled(orm, em);
}

async function isInstalled(orm: Orm, em: EntityManager): Promise<boolean> {
  const owned = ownedTables(orm).map(({ name }) => name);
  const all = [...owned, ...sharedTables];
  const marks = (names: readonly unknown[]) => names.map(() => '?').join(', ');
  const jobs = jobsSchema(schemaOf(orm));
  const [found] = await em.execute<{ isThere: boolean }[]>(
    `select count(*) = ${all.length} as "isThere"
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_roles member on member.rolname = ?
     where nspname = ? and relname in (${marks(all)})
       and pg_has_role(current_user, member.oid, 'set') and has_table_privilege(member.oid, pg_class.oid, 'delete')
       and (pg_has_role(current_user, relowner, 'usage') or not pg_has_role(current_user, member.oid, 'usage'))
       and (relname not in (${marks(owned)}) or relrowsecurity and exists (
         select from pg_policy where polrelid = pg_class.oid and polname = '${ownPolicy}' and polroles = array[member.oid]))
       and not exists (select from pg_class job join pg_namespace space on space.oid = job.relnamespace
         where space.nspname = ? and job.relkind in ('r', 'p') and not has_table_privilege(member.oid, job.oid, 'delete'))
       and not exists (select from pg_proc join pg_namespace space on space.oid = pronamespace
         where space.nspname = ? and not has_function_privilege(member.oid, pg_proc.oid, 'execute'))`,
    [memberRole(orm), schemaOf(orm), ...all, ...owned, jobs, jobs],
  );
  return found?.isThere === true;
}

function schemaOf(orm: Orm): string {
  return orm.config.get('schema') ?? 'public';
}

/**
 * The statements, by transaction. A policy locks its table: with two in one transaction, there could be a deadlock with
 * requests. The rights come last: what has no policies yet stays closed.
 */
async function stepsFor(orm: Orm, em: EntityManager): Promise<string[][]> {
  const quoted = pg.escapeIdentifier;
  const [own] = await em.execute<{ role: string }[]>('select current_user::text as role');
  const [member, schema, jobs] = [memberRole(orm), schemaOf(orm), jobsSchema(schemaOf(orm))].map(quoted);
  const tables = [...ownedTables(orm).map(({ name }) => name), ...sharedTables];
  const rights = 'select, insert, update, delete';
  const former = await formerMembers(orm, em);
  return [
    [
      `do $$ begin create role ${member} nologin; exception when duplicate_object then null; end $$`,
      // Without inheriting: otherwise the policies would restrict this role too.
      `grant ${member} to ${quoted(own?.role ?? '')} with inherit false, set true`,
      ...former.map((role) => `revoke all on all tables in schema ${schema}, ${jobs} from ${quoted(role)}`),
    ],
    ...ownedTables(orm).map(({ name, owner }) => policiesOf(`${schema}.${quoted(name)}`, owner, member ?? '')),
    [
      `grant usage on schema ${schema}, ${jobs} to ${member}`,
      `grant ${rights} on ${tables.map((table) => `${schema}.${quoted(table)}`).join(', ')} to ${member}`,
      `grant ${rights} on all tables in schema ${jobs} to ${member}`,
      // Some administrators take this right from everybody.
      `grant execute on all functions in schema ${jobs} to ${member}`,
    ],
  ];
}

/** The member roles of the databases that this one was copied from: no policy here restricts them any more. */
async function formerMembers(orm: Orm, em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ role: string }[]>(
    `select distinct rolname::text as role from pg_policy join pg_class on pg_class.oid = polrelid
     join pg_namespace on pg_namespace.oid = relnamespace join pg_roles on pg_roles.oid = any(polroles)
     where polname = '${ownPolicy}' and nspname = ? and rolname <> ?`,
    [schemaOf(orm), memberRole(orm)],
  );
  return rows.map(({ role }) => role);
}

function policiesOf(table: string, owner: string, member: string): string[] {
  const isOwn = `"${owner}" = nullif(current_setting('${ownerSetting}', true), '')::uuid`;
  return [
    `drop policy if exists all_rows on ${table}`,
    `drop policy if exists ${ownPolicy} on ${table}`,
    `create policy all_rows on ${table} using (true)`,
    `create policy ${ownPolicy} on ${table} as restrictive to ${member} using (${isOwn})`,
    `alter table ${table} enable row level security`,
  ];
}

async function requireVersion(em: EntityManager): Promise<void> {
  const [found] = await em.execute<{ version: number }[]>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  if (found !== undefined && found.version >= oldestVersion) return;
  throw new StartError(
    `ROW_SECURITY=on needs PostgreSQL ${oldestVersion} or newer; the server of DATABASE_URL is PostgreSQL ${found?.version}.`,
  );
}

function refuse(error: Error, statements: readonly string[]): never {
  throw new StartError(
    `${productName} could not set up row-level security (${firstLine(error)}).\n` +
      `Have an administrator run the first two statements, and the owner of the tables the others:\n${statements.join(';\n')};`,
  );
}
