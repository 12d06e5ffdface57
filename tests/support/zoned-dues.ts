type Sql = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>;

/**
 * Adds tasks that are due at instants, an hour apart from 1 January 2026, with their number as title; in UTC, like the
 * user's time zone. By SQL, because the API would take as many requests.
 */
export async function addZonedDues(sql: Sql, email: string, count: number): Promise<void> {
  await sql(
    `insert into task (user_id, id, position, title, description, priority, version, created_at, updated_at,
       due_date, due_time, due_time_zone, due_at, due_key)
     select "user".id, gen_random_uuid(), lpad(n::text, 9, '0'), n::text, '', 0, 1, now(), now(),
       shown::date, shown::time, 'UTC', shown at time zone 'UTC', shown
     from "user", generate_series(0, $2::int - 1) n, lateral (select timestamp '2026-01-01' + n * interval '1 hour') as due (shown)
     where email = $1`,
    [email, count],
  );
}

/** Counts due dates whose sort key is not the local time in the user's time zone, which PostgreSQL must know too. */
export async function countWrongKeys(sql: Sql, email: string): Promise<number> {
  const [row] = await sql<{ count: number }>(
    `select count(*)::int from task join "user" on "user".id = task.user_id
     where email = $1 and due_key is distinct from coalesce(due_at at time zone "user".time_zone,
       due_date + coalesce(due_time, '23:59:59.999'))`,
    [email],
  );
  return row?.count ?? Number.NaN;
}
