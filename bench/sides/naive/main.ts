import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import jwt from 'jsonwebtoken';
import { buildSchema } from 'type-graphql';
import { Label, Session, Task, TaskLabel, TaskList, User } from './entities.ts';
import { type Context, TaskResolver } from './resolvers.ts';

// todoql's own stack put together as its guides do: Apollo's standalone server, default resolvers, entities loaded by
// em.find, one EntityManager for each request. What todoql gains or loses against it is its own doing.

const orm = await MikroORM.init({
  entities: [User, Session, TaskList, Label, Task, TaskLabel],
  clientUrl: process.env.DATABASE_URL ?? '',
  pool: { min: 0, max: 10 },
});

const schema = await buildSchema({
  resolvers: [TaskResolver],
  validate: false,
  authChecker: ({ context }: { context: Context }) => context.user !== null,
});

async function identify(em: EntityManager, authorization: string | undefined): Promise<User | null> {
  if (!authorization?.startsWith('Bearer ')) return null;
  const claims = jwt.verify(authorization.slice(7), process.env.JWT_SECRET ?? '', {
    algorithms: ['HS256'],
    issuer: 'todoql',
    audience: 'todoql',
  }) as jwt.JwtPayload;
  const session = await em.findOne(
    Session,
    { id: claims.sid, user: claims.sub ?? '', expiresAt: { $gt: new Date() } },
    { populate: ['user'] },
  );
  return session?.user ?? null;
}

const server = new ApolloServer<Context>({ schema });
await startStandaloneServer(server, {
  listen: { host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT) },
  context: async ({ req }) => {
    const em = orm.em.fork();
    return { em, user: await identify(em, req.headers.authorization) };
  },
});
