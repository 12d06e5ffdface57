import { Arg, Args, Authorized, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import { connectionOf, type Page } from '../read/pages/connection.ts';
import type { PageRow } from '../read/pages/page-request.ts';
import { Selected, type Selection } from '../read/selection.ts';
import { requireFound } from '../records/create-idempotently.ts';
import { TaskList } from './list.entity.ts';
import {
  CreateListInput,
  DeleteListInput,
  ListArgs,
  ListsArgs,
  MoveListInput,
  RestoreListInput,
  UpdateListInput,
} from './list.inputs.ts';
import { findList, findLists } from './list-queries.ts';
import { createList, deleteList, moveList, restoreList, updateList } from './lists.ts';

const TaskListConnection = connectionOf(TaskList);

@ObjectType({ simpleResolvers: true, description: 'The list that was created.' })
class CreateListPayload {
  @Field(() => TaskList, { description: 'The new list.' })
  list!: object;
}

/** Read in the transaction that changed it, so it exists. */
@ObjectType({ simpleResolvers: true })
abstract class ChangedListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object | null;
}

@ObjectType({ simpleResolvers: true, description: 'The list after the change.' })
class UpdateListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The list in its new position.' })
class MoveListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The list in the trash.' })
class DeleteListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The restored list.' })
class RestoreListPayload extends ChangedListPayload {}

@Authorized()
@Resolver()
export class ListResolver {
  @Query(() => TaskList, {
    nullable: true,
    description: 'One of your lists, even in the trash; null if you have none with this id.',
  })
  list(
    @Args(() => ListArgs) { id }: ListArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<object | null> {
    return findList(db, id, selection);
  }

  @Query(() => TaskListConnection, {
    nullable: true,
    description: 'Your lists that are neither archived nor in the trash, by position.',
  })
  lists(
    @Args(() => ListsArgs) args: ListsArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<Page<PageRow>> {
    return findLists(db, args, selection);
  }

  @Mutation(() => CreateListPayload, { nullable: true, description: 'Creates a list. CONFLICT.' })
  async createList(
    @Arg('input', () => CreateListInput, { description: 'The list.' }) input: CreateListInput,
    @Ctx() { db }: Context,
    @Selected('list') selection: Selection,
  ): Promise<CreateListPayload> {
    const { id } = await createList(db, input);
    return { list: await requireFound(db, await findList(db, id, selection)) };
  }

  @Mutation(() => UpdateListPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION.',
  })
  async updateList(
    @Arg('input', () => UpdateListInput, { description: 'The list and what to change.' }) input: UpdateListInput,
    @Ctx() { db }: Context,
    @Selected('list') selection: Selection,
  ): Promise<UpdateListPayload> {
    return db.change(async (change) => {
      await updateList(change, input);
      return { list: await findList(change, input.id, selection) };
    });
  }

  @Mutation(() => MoveListPayload, {
    nullable: true,
    description: 'Moves a list right after or before another, or to the end. NOT_FOUND, BAD_USER_INPUT.',
  })
  async moveList(
    @Arg('input', () => MoveListInput, { description: 'The list and where to move it.' }) input: MoveListInput,
    @Ctx() { db }: Context,
    @Selected('list') selection: Selection,
  ): Promise<MoveListPayload> {
    return db.change(async (change) => {
      await moveList(change, input);
      return { list: await findList(change, input.id, selection) };
    });
  }

  @Mutation(() => DeleteListPayload, {
    nullable: true,
    description:
      'Moves a list and its tasks to the trash. The tasks stay as they are, including their `deletedAt`. NOT_FOUND, STALE_VERSION.',
  })
  async deleteList(
    @Arg('input', () => DeleteListInput, { description: 'Which list.' }) input: DeleteListInput,
    @Ctx() { db }: Context,
    @Selected('list') selection: Selection,
  ): Promise<DeleteListPayload> {
    return db.change(async (change) => {
      await deleteList(change, input);
      return { list: await findList(change, input.id, selection) };
    });
  }

  @Mutation(() => RestoreListPayload, {
    nullable: true,
    description:
      'Restores a list and its tasks from the trash, except tasks that were deleted by themselves. NOT_FOUND.',
  })
  async restoreList(
    @Arg('input', () => RestoreListInput, { description: 'Which list.' }) { id }: RestoreListInput,
    @Ctx() { db }: Context,
    @Selected('list') selection: Selection,
  ): Promise<RestoreListPayload> {
    return db.change(async (change) => {
      await restoreList(change, id);
      return { list: await findList(change, id, selection) };
    });
  }
}
