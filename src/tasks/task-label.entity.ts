import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, Filter, Index, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { Label } from '../labels/label.entity.ts';
import { User } from '../users/user.entity.ts';
import { Task } from './task.entity.ts';

/** A label of a task. Both foreign keys share the owner's column, so that no link between users is possible. */
@Entity()
@Filter({ name: 'owner', cond: ({ id }) => ({ user: id }), default: true })
// A label's tasks, newest first.
@Index({ properties: ['user', 'label', 'createdAt', 'task'], name: 'task_label_newest' })
export class TaskLabel {
  [EntityName]?: 'TaskLabel';
  [PrimaryKeyProp]?: ['user', 'task', 'label'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @ManyToOne(() => Task, {
    primary: true,
    ref: true,
    joinColumns: ['user_id', 'task_id'],
    ownColumns: ['task_id'],
    deleteRule: 'cascade',
  })
  task!: Ref<Task>;

  @ManyToOne(() => Label, {
    primary: true,
    ref: true,
    joinColumns: ['user_id', 'label_id'],
    ownColumns: ['label_id'],
    deleteRule: 'cascade',
  })
  label!: Ref<Label>;

  /** A copy of the task's createdAt, which never changes, for an index of a label's newest tasks. */
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;
}
