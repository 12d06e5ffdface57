import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Database, type ReadOptions } from '../../src/database/database.ts';
import { migrationProblems } from '../../src/database/migrate.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { installRowSecurity, ownedTables } from '../../src/database/row-security.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import { StartError } from '../../src/errors.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { Viewer } from '../../src/viewer.ts';
import { Client } from '../support/client.ts';
import { databaseUrl, dropDatabase, query } from '../support/databases.ts';
import { mutation } from '../support/input-mutation.ts';
import { withRole } from '../support/roles.ts';
import { startServer, useServer } from '../support/server.ts';
import { useOnce } from '../support/use-once.ts';
import { makeWorld, type World } from '../support/world.ts';

describe('a statement that forgets whose rows it may see', () => {
  const server = useServer({ rowSecurity: true });
  let orm: Orm;
  let owner: World;
  let stranger: World;

  beforeAll(async () => {
    orm = await openOrm(server.databaseUrl, 4);
    [owner, stranger] = [await makeWorld(server), await makeWorld(server)];
  });
  afterAll(() => orm.close());

  /** How many rows of each of both users `count` finds in each table that has a column with their ids. */
  async function visible(count: (table: string, owner: string) => Promise<{ owner: string; count: number }[]>) {
    const found = await Promise.all(
      ownedTables(orm).map(async (table) => [table.name, await count(table.name, table.owner)] as const),
    );
    const ofTable = (rows: { owner: string; count: number }[], { userId }: World) =>
      rows.find((row) => row.owner === userId)?.count ?? 0;
    return Object.fromEntries(
      found.map(([name, rows]) => [name, { owner: ofTable(rows, owner), stranger: ofTable(rows, stranger) }]),
    );
  }

  const counting = (table: string, column: string) =>
    sql<{
      owner: string;
      count: number;
    }>`select ${sql.ref(column)} as owner, count(*)::int as count from ${sql.table(table)} group by 1`;

  async function withDatabase<Result>(isPrepared: boolean, work: (database: ServiceDatabase) => Promise<Result>) {
    const database = new ServiceDatabase(orm, isPrepared, createLogger('silent'), true);
    return work(database).finally(() => database.close());
  }

  const ways: [string, boolean, ReadOptions][] = [
    ['a read on a shared connection', true, {}],
    ['a read on a connection of its own', true, { dedicatedConnection: true }],
    ['a read that is planned anew', true, { customPlan: true }],
    ['a read without prepared statements', false, {}],
  ];

  test.each(ways)('sees none of another user by %s', async (_, isPrepared, options) => {
    await withDatabase(isPrepared, async (service) => {
      const db = new Database(service, { id: stranger.userId } as Viewer);
      const seen = await visible((table, column) => {
        const build = () => ({ compile: () => counting(table, column).compile(db.kysely) });
        return db.read<{ owner: string; count: number }, Record<string, never>>(`count ${table}`, build, {}, options);
      });
      const all = await visible((table, column) =>
        server.sql(`select "${column}" as owner, count(*)::int as count from "${table}" group by 1`),
      );
      for (const [table, counts] of Object.entries(all)) {
        expect(counts.owner, table).toBeGreaterThan(0);
        expect(seen[table], table).toEqual({ owner: 0, stranger: counts.stranger });
      }
    });
  });

  test('sees none of another user in a change, and changes and adds none', async () => {
    await withDatabase(true, async (service) => {
      const db = new Database(service, { id: stranger.userId } as Viewer);
      const seen = await db.change(({ kysely }) =>
        visible(async (table, column) => (await counting(table, column).execute(kysely)).rows),
      );
      for (const [table, counts] of Object.entries(seen)) expect([table, counts.owner]).toEqual([table, 0]);
      for (const { name, owner: column } of ownedTables(orm)) {
        const changed = db.change(async ({ kysely }) => {
          const { rows } = await sql<{ owner: string }>`
            update ${sql.table(name)} set ${sql.ref(column)} = ${sql.ref(column)} returning ${sql.ref(column)} as owner`.execute(
            kysely,
          );
          throw new Error(`changed rows of ${[...new Set(rows.map((row) => row.owner))].join(' and ')}.`);
        });
        await expect(changed, name).rejects.toThrow(`changed rows of ${stranger.userId}.`);
        const given = db.change(({ kysely }) =>
          sql`update ${sql.table(name)} set ${sql.ref(column)} = ${owner.userId}`.execute(kysely),
        );
        await expect(given, name).rejects.toThrow('violates row-level security policy "own_rows"');
      }
    });
  });

  test.each([
    ['prepared', true],
    ['without prepared statements or values', false],
  ])('sees none of another user by the single statement of a change, %s', async (_, isPrepared) => {
    await withDatabase(isPrepared, async (service) => {
      const db = new Database(service, { id: stranger.userId } as Viewer);
      const build = () => ({
        compile: () =>
          sql<{ whose: string }>`update task set version = version returning user_id as whose`.compile(db.kysely),
      });
      const rows = await db.write('everything', build, {});
      expect(new Set(rows.map(({ whose }) => whose))).toEqual(new Set([stranger.userId]));
    });
  });

  test('sees everything where it is the service’s own', async () => {
    await withDatabase(true, async (service) => {
      const build = () => ({ compile: () => counting('task', 'user_id').compile(service.kysely) });
      const rows = await service.read<{ owner: string; count: number }, Record<string, never>>('count', build, {});
      expect(rows.map((row) => row.owner)).toEqual(expect.arrayContaining([owner.userId, stranger.userId]));
    });
  });

  test('is the only one that the policies restrict: without rows for them, the API finds none, and log-ins go on', async () => {
    const { user } = await makeWorld(server);
    await server.sql('alter policy own_rows on task using (false)');
    try {
      const { data } = await user.run('{ tasks { totalCount } lists { nodes { id } } }');
      expect([data.tasks.totalCount, data.lists.nodes.length]).toEqual([0, 2]);
      expect((await user.run(...mutation('createTask', { title: 'x' }))).code).toBe('INTERNAL_SERVER_ERROR');
    } finally {
      await server.sql(
        `alter policy own_rows on task using (user_id = nullif(current_setting('todoql.owner', true), '')::uuid)`,
      );
    }
  });
});

