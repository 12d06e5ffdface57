import { sql } from 'kysely';
import type { Source } from '../../read/pages/page-request.ts';
import type { Viewer } from '../../viewer.ts';
import { dueConditions } from '../due/due-filters.ts';
import type { TaskScope } from '../trash/hidden-tasks.ts';
import { searchPatterns } from './search-text.ts';
import type { TaskFilter } from './task-page.inputs.ts';

/** Conditions on tasks: parameters, a key that is the same for equal SQL, and a function that adds them to a query. */
export interface TaskConditions {
  readonly cacheKey: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the number of matching rows depends on the values. */
  readonly isSelective: boolean;
  readonly apply: (tasks: Source, values: Readonly<Record<string, unknown>>) => Source;
}

/** One condition; null if its field of the filter is not given. */
export interface Condition {
  readonly cacheKey: string;
  readonly values: Record<string, unknown>;
  readonly isSelective?: boolean;
  readonly add: (tasks: Source, values: Readonly<Record<string, unknown>>) => Source;
}

// Labels that are looked up by an index each; for more of them, planning would take longer than reading.
const maximumSemiJoins = 4;

/** The conditions of a filter, except for the trash. Days are in the viewer's time zone; null means not given. */
export function conditionsOf(filter: TaskFilter, scope: TaskScope, viewer: Viewer): TaskConditions {
  const conditions = [
    scope === 'anywhere' ? listCondition(filter) : scopeCondition(scope),
    presence('completed', filter.completed, 'completed_at'),
    presence('in list', negated(filter.inbox), 'list_id'),
    presence('subtask', negated(filter.topLevel), 'parent_id'),
    ...labelConditions(filter.labelIds),
    priorityCondition(filter.priorities),
    ...dueConditions(filter, viewer),
    ...searchConditions(filter.search),
  ].filter((condition) => condition !== null);
  return {
    cacheKey: conditions.map(({ cacheKey }) => cacheKey).join(' '),
    values: Object.assign({}, ...conditions.map(({ values }) => values)),
    isSelective: conditions.some(({ isSelective }) => isSelective === true),
    apply: (tasks, values) => conditions.reduce((filtered, { add }) => add(filtered, values), tasks),
  };
}

function negated(value: boolean | null | undefined): boolean | null | undefined {
  return typeof value === 'boolean' ? !value : value;
}

/** Whether a column has a value. */
function presence(cacheKey: string, isPresent: boolean | null | undefined, column: string): Condition | null {
  if (typeof isPresent !== 'boolean') return null;
  return {
    cacheKey: `${cacheKey} ${isPresent}`,
    values: {},
    add: (tasks) => tasks.where(`task.${column}`, isPresent ? 'is not' : 'is', null),
  };
}

function scopeCondition(scope: 'list' | 'task'): Condition {
  const column = scope === 'list' ? 'task.list_id' : 'task.parent_id';
  return { cacheKey: `of ${scope}`, values: {}, add: (tasks, values) => tasks.where(column, '=', values.parentId) };
}

function listCondition({ listId }: TaskFilter): Condition | null {
  if (!listId) return null;
  return {
    cacheKey: 'list',
    values: { listId },
    add: (tasks, values) => tasks.where('task.list_id', '=', values.listId),
  };
}

/** All labels but the first, which the rows come from: see tasksOf. */
function labelConditions(labelIds: readonly string[] | null | undefined): Condition[] {
  const [first, ...others] = new Set(labelIds ?? []);
  if (first === undefined) return [];
  const [single, rest] = [others.slice(0, maximumSemiJoins), others.slice(maximumSemiJoins)];
  const from: Condition = {
    cacheKey: 'labelled',
    values: { label: first, allLabels: [first, ...others] },
    isSelective: true,
    // A label that is being deleted may still have links.
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`not exists (select from label
          where user_id = ${values.owner} and id = any(${values.allLabels}::uuid[]) and purged_at is not null)`,
      ),
  };
  const all: Condition = {
    cacheKey: 'more labels',
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
    cacheKey: name,
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
    cacheKey: 'priorities',
    values: { priorities },
    isSelective: true,
    add: (tasks, values) => tasks.where(sql<boolean>`task.priority = any(${values.priorities}::smallint[])`),
  };
}

function searchConditions(search: string | null | undefined): Condition[] {
  const words = searchPatterns(search ?? '');
  // A search for nothing but ignored marks must not match everything.
  if (search?.trim() && words.length === 0) {
    return [{ cacheKey: 'nothing', values: {}, add: (tasks) => tasks.where(sql<boolean>`false`) }];
  }
  return words.map((pattern, index) => {
    const name = `word${index}`;
    return {
      cacheKey: name,
      values: { [name]: pattern },
      isSelective: true,
      add: (tasks, values) => tasks.where('task.search_text', 'like', values[name]),
    };
  });
}
