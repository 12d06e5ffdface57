import { Arg, Authorized, Ctx, Field, InputType, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Database } from '../database/database.ts';
import { KnownZone, NotNull } from '../graphql/inputs/field-rules.ts';
import { TimeZone } from '../graphql/scalars/time-scalars.ts';
import type { Context } from '../graphql/server/context.ts';
import type { FindNode } from '../read/node.resolver.ts';
import type { Viewer } from '../viewer.ts';
import { User } from './user.entity.ts';
import { viewerColumns } from './viewer-columns.ts';

/** Finds only the viewer. */
export const findUser: FindNode = Object.assign(
  async ({ viewer }: Database, id: string) => (id === viewer.id ? viewer : null),
  // A viewer is read as a row: see viewer-columns.ts.
  { columns: { entity: User } },
);

/** The viewer, as the database has it now. */
export async function readUser(db: Database): Promise<Record<string, unknown>[]> {
  const rows = await db.read(
    'user',
    ({ owner }) => {
      const users = db.kysely.selectFrom('user').where('id', '=', owner).where('purged_at', 'is', null);
      return users.select(viewerColumns(db.metadata));
    },
    {},
  );
  return rows.map((row) => ({ ...row }));
}

@InputType({ description: 'Changes to your account. Fields left out stay as they are.' })
class UpdateMeInput {
  @Field(() => TimeZone, {
    nullable: true,
    description: 'The time zone for days and floating times; cannot be cleared.',
  })
  @NotNull('The time zone')
  @KnownZone()
  timeZone?: string;
}

@ObjectType({ simpleResolvers: true, description: 'Your account after the change.' })
class UpdateMePayload {
  @Field(() => User, { description: 'Your account as it is now.' })
  user!: Pick<User, 'id' | 'email' | 'timeZone'>;
}

@Authorized()
@Resolver()
export class UserResolver {
  /** @param changeTimeZone sets the time zone and updates what depends on it: the sort keys of due dates (tasks/due/) */
  constructor(private readonly changeTimeZone: (context: Context, timeZone: string) => Promise<void>) {}

  @Query(() => User, { description: 'The user who is logged in.' })
  me(@Ctx() { db }: Context): Viewer {
    return db.viewer;
  }

  @Mutation(() => UpdateMePayload, { nullable: true, description: 'Changes the fields that are given.' })
  async updateMe(
    @Arg('input', () => UpdateMeInput, { description: 'What to change.' }) { timeZone }: UpdateMeInput,
    @Ctx() context: Context,
  ): Promise<UpdateMePayload> {
    const { viewer } = context.db;
    if (timeZone === undefined) return { user: viewer };
    await this.changeTimeZone(context, timeZone);
    return { user: { ...viewer, timeZone } };
  }
}