describe('the role of DATABASE_URL', () => {
  const [on, off] = [{ rowSecurity: true }, { rowSecurity: false }];
  const mayCreateRoles =
    'grant create on schema public to $role; grant create on database $database to $role; alter role $role createrole';
  const isSetUp = async (url: string) => {
    const orm = await openOrm(url, 2);
    return migrationProblems(orm, true).finally(() => orm.close());
  };

  test.concurrent('sets everything up where it may create roles, and is restricted only for users', async () => {
    await withRole(mayCreateRoles, async ({ url }) => {
      expect(await useOnce(url, 'ada@example.com', on)).toBe(1);
      expect(await isSetUp(url)).toEqual([]);
      expect(await useOnce(url, 'ada@example.com', on)).toBe(2);
      // Off again, it is restricted no more than before.
      expect(await useOnce(url, 'ada@example.com', off)).toBe(3);
      expect(await query(url, 'select title from task')).toHaveLength(3);
    });
  });

  test.concurrent('sets it up while requests hold locks, without a deadlock', async () => {
    await withRole(mayCreateRoles, async ({ url }) => {
      await useOnce(url, 'ada@example.com', off);
      const orm = await openOrm(url, 2);
      const tables = ownedTables(orm).map(({ name }) => name);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`begin; select from "${tables.at(-1)}"`);
        const setUp = installRowSecurity(orm).catch((error: Error) => error);
        const waits = `select from pg_locks where relation = '"${tables.at(-1)}"'::regclass and not granted`;
        await expect.poll(() => query(url, waits)).toHaveLength(1);
        for (const table of tables) await client.query(`select from "${table}"`);
        await client.query('commit');
        expect(await setUp).toEqual(['row-level security']);
      } finally {
        await client.end();
        await orm.close();
      }
    });
  });

  test.concurrent('is told what an administrator has to run where it may not', async () => {
    await withRole(
      'grant create on schema public to $role; grant create on database $database to $role',
      async ({ url, administer }) => {
        expect(await useOnce(url, 'ada@example.com', off)).toBe(1);
        expect(await isSetUp(url)).toEqual(['Row-level security has not been set up. Run: npm start -- migrate']);
        const error: Error = await useOnce(url, 'ada@example.com', on).catch((thrown) => thrown);
        expect(error).toBeInstanceOf(StartError);
        const [problem, advice, ...statements] = error.message.split('\n');
        expect(problem).toBe('todoql could not set up row-level security (permission denied to create role).');
        expect(advice).toBe(
          'Have an administrator run the first two statements, and the owner of the tables the others:',
        );
        await administer(statements.join('\n'));
        expect(await isSetUp(url)).toEqual([]);
        expect(await useOnce(url, 'ada@example.com', on)).toBe(2);
      },
    );
  });

  test.concurrent('gives users the rights to add jobs, where nobody has them by default, or after they were lost', async () => {
    const hardened = 'alter default privileges for role $role revoke execute on functions from public';
    await withRole(`${mayCreateRoles}; ${hardened}`, async ({ url, administer }) => {
      const app = await startServer(url, on);
      try {
        const user = await Client.signUp(app.url);
        const { id } = (await user.run(...mutation('createLabel', { name: 'x' }))).data.createLabel.label;
        // A job removes it from the tasks.
        const { data } = await user.run(...mutation('deleteLabel', { id }));
        expect(data.deleteLabel.deletedId).toBe(id);
      } finally {
        await app.stop();
      }
      for (const right of ['delete on public_jobs.job', 'execute on all functions in schema public_jobs']) {
        await administer(`revoke ${right} from "$database_public_member"`);
        expect(await isSetUp(url)).toEqual(['Row-level security has not been set up. Run: npm start -- migrate']);
        await useOnce(url, 'ada@example.com', on);
        expect(await isSetUp(url)).toEqual([]);
      }
    });
  });

  test.concurrent('is refused where the policies would restrict it too', async () => {
    await withRole('select 1', async ({ url, administer }) => {
      const owner = databaseUrl(inject('adminUrl'), new URL(url).pathname.slice(1));
      await useOnce(owner, 'ada@example.com', on);
      await administer('grant usage on schema public_jobs to $role');
      await administer('grant select, insert, update, delete on all tables in schema public, public_jobs to $role');
      await administer('grant "$database_public_member" to $role with inherit true');
      const start = useOnce(url, 'ada@example.com', on);
      await expect(start).rejects.toThrow(/_member" to "todoql_role_\w+" with inherit false, set true;/);
      await administer('grant "$database_public_member" to $role with inherit false');
      expect(await useOnce(url, 'ada@example.com', on)).toBe(2);
    });
  });

  test.concurrent('leaves the users of a database nothing in a copy of it', async () => {
    await withRole(mayCreateRoles, async ({ url, role }) => {
      await useOnce(url, 'ada@example.com', on);
      const name = new URL(url).pathname.slice(1);
      const copy = `${name}_copy`;
      await query(inject('adminUrl'), `create database ${copy} template ${name} owner ${role}`);
      try {
        const copied = databaseUrl(url, copy);
        expect(await useOnce(copied, 'ada@example.com', on)).toBe(2);
        const [may] = await query(
          copied,
          `select has_table_privilege($1, 'task', 'select') as former,
            has_table_privilege($2, 'task', 'select') as own`,
          [`${name}_public_member`, `${copy}_public_member`],
        );
        expect(may).toEqual({ former: false, own: true });
      } finally {
        await dropDatabase(inject('adminUrl'), copy);
      }
    });
  });
});
