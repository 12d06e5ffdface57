import { EntityName } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The life of the database that cursors of changes belong to: one row. After a restore from a backup it gets a new value. */
@Entity()
export class ChangeEpoch {
  [EntityName]?: 'ChangeEpoch';

  /** Always 1. */
  @PrimaryKey({ type: 'smallint', autoincrement: false })
  id!: number;

  @Property({ type: 'uuid' })
  epoch!: string;
}
