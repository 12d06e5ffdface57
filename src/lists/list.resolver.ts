import { Arg, Args, Authorized, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { required } from '../graphql/record-problems.ts';
import { Selected, type Selection, selectionAt } from '../graphql/selection.ts';
import { stillThere } from '../users/create-once.ts';
import { TaskList } from './list.entity.ts';
import { CreateListInput, ListArgs, ListsArgs, MoveListInput, UpdateListInput } from './list.inputs.ts';
import { findList, findLists } from './list-queries.ts';
import { createList, moveList, updateList } from './lists.ts';

const TaskListConnection = connectionOf(TaskList);

@ObjectType({ simpleResolvers: true, description: 'The list that was made.' })
class CreateListPayload {
  @Field(() => TaskList, { description: 'The new list.' })
  list!: object;
}

@ObjectType({ simpleResolvers: true, description: 'The list after the change.' })
class UpdateListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object;
}

@ObjectType({ simpleResolvers: true, description: 'The list in its new place.' })
class MoveListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object;
}

@Resolver()
export class ListResolver {
  @Authorized()
  @Query(() => TaskList, {
    nullable: true,
    description: 'One of your lists, in the trash or not; null where you have none of that id.',
  })
  list(
    @Args(() => ListArgs) { id }: ListArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<object | null> {
    return findList(database, viewer, id, selection);
  }

  @Authorized()
  @Query(() => TaskListConnection, {
    nullable: true,
    description: 'Your lists that are neither put aside nor in the trash, by position.',
  })
  lists(
    @Args(() => ListsArgs) args: ListsArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<Page<Keyed>> {
    return findLists(database, viewer, args, selection);
  }

  @Authorized()
  @Mutation(() => CreateListPayload, { nullable: true, description: 'Makes a list. CONFLICT.' })
  async createList(
    @Arg('input', () => CreateListInput, { description: 'The list.' }) input: CreateListInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<CreateListPayload> {
    const { id } = await createList(database, viewer, input);
    const made = await findList(database, viewer, id, selectionAt(selection, 'list'));
    return { list: await stillThere(database, viewer, made) };
  }

  @Authorized()
  @Mutation(() => UpdateListPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION.',
  })
  async updateList(
    @Arg('input', () => UpdateListInput, { description: 'The list and what to change.' }) input: UpdateListInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<UpdateListPayload> {
    return database.change(viewer, async (em, _transaction, reader) => {
      await updateList(em, viewer, input);
      return { list: required('list', await findList(reader, viewer, input.id, selectionAt(selection, 'list'))) };
    });
  }

  @Authorized()
  @Mutation(() => MoveListPayload, {
    nullable: true,
    description: 'Puts a list right after or before another, or at the end. NOT_FOUND, BAD_USER_INPUT.',
  })
  async moveList(
    @Arg('input', () => MoveListInput, { description: 'The list and where to.' }) input: MoveListInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<MoveListPayload> {
    return database.change(viewer, async (em, transaction, reader) => {
      await moveList(em, transaction, viewer, input);
      return { list: required('list', await findList(reader, viewer, input.id, selectionAt(selection, 'list'))) };
    });
  }
}
