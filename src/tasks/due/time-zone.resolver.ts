import { Arg, Authorized, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { KnownZone, NotNull } from '../../graphql/inputs/field-rules.ts';
import { TimeZone } from '../../graphql/scalars/time-scalars.ts';
import type { Context } from '../../graphql/server/context.ts';
import { User } from '../../users/user.entity.ts';
import { changeTimeZone, moveDues } from './change-time-zone.ts';

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

/** Here and not with users: whose day it is decides where that user's tasks stand among each other. */
@Authorized()
@Resolver()
export class TimeZoneResolver {
  @Mutation(() => UpdateMePayload, { nullable: true, description: 'Changes the fields that are given.' })
  async updateMe(
    @Arg('input', () => UpdateMeInput, { description: 'What to change.' }) { timeZone }: UpdateMeInput,
    @Ctx() { db, background }: Context,
  ): Promise<UpdateMePayload> {
    const { viewer } = db;
    if (timeZone === undefined) return { user: viewer };
    const isLeft = await db.change((change) => changeTimeZone(change, timeZone));
    if (isLeft) background.soon(moveDues);
    return { user: { ...viewer, timeZone } };
  }
}
