import { createServer } from 'node:http';
import bcrypt from 'bcrypt';
import { createYoga } from 'graphql-yoga';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { readEnvironment } from '../support/environment.ts';
import { lifetime, Tokens } from '../support/tokens.ts';
import { columns, connect, type TaskRow } from './database.ts';
import { createLoaders } from './loaders.ts';
import {
  AuthPayload,
  builder,
  CompleteTaskInput,
  type Context,
  CreateTaskInput,
  LoginInput,
  ReopenTaskInput,
  Task,
  TaskConnection,
  TaskPayload,
} from './types.ts';

// What many choose who want types without decorators: Yoga, Pothos, Kysely.

const { port, host, databaseUrl, secret } = readEnvironment();
const tokens = new Tokens(secret);
const db = connect(databaseUrl);

builder.queryType({
  fields: (t) => ({
    tasks: t.field({
      type: TaskConnection,
      args: { first: t.arg.int({ defaultValue: 50, required: true }) },
      async resolve(_, { first }, context) {
        const rows = await tasksOf(context)
          .where('deleted_at', 'is', null)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(first + 1)
          .execute();
        return { rows, first };
      },
    }),
    task: t.field({
      type: Task,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_, { id }, context) => tasksOf(context).where('id', '=', id).executeTakeFirst(),
    }),
  }),
});

builder.mutationType({
  fields: (t) => ({
    createTask: t.field({
      type: TaskPayload,
      args: { input: t.arg({ type: CreateTaskInput, required: true }) },
      async resolve(_, { input: { title, description, priority } }, context) {
        const now = new Date();
        const task = {
          user_id: requireViewer(context),
          id: uuidv7(),
          list_id: null,
          parent_id: null,
          title,
          description: description ?? '',
          priority: Number(priority ?? 0),
          completed_at: null,
          deleted_at: null,
          version: 1,
          created_at: now,
          updated_at: now,
        };
        return { task: await db.insertInto('task').values(task).returning(columns).executeTakeFirstOrThrow() };
      },
    }),
    completeTask: t.field({
      type: TaskPayload,
      args: { input: t.arg({ type: CompleteTaskInput, required: true }) },
      resolve: (_, { input }, context) => toggle(context, input.id, true),
    }),
    reopenTask: t.field({
      type: TaskPayload,
      args: { input: t.arg({ type: ReopenTaskInput, required: true }) },
      resolve: (_, { input }, context) => toggle(context, input.id, false),
    }),
    login: t.field({
      type: AuthPayload,
      args: { input: t.arg({ type: LoginInput, required: true }) },
      resolve: (_, { input }) => logIn(input),
    }),
  }),
});

function requireViewer({ viewer }: Context): string {
  if (!viewer) throw new Error('Log in to do this.');
  return viewer.id;
}

function tasksOf(context: Context) {
  return db.selectFrom('task').where('user_id', '=', requireViewer(context)).select(columns);
}

async function toggle(context: Context, id: string, isCompleted: boolean): Promise<{ task: TaskRow }> {
  const changed = await db
    .updateTable('task')
    .set({
      completed_at: isCompleted ? new Date() : null,
      version: sql<number>`version + 1`,
      updated_at: new Date(),
    })
    .where('user_id', '=', requireViewer(context))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where('completed_at', isCompleted ? 'is' : 'is not', null)
    .returning(columns)
    .executeTakeFirst();
  return { task: changed ?? (await tasksOf(context).where('id', '=', id).executeTakeFirstOrThrow()) };
}

async function logIn({ email, password }: { email: string; password: string }) {
  const user = await db
    .selectFrom('user')
    .where(sql`lower(email collate "C")`, '=', sql`lower(${email} collate "C")`)
    .select(['id', 'email', 'password_hash'])
    .executeTakeFirst();
  if (!user || !(await bcrypt.compare(password, user.password_hash))) throw new Error('These are not right.');
  const now = Date.now();
  const session = {
    user_id: user.id,
    id: uuidv7(),
    created_at: new Date(now),
    expires_at: new Date(now + lifetime * 1_000),
  };
  await db.insertInto('session').values(session).execute();
  return { accessToken: tokens.sign(user, session.id), user };
}

async function identify(authorization: string | undefined): Promise<Context['viewer']> {
  const claims = tokens.verify(authorization);
  if (!claims) return null;
  const user = await db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user_id')
    .where('session.user_id', '=', claims.userId)
    .where('session.id', '=', claims.sessionId)
    .where('session.expires_at', '>', new Date())
    .select(['user.id', 'user.email'])
    .executeTakeFirst();
  return user ?? null;
}

const yoga = createYoga({
  schema: builder.toSchema(),
  logging: false,
  maskedErrors: false,
  context: async ({ request }) => {
    const viewer = await identify(request.headers.get('authorization') ?? undefined);
    return { viewer, loaders: viewer && createLoaders(db, viewer.id) };
  },
});
createServer(yoga).listen(port, host);
