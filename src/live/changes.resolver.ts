import {
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Extensions,
  Field,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { Rule } from '../graphql/inputs/input-rules.ts';
import { Node } from '../graphql/node.ts';
import type { Context } from '../graphql/server/context.ts';
import { Selected, type Selection } from '../read/selection.ts';
import { type Change, ChangeKind, type ChangePage, type RecordFinders, readChanges } from './read-changes.ts';

const usualSize = 100;
const maximumSize = 500;
/** Whatever fields of its own the record is asked for. With the change and the counts of subtasks, less than 10: 500 whole records fit. */
const costOfRecord = 4;

registerEnumType(ChangeKind, {
  name: 'ChangeKind',
  description: 'What happened to a record.',
  valuesConfig: {
    SAVED: { description: 'It was created or changed. In the trash is a state of a record.' },
    REMOVED: {
      description:
        'It was removed for good. A label is gone from every task; a list takes along the tasks in it. Subtasks have changes of their own.',
    },
  },
});

@ObjectType('Change', { simpleResolvers: true, description: 'A record that changed.' })
class ChangeType implements Change {
  @Field(() => ChangeKind, { description: 'Whether it was saved or removed for good.' })
  kind!: ChangeKind;

  @Field(() => ID, { description: 'The id of the record.' })
  id!: string;

  @Field(() => String, { description: 'The type of the record, such as "Task".' })
  typeName!: string;

  @Extensions({ flatCost: costOfRecord })
  @Field(() => Node, {
    nullable: true,
    description: 'The record as it is now: a Task, TaskList, Label or User. null if it was removed.',
  })
  record!: object | null;
}

@ObjectType('ChangePage', { simpleResolvers: true, description: 'A page of changes, in their order.' })
export class ChangePageType implements ChangePage {
  @Field(() => [ChangeType], { description: 'Each record once, as it is now.' })
  changes!: readonly Change[];

  @Field(() => String, { description: 'Where the page ends: what to ask for next comes after it.' })
  cursor!: string;

  @Field(() => Boolean, { description: 'Whether there is more already.' })
  hasMore!: boolean;
}

@ArgsType()
class ChangesArgs {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last page; without one, the pages hold everything there is.',
  })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'Size of the page: 100 by default, at most 500.' })
  @Rule(
    'OUT_OF_RANGE',
    `A page has 1 to ${maximumSize} changes.`,
    (size) => size === null || (Number(size) >= 1 && Number(size) <= maximumSize),
  )
  first?: number | null;
}

@Authorized()
@Resolver()
export class ChangesResolver {
  constructor(private readonly finders: RecordFinders) {}

  @Extensions({ pageSizes: { usual: usualSize, maximum: maximumSize } })
  @Query(() => ChangePageType, {
    nullable: true,
    description:
      'What changed after a cursor, for a local copy: a client that applies every page in order holds what the server holds. ' +
      'A page ends early when it is large. CURSOR_EXPIRED.',
  })
  changes(
    @Args(() => ChangesArgs) { after, first }: ChangesArgs,
    @Ctx() { db }: Context,
    @Selected('changes', 'record') selection: Selection,
  ): Promise<ChangePage> {
    return readChanges(db, this.finders, { after, first: first ?? usualSize }, selection);
  }
}
