import { EntityName } from '@mikro-orm/core';
import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { PurgeableRecord } from '../records/owned.entity.ts';

@ObjectType({ simpleResolvers: true, description: 'A list of tasks.' })
@Entity({ tableName: 'task_list' })
// Trashed lists keep their positions.
@Unique({ properties: ['user', 'position'], name: 'task_list_place' })
// The lists whose tasks most reads exclude: usually few.
@Index({
  name: 'task_list_hidden',
  expression:
    'create index "task_list_hidden" on "task_list" ("user_id", "id") where "archived" or "deleted_at" is not null',
})
// Lists to be purged (without purged_at), and lists being purged.
@Index({
  name: 'task_list_to_purge',
  expression:
    'create index "task_list_to_purge" on "task_list" ("purged_at", "deleted_at") where "deleted_at" is not null',
})
export class TaskList extends PurgeableRecord {
  [EntityName]?: 'TaskList';

  @Field(() => String, { description: '1 to 200 characters.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb" in lower case, or null.' })
  @Property({ type: 'text', nullable: true })
  color!: string | null;

  @Field(() => String, { description: 'Its position among your lists: ASCII text to be compared as bytes.' })
  @Property({ type: 'text', collation: 'C' })
  position!: string;

  @Field(() => Boolean, {
    description: 'Whether it is archived: its tasks are left out unless the query names the list.',
  })
  @Property({ type: 'boolean' })
  archived!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When it was moved to the trash; null if it is not there.' })
  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt!: Date | null;
}
