import bcrypt from 'bcrypt';
import { fastify } from 'fastify';
import { type MercuriusContext, mercurius } from 'mercurius';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { readEnvironment } from './support/environment.ts';
import { schema } from './support/schema.ts';
import { encodeCursor, poolSize, priorities } from './support/tasks.ts';
import { lifetime, Tokens } from './support/tokens.ts';

// Fastify's GraphQL adapter, its compiler switched on, and SQL by hand, written as its guide does.

const { port, host, databaseUrl, secret } = readEnvironment();
const tokens = new Tokens(secret);
const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });

interface Timed {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface TaskRow extends Timed {
  readonly listId: string | null;
  readonly priority: number;
}

declare module 'mercurius' {
  interface MercuriusContext {
    readonly viewer: { readonly id: string } | null;
  }
}

const columns = `id, list_id as "listId", title, description, completed_at is not null as completed, priority, version,
  created_at as "createdAt", updated_at as "updatedAt"`;

async function tasksWhere(sql: string, values: unknown[]) {
  const { rows } = await pool.query<TaskRow>(sql, values);
  return rows.map(present);
}

type Presented = ReturnType<typeof present>;

function present<Row extends TaskRow>(row: Row) {
  return { ...printTimes(row), priority: priorities[row.priority] };
}

function printTimes<Row extends Timed>(row: Row) {
  return { ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

function pageOf<Row extends { id: string; createdAt: string }>(rows: readonly Row[], first: number) {
  const nodes = rows.slice(0, first);
  const last = nodes.at(-1);
  const endCursor = last ? encodeCursor(last.createdAt, last.id) : null;
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
}

function requireViewer({ viewer }: MercuriusContext): string {
  if (!viewer) throw new Error('Log in to do this.');
  return viewer.id;
}

async function findTask(viewerId: string, id: string) {
  return (await tasksWhere(`select ${columns} from task where user_id = $1 and id = $2`, [viewerId, id]))[0];
}

async function toggle(viewerId: string, id: string, isCompleted: boolean) {
  const [changed] = await tasksWhere(
    `update task set completed_at = ${isCompleted ? 'now()' : 'null'}, version = version + 1, updated_at = now()
     where user_id = $1 and id = $2 and deleted_at is null and completed_at is ${isCompleted ? '' : 'not'} null
     returning ${columns}`,
    [viewerId, id],
  );
  const task = changed ?? (await findTask(viewerId, id));
  if (!task) throw new Error('There is no such task.');
  return { task };
}

const resolvers = {
  Query: {
    async tasks(_: unknown, { first = 50 }: { first?: number }, context: MercuriusContext) {
      const rows = await tasksWhere(
        `select ${columns} from task where user_id = $1 and deleted_at is null
         order by created_at desc, id desc limit $2`,
        [requireViewer(context), first + 1],
      );
      return pageOf(rows, first);
    },
    async labels(_: unknown, { first = 50 }: { first?: number }, context: MercuriusContext) {
      const { rows } = await pool.query<Timed>(
        `select id, name, color, version, created_at as "createdAt", updated_at as "updatedAt"
         from label where user_id = $1 and purged_at is null order by name_key limit $2`,
        [requireViewer(context), first + 1],
      );
      return pageOf(rows.map(printTimes), first);
    },
    task: (_: unknown, { id }: { id: string }, context: MercuriusContext) => findTask(requireViewer(context), id),
  },
  Mutation: {
    async createTask(_: unknown, { input }: { input: NewTask }, context: MercuriusContext) {
      const { title, description = '', priority = 'NONE' } = input;
      const [task] = await tasksWhere(
        `insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, 1, now(), now()) returning ${columns}`,
        [requireViewer(context), uuidv7(), title, description, priorities.indexOf(priority)],
      );
      return { task };
    },
    completeTask: (_: unknown, { input }: { input: { id: string } }, context: MercuriusContext) =>
      toggle(requireViewer(context), input.id, true),
    reopenTask: (_: unknown, { input }: { input: { id: string } }, context: MercuriusContext) =>
      toggle(requireViewer(context), input.id, false),
    login: (_: unknown, { input }: { input: { email: string; password: string } }) => logIn(input),
  },
};

interface Asked {
  readonly obj: Presented;
  readonly params: { readonly first?: number };
}

// Loaders as its guide has them: one statement for all tasks of a request.
const loaders = {
  Task: {
    async list(asked: Asked[], context: MercuriusContext) {
      const { rows } = await pool.query<{ id: string; name: string }>(
        'select id, name from task_list where user_id = $1 and id = any($2)',
        [requireViewer(context), asked.flatMap(({ obj }) => obj.listId ?? [])],
      );
      const lists = new Map(rows.map((row) => [row.id, row]));
      return asked.map(({ obj }) => lists.get(obj.listId ?? '') ?? null);
    },
    async labels(asked: Asked[], context: MercuriusContext) {
      const { rows } = await pool.query<{ id: string; name: string; color: string | null; taskId: string }>(
        `select label.id, label.name, label.color, link.task_id as "taskId"
         from task_label link join label on label.user_id = link.user_id and label.id = link.label_id
         where link.user_id = $1 and link.task_id = any($2) order by label.name_key`,
        [requireViewer(context), asked.map(({ obj }) => obj.id)],
      );
      const labels = Map.groupBy(rows, ({ taskId }) => taskId);
      return asked.map(({ obj }) => labels.get(obj.id) ?? []);
    },
    async subtasks(asked: Asked[], context: MercuriusContext) {
      const sizes = asked.map(({ params }) => params.first ?? 50);
      const { rows } = await pool.query<TaskRow & { parentId: string }>(
        `select parent.id as "parentId", part.* from unnest($2::uuid[], $3::int[]) as parent(id, size) cross join lateral (
           select ${columns} from task where user_id = $1 and parent_id = parent.id and deleted_at is null
           order by position limit parent.size + 1) part`,
        [requireViewer(context), asked.map(({ obj }) => obj.id), sizes],
      );
      const parts = Map.groupBy(rows, ({ parentId }) => parentId);
      return asked.map(({ obj }, index) => pageOf(parts.get(obj.id)?.map(present) ?? [], sizes[index] ?? 0));
    },
  },
};

interface NewTask {
  readonly title: string;
  readonly description?: string;
  readonly priority?: (typeof priorities)[number];
}

async function logIn({ email, password }: { email: string; password: string }) {
  const { rows } = await pool.query<{ id: string; email: string; password_hash: string }>(
    `select id, email, password_hash from "user" where lower(email collate "C") = lower($1 collate "C")`,
    [email],
  );
  const [user] = rows;
  if (!user || !(await bcrypt.compare(password, user.password_hash)))
    throw new Error('These credentials are not right.');
  const sessionId = uuidv7();
  await pool.query(
    `insert into session (user_id, id, created_at, expires_at) values ($1, $2, now(), now() + $3 * interval '1 second')`,
    [user.id, sessionId, lifetime],
  );
  return { accessToken: tokens.sign(user, sessionId), user };
}

async function identify(authorization: string | undefined): Promise<MercuriusContext['viewer']> {
  const claims = tokens.verify(authorization);
  if (!claims) return null;
  const { rows } = await pool.query<{ id: string; email: string }>(
    `select u.id, u.email from session s join "user" u on u.id = s.user_id
     where s.user_id = $1 and s.id = $2 and s.expires_at > now()`,
    [claims.userId, claims.sessionId],
  );
  return rows[0] ?? null;
}

// Its log stays off, though todoql's is on: what is compared is not held back by anything.
const server = fastify();
await server.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  context: async (request) => ({ viewer: await identify(request.headers.authorization) }),
});
await server.listen({ port, host });
