import { sql } from 'kysely';
import { offsetAt, startOfDay } from '../../graphql/scalars/time-zones.ts';
import type { Viewer } from '../../viewer.ts';
import type { Condition } from '../reading/task-filters.ts';
import type { TaskFilter } from '../reading/task-page.inputs.ts';

/** Days, more than the clocks of any two zones differ by: widened by them, a bound finds the keys of an old zone, too. */
const slack = 2;

/** Days are those of the viewer's zone; a due is compared by its key, which is a time of that zone's wall clock. */
export function dueConditions({ completed, dueFrom, dueTo, overdue }: TaskFilter, viewer: Viewer): Condition[] {
  return [
    ...(dueFrom ? [dayCondition('dueFrom', dueFrom, viewer)] : []),
    ...(dueTo ? [dayCondition('dueTo', dueTo, viewer)] : []),
    ...(typeof overdue === 'boolean' ? [overdueCondition(overdue, completed === true, viewer)] : []),
  ];
}

// The first day from its start, the last one to its end.
const bounds = {
  dueFrom: { operator: sql`>=`, days: 0, slack: -slack },
  dueTo: { operator: sql`<`, days: 1, slack },
};

/** A first or last day. While keys are those of an old zone (see change-time-zone.ts), what is an instant counts as one. */
function dayCondition(name: 'dueFrom' | 'dueTo', day: string, { timeZone, hasOldDueKeys }: Viewer): Condition {
  const { operator, days, slack } = bounds[name];
  const boundOf = (values: Readonly<Record<string, unknown>>) => sql`${values[name]}::date + ${sql.lit(days)}`;
  if (!hasOldDueKeys) {
    return {
      cacheKey: name,
      values: { [name]: day },
      isSelective: true,
      add: (tasks, values) => tasks.where(sql<boolean>`task.due_key ${operator} ${boundOf(values)}`),
    };
  }
  const instant = `${name}At`;
  return {
    cacheKey: instant,
    values: { [name]: day, [instant]: startOfDay(timeZone, day, days) / 1_000 },
    isSelective: true,
    add: (tasks, values) =>
      tasks.where(
        sql<boolean>`task.due_key ${operator} ${boundOf(values)} + ${sql.lit(slack)}
          and case when task.due_at is null then task.due_key ${operator} ${boundOf(values)}
            else task.due_at ${operator} to_timestamp(${values[instant]}::float8) end`,
      ),
  };
}

function overdueCondition(overdue: boolean, isCompleted: boolean, { timeZone }: Viewer): Condition {
  return {
    cacheKey: `overdue ${overdue}`,
    values: { offset: offsetAt(timeZone, Date.now()) },
    isSelective: true,
    add: (tasks, values) => {
      // Floating dues are compared with the wall clock, the others by their instant. Both by the clock of the database, which
      // all instances share. The first bound is for the index, which has only keys.
      const clock = sql`(now() at time zone 'UTC' + ${values.offset}::float8 * interval '1 ms')`;
      const late = sql<boolean>`task.completed_at is null
        and task.due_key < ${clock} + ${sql.lit(slack)} * interval '1 day'
        and case when task.due_at is null then task.due_key < ${clock} else task.due_at < now() end`;
      // What is done is never late, which PostgreSQL would find out row by row.
      if (overdue && isCompleted) return tasks.where(sql<boolean>`false`);
      return tasks.where(overdue ? late : sql<boolean>`(${late}) is not true`);
    },
  };
}
