import { sql } from 'kysely';
import type { Config } from '../../config.ts';
import type { Transaction } from '../../database/database.ts';
import { StartError } from '../../errors.ts';
import { aligned } from '../aligned.ts';
import { withDatabase } from '../command-database.ts';
import { change, printable } from './account.ts';

/** Accounts that are listed at most. */
const maximum = 100;

interface Listed {
  readonly id: string;
  readonly email: string;
  readonly created: string;
  readonly disabled: string | null;
  readonly sessions: number;
  readonly tasks: number;
  /** How many accounts were found, including those that are not listed. */
  readonly found: number;
}

/** Lists the accounts whose e-mail address contains a text. @returns the exit code @throws StartError if there is none */
export async function findUsers(config: Config, text: string): Promise<number> {
  const rows = await withDatabase(config, (database) => change(database, (transaction) => list(transaction, text)));
  const [first] = rows;
  if (!first) {
    throw new StartError(text === '' ? 'There are no accounts.' : `No e-mail address contains "${printable(text)}".`);
  }
  const lines = rows.map(({ id, email, created, disabled, sessions, tasks }) => {
    const state = disabled === null ? 'active' : `disabled ${disabled}`;
    return [id, created, state, sessions.toLocaleString('en'), tasks.toLocaleString('en'), printable(email)];
  });
  for (const line of aligned([['id', 'created', 'state', 'sessions', 'tasks', 'e-mail address'], ...lines])) {
    console.log(line);
  }
  if (first.found > rows.length) {
    console.error(
      `${maximum} of ${first.found.toLocaleString('en')} accounts. Give more of the address to see the others.`,
    );
  }
  return 0;
}

/** As in the unique index, only ASCII letters are folded. */
async function list(transaction: Transaction, text: string): Promise<readonly Listed[]> {
  const { rows } = await sql<Listed>`
    select id, email, ${day('created_at')} as created, ${day('disabled_at')} as disabled, found,
      (select count(*)::int from session where user_id = found_user.id and expires_at > now()) as sessions,
      (select count(*)::int from task where user_id = found_user.id) as tasks
    from (
      select *, count(*) over ()::int as found from "user"
      where purged_at is null and strpos(lower(email collate "C"), lower(${text}::text collate "C")) > 0
      order by created_at desc, id desc limit ${maximum}
    ) found_user
    order by created_at desc, id desc`.execute(transaction);
  return rows;
}

function day(column: string) {
  return sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD')`;
}
