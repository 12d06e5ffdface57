import { sql } from 'kysely';
import { offsetAt, startOfDay } from '../../graphql/scalars/time-zones.ts';
import type { Viewer } from '../../viewer.ts';
import type { Condition } from '../reading/task-filters.ts';
import type { TaskFilter } from '../reading/task-page.inputs.ts';

/** Days, more than any two time zones differ by: a bound that is widened by them also finds keys of an earlier zone. */
const slack = 2;

/** Days in the viewer's time zone. Due dates are compared by their sort key, a local time in that zone. */
export function dueConditions({ completed, dueFrom, dueTo, overdue }: TaskFilter, viewer: Viewer): Condition[] {
  return [
    ...(dueFrom ? [dayCondition('dueFrom', dueFrom, viewer)] : []),
    ...(dueTo ? [dayCondition('dueTo', dueTo, viewer)] : []),
    ...(typeof overdue === 'boolean' ? [overdueCondition(overdue, completed === true, viewer)] : []),
  ];
}

// From the start of the first day to the end of the last one.
const bounds = {
  dueFrom: { operator: sql`>=`, days: 0, slack: -slack },
  dueTo: { operator: sql`<`, days: 1, slack },
};

/** A first or last day. While keys are in an earlier zone (see change-time-zone.ts), instants are compared directly. */
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
      // Days and floating times are compared with the local time, the others by their instant; now is the database's time,
      // which all instances share. The first bound is for the index, which has only keys.
      const clock = sql`(now() at time zone 'UTC' + ${values.offset}::float8 * interval '1 ms')`;
      const late = sql<boolean>`task.completed_at is null
        and task.due_key < ${clock} + ${sql.lit(slack)} * interval '1 day'
        and case when task.due_at is null then task.due_key < ${clock} else task.due_at < now() end`;
      // Completed tasks are never overdue; without this, PostgreSQL would check them row by row.
      if (overdue && isCompleted) return tasks.where(sql<boolean>`false`);
      return tasks.where(overdue ? late : sql<boolean>`(${late}) is not true`);
    },
  };
}
