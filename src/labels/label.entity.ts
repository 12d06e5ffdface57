import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import type { TakenValues } from '../database/failures.ts';
import { PurgeableRecord } from '../records/owned.entity.ts';

@ObjectType({ simpleResolvers: true, description: 'A word to mark tasks with.' })
@Entity()
// Labels are sorted by it, too. The name of one that is being removed is free again.
@Unique({ name: 'label_name_unique', properties: ['user', 'nameKey'], where: { purgedAt: null } })
@Index({ name: 'label_to_purge', properties: ['purgedAt'], where: { purgedAt: { $ne: null } } })
export class Label extends PurgeableRecord {
  [EntityName]?: 'Label';

  static override readonly takenValues: TakenValues = {
    label_name_unique: { field: 'name', message: 'You have a label of this name already.' },
  };

  @Field(() => String, { description: '1 to 100 characters; no two labels have the same, ignoring case.' })
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text', collation: 'C', hidden: true, onCreate: nameKeyOf, onUpdate: nameKeyOf })
  nameKey!: Opt<string>;

  @Field(() => String, { nullable: true, description: '"#rrggbb" in lower case, or null.' })
  @Property({ type: 'text', nullable: true })
  color!: string | null;
}

/** What labels are compared and sorted by: case, the ways to compose a letter and the last sigma make no difference. */
export function nameKeyOf({ name }: Pick<Label, 'name'>): string {
  return name.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
