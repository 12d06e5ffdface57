import type { EntityManager } from '@mikro-orm/postgresql';
import bcrypt from 'bcrypt';
import jwt from 'jsonwebtoken';
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Label, Session, Task, TaskLabel, TaskList, User } from './entities.ts';
import {
  AuthPayload,
  CompleteTaskInput,
  CreateTaskInput,
  LoginInput,
  ReopenTaskInput,
  TaskConnection,
  TaskPayload,
} from './types.ts';

export interface Context {
  readonly em: EntityManager;
  readonly user: User | null;
}

const lifetime = 7 * 86_400;

@Resolver(() => Task)
export class TaskResolver {
  @Authorized()
  @Query(() => TaskConnection)
  async tasks(
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Ctx() { em, user }: Context,
  ): Promise<TaskConnection> {
    const found = await em.find(
      Task,
      { user, deletedAt: null },
      { orderBy: { createdAt: 'desc', id: 'desc' }, limit: first + 1 },
    );
    return pageOf(found, first);
  }

  // Each task asks for what belongs to it, which nobody notices with ten of them.
  @FieldResolver(() => TaskList, { nullable: true })
  list(@Root() task: Task, @Ctx() { em }: Context): Promise<TaskList | null> | null {
    return task.list && em.findOne(TaskList, { id: task.list.id });
  }

  @FieldResolver(() => [Label])
  async labels(@Root() task: Task, @Ctx() { em }: Context): Promise<Label[]> {
    const links = await em.find(
      TaskLabel,
      { user: task.user, task },
      { populate: ['label'], orderBy: { label: { nameKey: 'asc' } } },
    );
    return links.map(({ label }) => label);
  }

  @FieldResolver(() => TaskConnection)
  async subtasks(
    @Root() parent: Task,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Ctx() { em }: Context,
  ): Promise<TaskConnection> {
    const found = await em.find(
      Task,
      { user: parent.user, parent, deletedAt: null },
      { orderBy: { position: 'asc' }, limit: first + 1 },
    );
    return pageOf(found, first);
  }

  @Authorized()
  @Query(() => Task, { nullable: true })
  task(@Arg('id', () => ID) id: string, @Ctx() { em, user }: Context): Promise<Task | null> {
    return em.findOne(Task, { id, user });
  }

  @Authorized()
  @Mutation(() => TaskPayload)
  async createTask(
    @Arg('input', () => CreateTaskInput) input: CreateTaskInput,
    @Ctx() { em, user }: Context,
  ): Promise<TaskPayload> {
    const task = em.create(Task, { ...input, user: user as User });
    await em.flush();
    return { task };
  }

  @Authorized()
  @Mutation(() => TaskPayload)
  completeTask(
    @Arg('input', () => CompleteTaskInput) { id }: CompleteTaskInput,
    @Ctx() context: Context,
  ): Promise<TaskPayload> {
    return setCompleted(context, id, true);
  }

  @Authorized()
  @Mutation(() => TaskPayload)
  reopenTask(
    @Arg('input', () => ReopenTaskInput) { id }: ReopenTaskInput,
    @Ctx() context: Context,
  ): Promise<TaskPayload> {
    return setCompleted(context, id, false);
  }

  @Mutation(() => AuthPayload)
  async login(@Arg('input', () => LoginInput) input: LoginInput, @Ctx() { em }: Context): Promise<AuthPayload> {
    const user = await em.findOne(User, { email: input.email });
    if (!user || !(await bcrypt.compare(input.password, user.passwordHash))) throw new Error('Invalid credentials');
    const session = em.create(Session, {
      user,
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + lifetime * 1_000),
    });
    await em.flush();
    const claims = { email: user.email, sid: session.id };
    const accessToken = jwt.sign(claims, process.env.JWT_SECRET ?? '', {
      issuer: 'todoql',
      audience: 'todoql',
      subject: user.id,
      expiresIn: lifetime,
    });
    return { accessToken, user };
  }
}

function pageOf(found: Task[], first: number): TaskConnection {
  const nodes = found.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: found.length > first, endCursor: nodes.at(-1)?.id ?? null } };
}

async function setCompleted({ em, user }: Context, id: string, isCompleted: boolean): Promise<TaskPayload> {
  const task = await em.findOneOrFail(Task, { id, user, deletedAt: null });
  task.completedAt = isCompleted ? new Date() : null;
  task.version += 1;
  await em.flush();
  return { task };
}
