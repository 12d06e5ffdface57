import type { MetadataStorage } from '@mikro-orm/core';
import { type AliasedRawBuilder, sql } from 'kysely';
import { isColumn } from '../read/columns.ts';
import type { Viewer } from '../viewer.ts';
import { User } from './user.entity.ts';

type Fields = Omit<Viewer, 'sessionId' | 'authenticatedUntil'>;
type ViewerColumn = { [Name in keyof Fields]: AliasedRawBuilder<Fields[Name], Name> }[keyof Fields];

/** The columns of a viewer, except for the session: all of the type User. @param row alias of the user's row */
export function viewerColumns(metadata: MetadataStorage, row = 'user'): ViewerColumn[] {
  const columns = metadata.get(User).props.filter(isColumn);
  return [
    ...columns.map(({ name, fieldNames }) => sql.ref(`${row}.${fieldNames[0]}`).as(name) as ViewerColumn),
    sql<boolean>`${sql.ref(`${row}.due_keys_up_to`)} is not null`.as('hasOldDueKeys'),
    sql<boolean>`${sql.ref(`${row}.disabled_at`)} is not null`.as('isDisabled'),
  ];
}
