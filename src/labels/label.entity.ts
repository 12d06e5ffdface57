import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { PurgeableRecord } from '../records/owned.entity.ts';

@ObjectType({ simpleResolvers: true, description: 'A label for tasks.' })
@Entity()
// Also the sort order of labels. The name of a label that is being purged is free again.
@Unique({ name: 'label_name_unique', properties: ['user', 'nameKey'], where: { purgedAt: null } })
@Index({ name: 'label_to_purge', properties: ['purgedAt'], where: { purgedAt: { $ne: null } } })
export class Label extends PurgeableRecord {
  [EntityName]?: 'Label';

  static override readonly takenValues = {
    label_name_unique: { field: 'name', message: 'You have a label of this name already.' },
  };

  @Field(() => String, { description: '1 to 100 characters, unique among your labels, ignoring case.' })
  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text', collation: 'C', hidden: true, onCreate: nameKeyOf, onUpdate: nameKeyOf })
  nameKey!: Opt<string>;

  @Field(() => String, { nullable: true, description: '"#rrggbb" in lower case, or null.' })
  @Property({ type: 'text', nullable: true })
  color!: string | null;
}

/** The key by which labels are compared and sorted. Ignores case, Unicode composition and the final form of sigma. */
function nameKeyOf({ name }: Pick<Label, 'name'>): string {
  return name.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
