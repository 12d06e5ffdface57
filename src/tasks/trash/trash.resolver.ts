import { Arg, Authorized, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { inputsOf } from '../../graphql/inputs/record-inputs.ts';
import type { Context } from '../../graphql/server/context.ts';
import { emptyTrash } from './empty-trash.ts';
import { purgeList } from './purge-list.ts';

const { ByIdInput } = inputsOf('list');

@InputType({ description: 'The list in the trash to delete permanently, with its tasks.' })
class PurgeListInput extends ByIdInput {}

@ObjectType({ simpleResolvers: true, description: 'The purged list.' })
class PurgeListPayload {
  @Field(() => ID, { description: 'The id of the list, to be evicted from caches with its tasks.' })
  purgedId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What was removed from the trash.' })
class EmptyTrashPayload {
  @Field(() => Int, { description: 'The number of tasks, with those of the lists.' })
  purgedTasks!: number;

  @Field(() => Int, { description: 'The number of lists.' })
  purgedLists!: number;
}

@Authorized()
@Resolver()
export class TrashResolver {
  @Mutation(() => PurgeListPayload, {
    nullable: true,
    description:
      'Permanently removes a list in the trash, with its tasks. NOT_FOUND; BAD_USER_INPUT if it is not in the trash.',
  })
  async purgeList(
    @Arg('input', () => PurgeListInput, { description: 'Which list.' }) { id }: PurgeListInput,
    @Ctx() { db, jobs }: Context,
  ): Promise<PurgeListPayload> {
    await db.change((change) => purgeList(change, jobs, id));
    return { purgedId: id };
  }

  @Mutation(() => EmptyTrashPayload, {
    nullable: true,
    description: 'Permanently removes all tasks and lists in the trash.',
  })
  emptyTrash(@Ctx() { db, jobs }: Context): Promise<EmptyTrashPayload> {
    return db.change((change) => emptyTrash(change, jobs));
  }
}
