import { EntityName, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { Label } from '../labels/label.entity.ts';
import { TaskList } from '../lists/list.entity.ts';
import { OwnedRecord } from '../records/owned.entity.ts';
import { Due } from './due/due.ts';
import { SubtaskCounts } from './subtask-counts.ts';
import { dueAscending, dueDescending, newestIndex, orderIndex, taskIndex, titleOrderKey } from './task-indexes.ts';
import { TaskPriority } from './task-priority.ts';

/** Labels on a task at most. */
export const maximumLabels = 50;

@ObjectType({ simpleResolvers: true, description: 'A task.' })
@Entity()
// One for each order, read in both directions. Without trashed tasks, which these orders never list.
@Index(orderIndex('task_by_created_at', '"created_at"'))
@Index(orderIndex('task_by_updated_at', '"updated_at"'))
@Index(orderIndex('task_by_priority', '"priority"'))
@Index(orderIndex('task_by_title', titleOrderKey))
// Undated tasks come last in both directions, which takes two keys.
@Index(orderIndex('task_by_due', dueAscending))
@Index(orderIndex('task_by_due_descending', dueDescending))
// For filters that select few of many tasks, newest first: the order of nearly every page.
@Index(newestIndex('task_open_newest', '"user_id"', '"completed_at" is null'))
@Index(newestIndex('task_completed_newest', '"user_id"', '"completed_at" is not null'))
@Index(newestIndex('task_list_newest', '"user_id", "list_id"', 'true'))
@Index(newestIndex('task_priority_newest', '"user_id", "priority"', 'true'))
// For filters by due date.
@Index(taskIndex('task_dated', '"user_id", "due_key", "id"', '"deleted_at" is null and "due_key" is not null'))
// For a change of the user's time zone, which moves the sort keys of these tasks.
@Index(taskIndex('task_zoned', '"user_id", "id"', '"due_at" is not null'))
@Index(newestIndex('task_subtask_newest', '"user_id"', '"parent_id" is not null'))
// With the owner, so that a search does not go through the tasks of other users.
@Index({
  name: 'task_search',
  expression: 'create index "task_search" on "task" using gin ("user_id", "search_text" gin_trgm_ops)',
})
// Sibling groups: the subtasks of a parent, or the top level of a list or the inbox. Trashed tasks keep their positions.
// MikroORM has no option for "nulls not distinct".
@Index({
  name: 'task_place',
  expression:
    'create unique index "task_place" on "task" ("user_id", "list_id", "parent_id", "position") nulls not distinct',
})
@Index({ properties: ['user', 'parent'], name: 'task_by_parent' })
// For pages of the trash, and for purging it.
@Index(taskIndex('task_trashed_newest', '"user_id", "created_at", "id"', '"deleted_at" is not null'))
@Index(taskIndex('task_to_purge', '"deleted_at"', '"deleted_at" is not null'))
export class Task extends OwnedRecord {
  [EntityName]?: 'Task';

  /** The values for null in an input, for columns that are not nullable. */
  static readonly emptyValues: Readonly<Record<string, unknown>> = { description: '', priority: TaskPriority.NONE };

  @Field(() => TaskList, { nullable: true, description: 'The list that it is in; null: the inbox.' })
  @ManyToOne(() => TaskList, {
    ref: true,
    nullable: true,
    joinColumns: ['user_id', 'list_id'],
    ownColumns: ['list_id'],
    deleteRule: 'no action',
  })
  list!: Ref<TaskList> | null;

  @Field(() => Task, { nullable: true, description: 'Its parent task; null at the top level.' })
  @ManyToOne(() => Task, {
    ref: true,
    nullable: true,
    joinColumns: ['user_id', 'parent_id'],
    ownColumns: ['parent_id'],
    deleteRule: 'no action',
  })
  parent!: Ref<Task> | null;

  @Field(() => String, { description: 'Its position among its siblings: ASCII text to be compared as bytes.' })
  @Property({ type: 'text', collation: 'C' })
  position!: string;

  @Field(() => String, { description: 'One line, 1 to 500 characters.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String, {
    complexity: 5,
    description: 'Markdown, stored as written; at most 20,000 characters. Empty if there is none.',
  })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => TaskPriority, { description: 'Its priority.' })
  @Enum({ items: () => TaskPriority, type: 'smallint' })
  priority!: TaskPriority;

  @Property({ type: 'date', nullable: true, hidden: true })
  dueDate!: string | null;

  @Property({ type: 'time', length: 0, nullable: true, hidden: true })
  dueTime!: string | null;

  @Property({ type: 'text', nullable: true, hidden: true })
  dueTimeZone!: string | null;

  /** The instant of a time in a zone. */
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  dueAt!: Date | null;

  /** The sort key of due dates, also used by filters; written by SQL only. See dueKeyOf. */
  @Property({ type: 'string', columnType: 'timestamp(3)', nullable: true, hidden: true, lazy: true })
  dueKey?: string | null;

  /** The text that searches match: see searchTextOf. */
  @Property({ type: 'text', hidden: true, lazy: true, default: '' })
  searchText!: Opt<string>;

  @Field(() => DateTime, { nullable: true, description: 'When it was completed; null while it is open.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  completedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it was deleted, by itself or with its parent. It is also in the trash while `list { deletedAt }` is set.',
  })
  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt!: Date | null;

  get completed(): Opt<boolean> {
    return this.completedAt !== null;
  }

  static {
    // Not a decorator of the getter: TypeGraphQL would make an entity of each row to call it, while queries select it.
    Field(() => Boolean, { description: 'Whether it is completed.' })(Task.prototype, 'completed');
    // Queries build it from four columns.
    Field(() => Due, { nullable: true, description: 'When it is due.' })(Task.prototype, 'due');
    // Queries collect them from other rows (task-columns.ts).
    const labels = { complexity: 5, description: 'Its labels, by name; at most 50.' };
    Field(() => [Label], labels)(Task.prototype, 'labels');
    const counts = {
      description:
        'How many direct subtasks it has, without those in the trash. If its list is in the trash, all of them.',
    };
    Field(() => SubtaskCounts, counts)(Task.prototype, 'subtaskCounts');
  }
}
