import { Arg, Authorized, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { required } from '../graphql/record-problems.ts';
import { Selected, type Selection, selectionAt } from '../graphql/selection.ts';
import { TaskList } from '../lists/list.entity.ts';
import { DeleteListInput, RestoreListInput } from '../lists/list.inputs.ts';
import { findList } from '../lists/list-queries.ts';
import { deleteList, restoreList } from './list-trash.ts';

@ObjectType({ simpleResolvers: true, description: 'The list in the trash.' })
class DeleteListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object;
}

@ObjectType({ simpleResolvers: true, description: 'The list out of the trash.' })
class RestoreListPayload {
  @Field(() => TaskList, { description: 'The list as it is now.' })
  list!: object;
}

/** Here and not with the lists: what happens to a list's tasks is the tasks' affair. */
@Resolver()
export class ListTrashResolver {
  @Authorized()
  @Mutation(() => DeleteListPayload, {
    nullable: true,
    description:
      'Puts a list in the trash, and so its tasks, which stay as they are: their `deletedAt` too. NOT_FOUND, STALE_VERSION.',
  })
  async deleteList(
    @Arg('input', () => DeleteListInput, { description: 'Which list.' }) input: DeleteListInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<DeleteListPayload> {
    return database.change(viewer, async (em, transaction, reader) => {
      await deleteList(em, transaction, viewer, input);
      return { list: required('list', await findList(reader, viewer, input.id, selectionAt(selection, 'list'))) };
    });
  }

  @Authorized()
  @Mutation(() => RestoreListPayload, {
    nullable: true,
    description:
      'Takes a list out of the trash, and so its tasks, but for those that went there by themselves. NOT_FOUND.',
  })
  async restoreList(
    @Arg('input', () => RestoreListInput, { description: 'Which list.' }) input: RestoreListInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<RestoreListPayload> {
    return database.change(viewer, async (em, transaction, reader) => {
      await restoreList(em, transaction, viewer, input.id);
      return { list: required('list', await findList(reader, viewer, input.id, selectionAt(selection, 'list'))) };
    });
  }
}
