import { Arg, Args, Authorized, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { required } from '../graphql/record-problems.ts';
import { Selected, type Selection, selectionAt } from '../graphql/selection.ts';
import { stillThere } from '../users/create-once.ts';
import { Label } from './label.entity.ts';
import { CreateLabelInput, DeleteLabelInput, UpdateLabelInput } from './label.inputs.ts';
import { findLabel, findLabels } from './label-queries.ts';
import { createLabel, deleteLabel, updateLabel } from './labels.ts';
import { purgeLabels } from './purge-labels.ts';

const LabelConnection = connectionOf(Label);

@ObjectType({ simpleResolvers: true, description: 'The label that was made.' })
class CreateLabelPayload {
  @Field(() => Label, { description: 'The new label.' })
  label!: object;
}

@ObjectType({ simpleResolvers: true, description: 'The label after the change.' })
class UpdateLabelPayload {
  @Field(() => Label, { description: 'The label as it is now.' })
  label!: object;
}

@ObjectType({ simpleResolvers: true, description: 'What is gone.' })
class DeleteLabelPayload {
  @Field(() => ID, { description: 'The id of the label, for caches to drop.' })
  deletedId!: string;
}

@Resolver()
export class LabelResolver {
  @Authorized()
  @Query(() => LabelConnection, { nullable: true, description: 'Your labels, by name.' })
  labels(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<Page<Keyed>> {
    return findLabels(database, viewer, args, selection);
  }

  @Authorized()
  @Mutation(() => CreateLabelPayload, {
    nullable: true,
    description: 'Makes a label. CONFLICT where you have one of that name.',
  })
  async createLabel(
    @Arg('input', () => CreateLabelInput, { description: 'The label.' }) input: CreateLabelInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<CreateLabelPayload> {
    const id = await createLabel(database, viewer, input);
    return { label: stillThere(await findLabel(database, viewer, id, selectionAt(selection, 'label'))) };
  }

  @Authorized()
  @Mutation(() => UpdateLabelPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION, CONFLICT.',
  })
  async updateLabel(
    @Arg('input', () => UpdateLabelInput, { description: 'The label and what to change.' }) input: UpdateLabelInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<UpdateLabelPayload> {
    return database.change(viewer, async (em, _transaction, reader) => {
      await updateLabel(em, viewer, input);
      return { label: required('label', await findLabel(reader, viewer, input.id, selectionAt(selection, 'label'))) };
    });
  }

  @Authorized()
  @Mutation(() => DeleteLabelPayload, {
    nullable: true,
    description: 'Removes a label for good. Tasks lose it, which does not count as a change of theirs. NOT_FOUND.',
  })
  async deleteLabel(
    @Arg('input', () => DeleteLabelInput, { description: 'Which label.' }) input: DeleteLabelInput,
    @Ctx() { database, background }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<DeleteLabelPayload> {
    await database.change(viewer, (em) => deleteLabel(em, viewer, input.id));
    background.soon(purgeLabels);
    return { deletedId: input.id };
  }
}
