import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne } from '@mikro-orm/decorators/legacy';
import { Label } from '../labels/label.entity.ts';
import { User } from '../users/user.entity.ts';
import { Task } from './task.entity.ts';

/** A label on a task. All three share the owner's column: a link across users cannot be written. */
@Entity()
@Index({ properties: ['user', 'label', 'task'], name: 'task_label_by_label' })
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
}
