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

interface TaskRow {
  readonly id: string;
  readonly priority: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

declare module 'mercurius' {
  interface MercuriusContext {
    readonly viewer: { readonly id: string } | null;
  }
}

const columns = `id, title, description, completed_at is not null as completed, priority, version,
  created_at as "createdAt", updated_at as "updatedAt"`;

async function tasksWhere(sql: string, values: unknown[]) {
  const { rows } = await pool.query<TaskRow>(sql, values);
  return rows.map((row) => ({
    ...row,
    priority: priorities[row.priority],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
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
      const nodes = rows.slice(0, first);
      const last = nodes.at(-1);
      const endCursor = last ? encodeCursor(last.createdAt, last.id) : null;
      return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } };
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
  jit: 1,
  context: async (request) => ({ viewer: await identify(request.headers.authorization) }),
});
await server.listen({ port, host });
