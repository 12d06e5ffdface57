import { Field, Int, ObjectType } from 'type-graphql';

// Each is counted for every task of a page, and a task may have a thousand.
const complexity = 2;

@ObjectType({ simpleResolvers: true, description: 'How many direct subtasks a task has.' })
export class SubtaskCounts {
  @Field(() => Int, { complexity, description: 'All of them.' })
  total!: number;

  @Field(() => Int, { complexity, description: 'Those that are completed.' })
  completed!: number;
}
