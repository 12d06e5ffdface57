import { type SelectQueryBuilder, sql } from 'kysely';
import { TrashFilter } from '../graphql/trash-filter.ts';
import type { TaskFilter } from './task.inputs.ts';

// biome-ignore lint/suspicious/noExplicitAny: the same conditions stand in statements of different shapes
type Tasks = SelectQueryBuilder<any, any, object>;

/** Conditions on tasks: their parameters, a text that is the same for equal conditions, and how they are added. */
export interface TaskConditions {
  readonly shape: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly apply: (tasks: Tasks, values: Readonly<Record<string, unknown>>) => Tasks;
}

/** One condition: present where its field of the filter is given. */
interface Condition {
  readonly shape: string;
  readonly values: Record<string, unknown>;
  readonly add: (tasks: Tasks, values: Readonly<Record<string, unknown>>) => Tasks;
}

/** Where tasks are looked for: among all, or in the list or below the task that `values.parentId` names. */
export type Place = 'anywhere' | 'list' | 'task';

/** What a filter asks for; null and left out are the same. */
export function conditionsOf(filter: TaskFilter, place: Place): TaskConditions {
  const conditions = [
    trashCondition(filter.trash ?? TrashFilter.EXCLUDE),
    place === 'anywhere' ? listCondition(filter) : placeCondition(place),
    presence('completed', filter.completed, 'completed_at'),
    presence('in list', negated(filter.inbox), 'list_id'),
    presence('subtask', negated(filter.topLevel), 'parent_id'),
    ...labelConditions(filter.labelIds),
    priorityCondition(filter.priorities),
  ].filter((condition) => condition !== null);
  return {
    shape: conditions.map(({ shape }) => shape).join(' '),
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
    apply: (tasks, values) => conditions.reduce((filtered, { add }) => add(filtered, values), tasks),
  };
}

function negated(value: boolean | null | undefined): boolean | null | undefined {
  return typeof value === 'boolean' ? !value : value;
}

/** Whether a column has a value. */
function presence(shape: string, isPresent: boolean | null | undefined, column: string): Condition | null {
  if (typeof isPresent !== 'boolean') return null;
  return {
    shape: `${shape} ${isPresent}`,
    values: {},
    add: (tasks) => tasks.where(`task.${column}`, isPresent ? 'is not' : 'is', null),
  };
}

function trashCondition(trash: TrashFilter): Condition | null {
  if (trash === TrashFilter.INCLUDE) return { shape: 'with trash', values: {}, add: (tasks) => tasks };
  return presence('trashed', trash === TrashFilter.ONLY, 'deleted_at');
}

function placeCondition(place: 'list' | 'task'): Condition {
  const column = place === 'list' ? 'task.list_id' : 'task.parent_id';
  return { shape: `of ${place}`, values: {}, add: (tasks, values) => tasks.where(column, '=', values.parentId) };
}

/** Tasks of lists that are put aside are left out, unless one is named. */
function listCondition({ listId, inbox }: TaskFilter): Condition | null {
  if (listId) {
    return {
      shape: 'list',
      values: { listId },
      add: (tasks, values) => tasks.where('task.list_id', '=', values.listId),
    };
  }
  if (inbox === true) return null;
  return {
    shape: 'no archived',
    values: {},
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`not exists (select from task_list where user_id = ${values.owner} and archived and id = task.list_id)`,
      ),
  };
}

function labelConditions(labelIds: readonly string[] | null | undefined): Condition[] {
  return [...new Set(labelIds ?? [])].map((id, index) => {
    const name = `label${index}`;
    return {
      shape: name,
      values: { [name]: id },
      add: (tasks, values) =>
        tasks.where(
          sql<boolean>`task.id in (select task_id from task_label where user_id = ${values.owner} and label_id = ${values[name]})`,
        ),
    };
  });
}

function priorityCondition(priorities: TaskFilter['priorities']): Condition | null {
  if (!priorities) return null;
  return {
    shape: 'priorities',
    values: { priorities },
    add: (tasks, values) => tasks.where(sql<boolean>`task.priority = any(${values.priorities}::smallint[])`),
  };
}
