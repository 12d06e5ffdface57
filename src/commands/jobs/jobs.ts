import { type RawBuilder, sql } from 'kysely';
import { validate as isUuid } from 'uuid';
import type { Config } from '../../config.ts';
import { codeOf } from '../../database/connections/connection-failures.ts';
import { kyselyOn } from '../../database/connections/kysely-on.ts';
import type { Transaction } from '../../database/database.ts';
import { quotedJobsSchema } from '../../database/job-tables.ts';
import { StartError } from '../../errors.ts';
import { aligned } from '../aligned.ts';
import { inTransaction, withDatabase } from '../command-database.ts';
import { printable } from '../users/account.ts';

/** Jobs that are listed at most. */
const maximum = 100;

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tries: number;
  readonly added: string;
  readonly reason: string | null;
  /** How many jobs were found, including those that are not listed. */
  readonly found: number;
}

/** Lists the jobs that are not done: those that were given up first. @returns the exit code */
export async function listJobs(config: Config): Promise<number> {
  const jobs = await withJobs(config, async (transaction, table) => {
    const { rows } = await sql<Listed>`
      select id, name, retry_count + (started_on is not null)::int as tries, ${time(sql`created_on`)} as added,
        case when state = 'failed' then 'given up ' || ${time(sql`completed_on`)}
          when state = 'active' then 'running'
          when start_after > now() then 'waits until ' || ${time(sql`start_after`)}
          else 'waits' end as state,
        coalesce(output ->> 'message', output #>> '{value,message}') as reason, count(*) over ()::int as found
      from ${table} where state not in ('completed', 'cancelled')
      order by state = 'failed' desc, state = 'active' desc, start_after, id limit ${maximum}`.execute(transaction);
    return rows;
  });
  if (jobs.length === 0) console.log('No job waits, runs or has failed.');
  else {
    const lines = jobs.map(({ id, name, state, tries, added, reason }) => {
      return [id, name, added, String(tries), state, printable(reason ?? '')];
    });
    for (const line of aligned([['id', 'job', 'added (UTC)', 'tries', 'state', 'last failure'], ...lines]))
      console.log(line);
  }
  const found = jobs[0]?.found ?? 0;
  if (found > jobs.length) console.error(`${maximum} of ${found.toLocaleString('en')} jobs.`);
  return 0;
}

/** Lets a job run now, and be tried for a day again. @returns the exit code @throws StartError if there is none to run */
export async function retryJob(config: Config, id: string): Promise<number> {
  if (!isUuid(id)) throw new StartError(`"${printable(id)}" is not the id of a job.`);
  const name = await withJobs(config, async (transaction, table) => {
    const { rows } = await sql<{ name: string; state: string }>`
      select name, state::text from ${table} where id = ${id} for update`.execute(transaction);
    const [job] = rows;
    if (!job || /completed|cancelled/.test(job.state)) throw new StartError(`There is no job ${id} that is not done.`);
    if (job.state === 'active') throw new StartError(`The job ${id} is running.`);
    await sql`
      update ${table} set state = 'retry', retry_count = 0, start_after = now(), completed_on = null,
        keep_until = now() + (keep_until - start_after)
      where name = ${job.name} and id = ${id}`
      .execute(transaction)
      .catch((error) => {
        // A periodic job waits only once.
        throw codeOf(error) === '23505' ? new StartError(`Another job ${job.name} waits already.`) : error;
      });
    return job.name;
  });
  console.log(`The job ${id} (${name}) runs again within seconds, where jobs are worked on.`);
  return 0;
}

function withJobs<Result>(
  config: Config,
  work: (transaction: Transaction, table: RawBuilder<unknown>) => Promise<Result>,
): Promise<Result> {
  return withDatabase(config, (database) =>
    inTransaction(database, (client, em) =>
      work(kyselyOn(client), sql.raw(`${quotedJobsSchema(em.config.get('schema'))}.job`)),
    ),
  );
}

function time(column: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI')`;
}
