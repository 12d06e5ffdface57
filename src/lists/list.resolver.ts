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

@ObjectType({ simpleResolvers: true, description: 'The list that was made.' })
class CreateListPayload {
  @Field(() => TaskList, { description: 'The new list.' })
  list!: object;
}

/** Read in the transaction that has changed it, so that it is there. */
@ObjectType({ simpleResolvers: true })
abstract class ChangedListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object | null;
}

@ObjectType({ simpleResolvers: true, description: 'The list after the change.' })
class UpdateListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The list in its new place.' })
class MoveListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The list in the trash.' })
class DeleteListPayload extends ChangedListPayload {}

@ObjectType({ simpleResolvers: true, description: 'The list out of the trash.' })
class RestoreListPayload extends ChangedListPayload {}

@Authorized()
@Resolver()
export class ListResolver {
  @Query(() => TaskList, {
    nullable: true,
    description: 'One of your lists, in the trash or not; null where you have none of that id.',
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
    description: 'Your lists that are neither put aside nor in the trash, by position.',
  })
  lists(
    @Args(() => ListsArgs) args: ListsArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<Page<PageRow>> {
    return findLists(db, args, selection);
  }

  @Mutation(() => CreateListPayload, { nullable: true, description: 'Makes a list. CONFLICT.' })
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
    description: 'Puts a list right after or before another, or at the end. NOT_FOUND, BAD_USER_INPUT.',
  })
  async moveList(
    @Arg('input', () => MoveListInput, { description: 'The list and where to.' }) input: MoveListInput,
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
      'Puts a list in the trash, and so its tasks, which stay as they are: their `deletedAt` too. NOT_FOUND, STALE_VERSION.',
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
      'Takes a list out of the trash, and so its tasks, but for those that went there by themselves. NOT_FOUND.',
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
