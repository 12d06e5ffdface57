import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Task, TaskPriority, User } from './entities.ts';

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@ObjectType()
export class TaskConnection {
  @Field(() => [Task])
  nodes!: Task[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}

@ObjectType()
export class TaskPayload {
  @Field(() => Task)
  task!: Task;
}

@ObjectType()
export class AuthPayload {
  @Field(() => String)
  accessToken!: string;

  @Field(() => User)
  user!: User;
}

@InputType()
export class CreateTaskInput {
  @Field(() => String)
  title!: string;

  @Field(() => String, { nullable: true })
  description?: string;

  @Field(() => TaskPriority, { nullable: true })
  priority?: TaskPriority;
}

@InputType()
export class CompleteTaskInput {
  @Field(() => ID)
  id!: string;
}

@InputType()
export class ReopenTaskInput {
  @Field(() => ID)
  id!: string;
}

@InputType()
export class LoginInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;
}
