import { EntityName, type Opt, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars.ts';
import { User } from '../users/user.entity.ts';

/** Stored as its number, so that ORDER BY follows urgency. */
export enum TaskPriority {
  NONE = 0,
  LOW = 1,
  MEDIUM = 2,
  HIGH = 3,
  URGENT = 4,
}

registerEnumType(TaskPriority, {
  name: 'TaskPriority',
  description: 'How much a task presses, from NONE to URGENT.',
  valuesConfig: {
    NONE: { description: 'No priority given.' },
    LOW: { description: 'Can wait.' },
    MEDIUM: { description: 'Should be done soon.' },
    HIGH: { description: 'Comes before others.' },
    URGENT: { description: 'Comes first.' },
  },
});

/** What titles are sorted by: code points, ASCII letters folded, the same on every PostgreSQL whatever its locale. */
export const titleOrderKey = 'lower("title" collate "C")';

function orderIndex(name: string, key: string) {
  const expression = `create index "${name}" on "task" ("user_id", ${key}, "id") where "deleted_at" is null`;
  return { name, expression };
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'Something to be done.' })
@Entity()
// One for each order of tasks, read forwards and backwards alike. Only what is not in the trash is ever listed.
@Index(orderIndex('task_by_created_at', '"created_at"'))
@Index(orderIndex('task_by_updated_at', '"updated_at"'))
@Index(orderIndex('task_by_priority', '"priority"'))
@Index(orderIndex('task_by_title', titleOrderKey))
export class Task implements Node {
  [EntityName]?: 'Task';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  @Unique()
  id!: string;

  @Field(() => String, { description: 'One line, 1 to 500 characters.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String, {
    complexity: 5,
    description: 'Markdown, stored as written; at most 20,000 characters. Empty text when there is none.',
  })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => TaskPriority, { description: 'How much it presses.' })
  @Enum({ items: () => TaskPriority, type: 'smallint' })
  priority!: TaskPriority;

  @Field(() => DateTime, { nullable: true, description: 'When it was completed; null while it is open.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  completedAt!: Date | null;

  @Field(() => Int, { description: '1 when created, one more at every change.' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it went to the trash; null while it is not there.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt!: Date | null;

  /** SHA-256 of the input that made the task under an id of the client's, to tell its retry from a clash. */
  @Property({ type: 'text', nullable: true, hidden: true })
  inputHash!: string | null;

  get completed(): Opt<boolean> {
    return this.completedAt !== null;
  }

  static {
    // Called, not written above the getter: TypeGraphQL would build an entity around each row just to ask its getter,
    // while queries select this as a column of its own.
    Field(() => Boolean, { description: 'Whether it is done.' })(Task.prototype, 'completed');
  }

  /** Whether the change would make a difference. */
  differsFrom(change: TaskChange): boolean {
    return Object.entries(change).some(([name, value]) => this[name as keyof TaskChange] !== value);
  }

  /** Sets the fields that are given, as one change: one version and one updatedAt for all of it. */
  apply(change: TaskChange): void {
    Object.assign(this, change);
    this.version += 1;
    this.updatedAt = new Date();
  }
}

/** The fields that a change may set. */
export type TaskChange = Partial<Pick<Task, 'title' | 'description' | 'priority' | 'completedAt' | 'deletedAt'>>;
