import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { v7 as uuidv7 } from 'uuid';

export enum TaskPriority {
  NONE = 0,
  LOW = 1,
  MEDIUM = 2,
  HIGH = 3,
  URGENT = 4,
}

registerEnumType(TaskPriority, { name: 'TaskPriority' });

@ObjectType()
@Entity()
export class User {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @Field(() => String)
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'text' })
  passwordHash!: string;

  @Property({ type: 'datetime', length: 3 })
  createdAt: Date = new Date();

  @OneToMany(
    () => Task,
    (task) => task.user,
  )
  tasks = new Collection<Task>(this);
}

@Entity()
export class Session {
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @ManyToOne(() => User)
  user!: User;

  @Property({ type: 'datetime', length: 3 })
  createdAt: Date = new Date();

  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;
}

@ObjectType()
@Entity()
export class TaskList {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;
}

@ObjectType()
@Entity()
export class Label {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @Field(() => String)
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  nameKey!: string;

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  color: string | null = null;
}

@ObjectType()
@Entity()
export class Task {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id: string = uuidv7();

  @ManyToOne(() => User)
  user!: User;

  @ManyToOne(() => TaskList, { nullable: true })
  list: TaskList | null = null;

  @ManyToOne(() => Task, { nullable: true })
  parent: Task | null = null;

  @Property({ type: 'text', defaultRaw: 'gen_random_uuid()::text' })
  position!: string & Opt;

  @Field(() => String)
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  description: string & Opt = '';

  @Field(() => TaskPriority)
  @Property({ type: 'smallint' })
  priority: TaskPriority & Opt = TaskPriority.NONE;

  @Property({ type: 'datetime', length: 3, nullable: true })
  completedAt: Date | null = null;

  @Field(() => Int)
  @Property({ type: 'integer' })
  version: number & Opt = 1;

  @Field(() => Date)
  @Property({ type: 'datetime', length: 3 })
  createdAt: Date & Opt = new Date();

  @Field(() => Date)
  @Property({ type: 'datetime', length: 3, onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt: Date | null = null;

  @Field(() => Boolean)
  get completed(): boolean & Opt {
    return this.completedAt !== null;
  }
}

@Entity()
export class TaskLabel {
  @ManyToOne(() => User, { primary: true })
  user!: User;

  @ManyToOne(() => Task, { primary: true })
  task!: Task;

  @ManyToOne(() => Label, { primary: true })
  label!: Label;
}
