import { type SelectQueryBuilder, sql } from 'kysely';
import { offsetAt } from '../graphql/time-zones.ts';
import { TrashFilter } from '../graphql/trash-filter.ts';
import { searchPatterns } from './search-text.ts';
import type { TaskFilter } from './task-page.inputs.ts';

// biome-ignore lint/suspicious/noExplicitAny: the same conditions stand in statements of different shapes
type Tasks = SelectQueryBuilder<any, any, object>;

/** Conditions on tasks: their parameters, a text that is the same for equal conditions, and how they are added. */
export interface TaskConditions {
  readonly shape: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether how many rows they let through depends on the values. */
  readonly isSelective: boolean;
  readonly apply: (tasks: Tasks, values: Readonly<Record<string, unknown>>) => Tasks;
}

/** One condition: present where its field of the filter is given. */
interface Condition {
  readonly shape: string;
  readonly values: Record<string, unknown>;
  readonly isSelective?: boolean;
  readonly add: (tasks: Tasks, values: Readonly<Record<string, unknown>>) => Tasks;
}

// As many are looked for by an index of their own; planning more of them takes longer than reading.
const maximumSemiJoins = 4;

/** Where tasks are looked for: among all, or in the list or below the task that `values.parentId` names. */
export type Place = 'anywhere' | 'list' | 'task';

/** What a filter asks for, its days being those of a zone; null and left out are the same. */
export function conditionsOf(filter: TaskFilter, place: Place, timeZone: string): TaskConditions {
  const conditions = [
    trashCondition(filter.trash ?? TrashFilter.EXCLUDE),
    place === 'anywhere' ? listCondition(filter) : placeCondition(place),
    presence('completed', filter.completed, 'completed_at'),
    presence('in list', negated(filter.inbox), 'list_id'),
    presence('subtask', negated(filter.topLevel), 'parent_id'),
    ...labelConditions(filter.labelIds),
    priorityCondition(filter.priorities),
    ...dueConditions(filter, timeZone),
    ...searchConditions(filter.search),
  ].filter((condition) => condition !== null);
  return {
    shape: conditions.map(({ shape }) => shape).join(' '),
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
    isSelective: conditions.some(({ isSelective }) => isSelective === true),
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
  // All rows: see tasksOf.
  if (trash === TrashFilter.INCLUDE) return { shape: 'with trash', values: {}, add: (tasks) => tasks };
  return presence('trashed', trash === TrashFilter.ONLY, 'deleted_at');
}

function placeCondition(place: 'list' | 'task'): Condition {
  const column = place === 'list' ? 'task.list_id' : 'task.parent_id';
  return { shape: `of ${place}`, values: {}, add: (tasks, values) => tasks.where(column, '=', values.parentId) };
}

/** Tasks of lists that are put aside are left out, unless one is named. */
function listCondition({ listId, inbox, trash }: TaskFilter): Condition | null {
  if (listId) {
    return {
      shape: 'list',
      values: { listId },
      add: (tasks, values) => tasks.where('task.list_id', '=', values.listId),
    };
  }
  // The trash shows all that will be purged.
  if (inbox === true || trash === TrashFilter.ONLY) return null;
  return {
    shape: 'no archived',
    values: {},
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`not exists (select from task_list where user_id = ${values.owner} and archived and id = task.list_id)`,
      ),
  };
}

/** The first label is where the rows come from (see tasksOf); these are the others. */
function labelConditions(labelIds: readonly string[] | null | undefined): Condition[] {
  const [first, ...others] = new Set(labelIds ?? []);
  if (first === undefined) return [];
  const [single, rest] = [others.slice(0, maximumSemiJoins), others.slice(maximumSemiJoins)];
  const from: Condition = { shape: 'labelled', values: { label: first }, isSelective: true, add: (tasks) => tasks };
  const all: Condition = {
    shape: 'more labels',
    values: { labels: rest, labelCount: rest.length },
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`(select count(*) from task_label where user_id = ${values.owner} and task_id = task.id
          and label_id = any(${values.labels}::uuid[])) = ${values.labelCount}::int`,
      ),
  };
  return [from, ...single.map(labelCondition), ...(rest.length > 0 ? [all] : [])];
}

function labelCondition(id: string, index: number): Condition {
  const name = `label${index}`;
  return {
    shape: name,
    values: { [name]: id },
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`task.id in (select task_id from task_label where user_id = ${values.owner} and label_id = ${values[name]})`,
      ),
  };
}

function priorityCondition(priorities: TaskFilter['priorities']): Condition | null {
  if (!priorities) return null;
  return {
    shape: 'priorities',
    values: { priorities },
    isSelective: true,
    add: (tasks, values) => tasks.where(sql<boolean>`task.priority = any(${values.priorities}::smallint[])`),
  };
}

/** Days are those of the viewer's zone; a due is compared by its key, which is a time of that zone's wall clock. */
function dueConditions({ completed, dueFrom, dueTo, overdue }: TaskFilter, timeZone: string): Condition[] {
  const conditions: Condition[] = [];
  if (dueFrom) {
    conditions.push({
      shape: 'due from',
      values: { dueFrom },
      isSelective: true,
      add: (tasks, values) => tasks.where(sql<boolean>`task.due_key >= ${values.dueFrom}::date`),
    });
  }
  if (dueTo) {
    conditions.push({
      shape: 'due to',
      values: { dueTo },
      isSelective: true,
      add: (tasks, values) => tasks.where(sql<boolean>`task.due_key < ${values.dueTo}::date + 1`),
    });
  }
  if (typeof overdue === 'boolean') {
    conditions.push({
      shape: `overdue ${overdue}`,
      values: { offset: offsetAt(timeZone, Date.now()) },
      isSelective: true,
      add: (tasks, values) => {
        // By the clock for what means a clock, and by the instant for what is one. The index knows only the clock, and
        // that is never off by a day. It is the database's, the same for all instances.
        const clock = sql`(now() at time zone 'UTC' + ${values.offset}::float8 * interval '1 second')`;
        const late = sql<boolean>`task.completed_at is null
          and task.due_key < ${clock} + interval '1 day'
          and case when task.due_at is null then task.due_key < ${clock} else task.due_at < now() end`;
        // What is done is never late, which PostgreSQL would find out row by row.
        if (overdue && completed === true) return tasks.where(sql<boolean>`false`);
        return tasks.where(overdue ? late : sql<boolean>`(${late}) is not true`);
      },
    });
  }
  return conditions;
}

/** What was typed is text, whatever characters it has: those that mean something to LIKE are escaped. */
function searchConditions(search: string | null | undefined): Condition[] {
  const words = searchPatterns(search ?? '');
  // Marks alone that make no difference are no reason to show everything.
  if (search?.trim() && words.length === 0) {
    return [{ shape: 'nothing', values: {}, add: (tasks) => tasks.where(sql<boolean>`false`) }];
  }
  return words.map((pattern, index) => {
    const name = `word${index}`;
    return {
      shape: name,
      values: { [name]: pattern },
      isSelective: true,
      add: (tasks, values) => tasks.where('task.search_text', 'like', values[name]),
    };
  });
}
