import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PrismaPg } from '@prisma/adapter-pg';
import bcrypt from 'bcrypt';
import { v7 as uuidv7 } from 'uuid';
import { readEnvironment } from '../support/environment.ts';
import { schema } from '../support/schema.ts';
import { poolSize, priorities } from '../support/tasks.ts';
import { lifetime, Tokens } from '../support/tokens.ts';
import { type Label, PrismaClient, type Task, type User } from './dist/client.ts';

// Apollo's standalone server with resolvers by hand, on the most used ORM.

const { port, host, databaseUrl, secret } = readEnvironment();
const tokens = new Tokens(secret);
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: poolSize }) });

interface Context {
  readonly viewer: User | null;
}

interface NewTask {
  readonly title: string;
  readonly description?: string;
  readonly priority?: (typeof priorities)[number];
}

function requireViewer({ viewer }: Context): string {
  if (!viewer) throw new Error('Log in to do this.');
  return viewer.id;
}

async function setCompleted(context: Context, id: string, isCompleted: boolean) {
  const task = await prisma.task.update({
    where: { id, userId: requireViewer(context), deletedAt: null },
    data: { completedAt: isCompleted ? new Date() : null, version: { increment: 1 } },
  });
  return { task };
}

function pageOf<Row extends { id: string }>(rows: readonly Row[], first: number) {
  const nodes = rows.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.id ?? null } };
}

const resolvers = {
  Query: {
    async tasks(_: unknown, { first = 50 }: { first?: number }, context: Context) {
      const rows = await prisma.task.findMany({
        where: { userId: requireViewer(context), deletedAt: null },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: first + 1,
      });
      return pageOf(rows, first);
    },
    async labels(_: unknown, { first = 50 }: { first?: number }, context: Context) {
      const rows = await prisma.label.findMany({
        where: { userId: requireViewer(context), purgedAt: null },
        orderBy: { nameKey: 'asc' },
        take: first + 1,
      });
      return pageOf(rows, first);
    },
    task: (_: unknown, { id }: { id: string }, context: Context) =>
      prisma.task.findUnique({ where: { id, userId: requireViewer(context) } }),
  },
  Mutation: {
    async createTask(_: unknown, { input }: { input: NewTask }, context: Context) {
      const { title, description = '', priority = 'NONE' } = input;
      const task = await prisma.task.create({
        data: {
          id: uuidv7(),
          userId: requireViewer(context),
          title,
          description,
          priority: priorities.indexOf(priority),
          createdAt: new Date(),
        },
      });
      return { task };
    },
    completeTask: (_: unknown, { input }: { input: { id: string } }, context: Context) =>
      setCompleted(context, input.id, true),
    reopenTask: (_: unknown, { input }: { input: { id: string } }, context: Context) =>
      setCompleted(context, input.id, false),
    login: (_: unknown, { input }: { input: { email: string; password: string } }) => logIn(input),
  },
  Task: {
    completed: ({ completedAt }: Task) => completedAt !== null,
    priority: ({ priority }: Task) => priorities[priority],
    createdAt: ({ createdAt }: Task) => createdAt.toISOString(),
    updatedAt: ({ updatedAt }: Task) => updatedAt.toISOString(),
    // findUnique and the relation after it: what Prisma's guide gives for many objects at once, which it batches.
    list: ({ id }: Task) => prisma.task.findUnique({ where: { id } }).list(),
    async labels({ id }: Task) {
      const links = await prisma.task
        .findUnique({ where: { id } })
        .labels({ include: { label: true }, orderBy: { label: { nameKey: 'asc' } } });
      return links?.map(({ label }) => label);
    },
    async subtasks({ id }: Task, { first = 50 }: { first?: number }) {
      const rows = await prisma.task
        .findUnique({ where: { id } })
        .subtasks({ where: { deletedAt: null }, orderBy: { position: 'asc' }, take: first + 1 });
      return pageOf(rows ?? [], first);
    },
  },
  Label: {
    createdAt: ({ createdAt }: Label) => createdAt.toISOString(),
    updatedAt: ({ updatedAt }: Label) => updatedAt.toISOString(),
  },
};

async function logIn({ email, password }: { email: string; password: string }) {
  const user = await prisma.user.findFirst({ where: { email } });
  if (!user || !(await bcrypt.compare(password, user.passwordHash))) throw new Error('These are not right.');
  const now = Date.now();
  const session = await prisma.session.create({
    data: {
      id: uuidv7(),
      userId: user.id,
      createdAt: new Date(now),
      expiresAt: new Date(now + lifetime * 1_000),
    },
  });
  return { accessToken: tokens.sign(user, session.id), user };
}

async function identify(authorization: string | undefined): Promise<User | null> {
  const claims = tokens.verify(authorization);
  if (!claims) return null;
  const session = await prisma.session.findUnique({
    where: { id: claims.sessionId, userId: claims.userId, expiresAt: { gt: new Date() } },
    include: { user: true },
  });
  return session?.user ?? null;
}

const server = new ApolloServer<Context>({ typeDefs: schema, resolvers });
await startStandaloneServer(server, {
  listen: { host, port },
  context: async ({ req }) => ({ viewer: await identify(req.headers.authorization) }),
});
