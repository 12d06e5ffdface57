import { EntityName, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { Label } from '../labels/label.entity.ts';
import { TaskList } from '../lists/list.entity.ts';
import { OwnedRecord } from '../records/owned.entity.ts';
import { Due } from './due/due.ts';
import { dueAscending, dueDescending, newestIndex, orderIndex, taskIndex, titleOrderKey } from './task-indexes.ts';
import { TaskPriority } from './task-priority.ts';

/** Labels on a task at most. */
export const maximumLabels = 50;

@ObjectType({ simpleResolvers: true, description: 'A task.' })
@Entity()
// One for each order of tasks, read forwards and backwards alike. Only what is not in the trash is ever listed.
@Index(orderIndex('task_by_created_at', '"created_at"'))
@Index(orderIndex('task_by_updated_at', '"updated_at"'))
@Index(orderIndex('task_by_priority', '"priority"'))
@Index(orderIndex('task_by_title', titleOrderKey))
// Undated tasks come last in both directions: two keys, which differ in where a missing due stands.
@Index(orderIndex('task_by_due', dueAscending))
@Index(orderIndex('task_by_due_descending', dueDescending))
// Newest first is the order of nearly every list; these few are what its filters pick from many.
@Index(newestIndex('task_open_newest', '"user_id"', '"completed_at" is null'))
@Index(newestIndex('task_completed_newest', '"user_id"', '"completed_at" is not null'))
@Index(newestIndex('task_list_newest', '"user_id", "list_id"', 'true'))
@Index(newestIndex('task_priority_newest', '"user_id", "priority"', 'true'))
// What has a due, for bounds on it.
@Index(taskIndex('task_dated', '"user_id", "due_key", "id"', '"deleted_at" is null and "due_key" is not null'))
// What has an instant, for a user who moves to another zone.
@Index(taskIndex('task_zoned', '"user_id", "id"', '"due_at" is not null'))
@Index(newestIndex('task_subtask_newest', '"user_id"', '"parent_id" is not null'))
// The owner is part of the index, so that the words of others are not looked through.
@Index({
  name: 'task_search',
  expression: 'create index "task_search" on "task" using gin ("user_id", "search_text" gin_trgm_ops)',
})
// The children of one parent, or the top level of a list or of the inbox; trashed ones keep their places. A null is one
// group like any other, which MikroORM has no word for.
@Index({
  name: 'task_place',
  expression:
    'create unique index "task_place" on "task" ("user_id", "list_id", "parent_id", "position") nulls not distinct',
})
@Index({ properties: ['user', 'parent'], name: 'task_by_parent' })
// What the trash shows, and what is purged from it.
@Index(taskIndex('task_trashed_newest', '"user_id", "created_at", "id"', '"deleted_at" is not null'))
@Index(taskIndex('task_to_purge', '"deleted_at"', '"deleted_at" is not null'))
export class Task extends OwnedRecord {
  [EntityName]?: 'Task';

  /** What an input's null stands for where the column holds none. */
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

  /** What DUE sorts and due filters by; kept by SQL alone: see dueKeyOf. */
  @Property({ type: 'string', columnType: 'timestamp(3)', nullable: true, hidden: true, lazy: true })
  dueKey?: string | null;

  /** What search looks in: see searchTextOf. */
  @Property({ type: 'text', hidden: true, lazy: true, default: '' })
  searchText!: Opt<string>;

  @Field(() => DateTime, { nullable: true, description: 'When it was completed; null while it is open.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  completedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it went to the trash by itself or with its parent. It is there too while `list { deletedAt }` is set.',
  })
  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt!: Date | null;

  get completed(): Opt<boolean> {
    return this.completedAt !== null;
  }

  static {
    // Called, not written above the getter: TypeGraphQL would build an entity around each row just to ask its getter,
    // while queries select this as a column of its own.
    Field(() => Boolean, { description: 'Whether it is completed.' })(Task.prototype, 'completed');
    // Four columns: queries put them together.
    Field(() => Due, { nullable: true, description: 'When it is due.' })(Task.prototype, 'due');
    // No column either: queries gather them (task-columns.ts).
    const labels = { complexity: 5, description: 'Its labels, by name; at most 50.' };
    Field(() => [Label], labels)(Task.prototype, 'labels');
  }
}
