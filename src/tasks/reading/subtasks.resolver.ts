import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/server/context.ts';
import { TaskList } from '../../lists/list.entity.ts';
import { Needs } from '../../read/needs.ts';
import type { Page } from '../../read/pages/connection.ts';
import { PageArgs } from '../../read/pages/page-args.ts';
import type { PageRow } from '../../read/pages/page-request.ts';
import { Selected, type Selection } from '../../read/selection.ts';
import { Task } from '../task.entity.ts';
import { TaskConnection } from '../task.payloads.ts';
import { TasksOfListArgs } from './task-page.inputs.ts';
import { findSubtasks, findTasksOfList } from './task-queries.ts';

/** The fields of a record that a page below it needs. */
interface Parent {
  readonly id: string;
  readonly deletedAt: unknown;
}

@Resolver(() => Task)
export class SubtasksResolver {
  @Needs('id', 'deletedAt')
  @FieldResolver(() => TaskConnection, {
    description: 'Its subtasks, by position. If it is in the trash itself, those in the trash.',
  })
  subtasks(
    @Root() { id, deletedAt }: Parent,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
    @Selected() selection: Selection,
  ): Promise<Page<PageRow>> {
    return findSubtasks(context, { id, isTrashed: deletedAt !== null }, args, selection);
  }
}

@Resolver(() => TaskList)
export class TasksOfListResolver {
  @Needs('id')
  @FieldResolver(() => TaskConnection, {
    description:
      'Its tasks: the top level by position, unless `orderBy` asks for another order, with subtasks among them.',
  })
  tasks(
    @Root() { id }: Parent,
    @Args(() => TasksOfListArgs) args: TasksOfListArgs,
    @Ctx() context: Context,
    @Selected() selection: Selection,
  ): Promise<Page<PageRow>> {
    return findTasksOfList(context, id, args, selection);
  }
}
