import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Authorized, Ctx, Field, ID, Info, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Database } from '../database/database.ts';
import type { Context } from '../graphql/server/context.ts';
import { connectionOf } from '../read/pages/connection.ts';
import { readEntityPage } from '../read/pages/entity-page.ts';
import { PageArgs } from '../read/pages/page-args.ts';
import { createIdempotently } from '../records/create-idempotently.ts';
import { deleteLabel } from './delete-label.ts';
import { Label } from './label.entity.ts';
import { CreateLabelInput, DeleteLabelInput, LabelArgs, UpdateLabelInput } from './label.inputs.ts';

const LabelConnection = connectionOf(Label);

@ObjectType({ simpleResolvers: true, description: 'The label that was created.' })
class CreateLabelPayload {
  @Field(() => Label, { description: 'The label as it is now.' })
  label!: Label;
}

@ObjectType({ simpleResolvers: true, description: 'The label after the change.' })
class UpdateLabelPayload extends CreateLabelPayload {}

@ObjectType({ simpleResolvers: true, description: 'The deleted label.' })
class DeleteLabelPayload {
  @Field(() => ID, { description: 'The id of the label, to be evicted from caches.' })
  deletedId!: string;
}

/** The viewer's labels with these ids. */
export async function findLabelsById(
  { entities }: Database,
  ids: readonly string[],
): Promise<Record<string, unknown>[]> {
  return (await entities.find(Label, { id: { $in: [...ids] } })).map((label) => ({ ...label }));
}

@Authorized()
@Resolver()
export class LabelResolver {
  @Query(() => Label, { nullable: true, description: 'One of your labels; null if you have none with this id.' })
  label(@Args(() => LabelArgs) { id }: LabelArgs, @Ctx() { db }: Context): Promise<Label | null> {
    return db.entities.findOne(Label, { id });
  }

  @Query(() => LabelConnection, { nullable: true, description: 'Your labels, by name.' })
  labels(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: Context, @Info() info: GraphQLResolveInfo) {
    return readEntityPage(db.entities, Label, { orderBy: { nameKey: 'asc', id: 'asc' }, args, info });
  }

  @Mutation(() => CreateLabelPayload, {
    nullable: true,
    description: 'Creates a label. CONFLICT if the name is taken.',
  })
  async createLabel(
    @Arg('input', () => CreateLabelInput, { description: 'The label.' }) input: CreateLabelInput,
    @Ctx() { db }: Context,
  ): Promise<CreateLabelPayload> {
    const label = await createIdempotently(db, Label, input, ({ em }, own) => {
      return em.create(Label, { ...own, name: input.name, color: input.color ?? null });
    });
    return { label };
  }

  @Mutation(() => UpdateLabelPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION, CONFLICT.',
  })
  async updateLabel(
    @Arg('input', () => UpdateLabelInput, { description: 'The label and what to change.' }) input: UpdateLabelInput,
    @Ctx() { db }: Context,
  ): Promise<UpdateLabelPayload> {
    const { id, expectedVersion, name, color } = input;
    const label = await db.change(async ({ lock }) => (await lock(Label, id)).change({ name, color }, expectedVersion));
    return { label };
  }

  @Mutation(() => DeleteLabelPayload, {
    nullable: true,
    description: 'Permanently deletes a label and removes it from all tasks, whose versions stay the same. NOT_FOUND.',
  })
  async deleteLabel(
    @Arg('input', () => DeleteLabelInput, { description: 'Which label.' }) { id }: DeleteLabelInput,
    @Ctx() { db, jobs }: Context,
  ): Promise<DeleteLabelPayload> {
    await db.change((change) => deleteLabel(change, jobs, id));
    return { deletedId: id };
  }
}
