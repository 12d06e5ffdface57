import { type RawBuilder, sql } from 'kysely';
import { registerEnumType } from 'type-graphql';
import { badUserInput } from '../../errors.ts';
import type { KeyKind } from '../../read/pages/cursor.ts';
import { OrderDirection } from '../../read/pages/order-direction.ts';
import { dueAscending, dueDescending, titleOrderKey } from '../task-indexes.ts';
import type { TaskFilter, TaskOrder } from './task-page.inputs.ts';

export enum TaskOrderField {
  POSITION = 'POSITION',
  DUE = 'DUE',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  PRIORITY = 'PRIORITY',
  TITLE = 'TITLE',
}

registerEnumType(TaskOrderField, {
  name: 'TaskOrderField',
  description: 'What tasks are sorted by. Ties are broken by id.',
  valuesConfig: {
    POSITION: {
      description: 'The order that you gave them. Of one sibling group only: the top level of a list or of the inbox.',
    },
    DUE: {
      description:
        'When they are due, undated ones last either way. Days, until their end, and floating times count in your zone.',
    },
    CREATED_AT: { description: 'When they were created.' },
    UPDATED_AT: { description: 'When they were last changed.' },
    PRIORITY: { description: 'How much they press, NONE being least.' },
    TITLE: { description: 'Title by code point, the case of ASCII letters ignored.' },
  },
});

type OrderKey = { readonly key: RawBuilder<unknown>; readonly kind: KeyKind };

// Each order has an index on its key and `id`.
const orders: Readonly<Record<Exclude<TaskOrderField, TaskOrderField.DUE>, OrderKey>> = {
  POSITION: { key: sql.ref('task.position'), kind: 'text' },
  CREATED_AT: { key: sql.ref('task.created_at'), kind: 'instant' },
  UPDATED_AT: { key: sql.ref('task.updated_at'), kind: 'instant' },
  PRIORITY: { key: sql.ref('task.priority'), kind: 'smallint' },
  TITLE: { key: sql.raw(titleOrderKey), kind: 'text' },
};

/** The sort key for an order, given the filter. */
export function keyOf({ field, direction }: TaskOrder, filter: TaskFilter): OrderKey {
  // This time is in the index of a label's tasks.
  if (field === TaskOrderField.CREATED_AT && filter.labelIds?.length) {
    return { key: sql.ref('label_link.created_at'), kind: 'instant' };
  }
  if (field !== TaskOrderField.DUE) return orders[field];
  // A filter by due date excludes undated tasks, which otherwise come last in both directions.
  if (filter.dueFrom || filter.dueTo || filter.overdue) return { key: sql.ref('task.due_key'), kind: 'wallClock' };
  return { key: sql.raw(direction === OrderDirection.ASC ? dueAscending : dueDescending), kind: 'wallClock' };
}

// The first columns of the index of positions. They are equal within a sibling group, but PostgreSQL cannot infer that.
export const siblingGroupColumns = [sql.ref('task.list_id'), sql.ref('task.parent_id')];

export const newestFirst: TaskOrder = { field: TaskOrderField.CREATED_AT, direction: OrderDirection.DESC };
export const byPosition: TaskOrder = { field: TaskOrderField.POSITION, direction: OrderDirection.ASC };

/** Errors: BAD_USER_INPUT. */
export function needsOneGroup() {
  const message =
    'Positions compare among siblings only: filter by listId or inbox, with topLevel, or read a list or a task.';
  return badUserInput([{ path: ['orderBy', 'field'], code: 'NEEDS_SIBLINGS', message }]);
}
