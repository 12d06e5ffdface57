import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { SecurityEventKind } from '../../auth/events/security-event.entity.ts';
import { endSessionsOfAll } from '../../auth/sessions/sessions.ts';
import type { Config } from '../../config.ts';
import type { Transaction } from '../../database/database.ts';
import { withDatabase } from '../command-database.ts';
import { confirm } from '../confirm.ts';
import { change } from './account.ts';

/** Ends the sessions of all accounts, after asking: for when tokens or secrets have leaked. @returns the exit code */
export function endAllSessions(config: Config, isAgreed: boolean): Promise<number> {
  return withDatabase(config, async (database) => {
    await confirm('This ends all sessions of all accounts: everybody has to log in again.', isAgreed);
    const { ended, accounts } = await change(database, async (transaction) => {
      const userIds = await lockUsersWithSessions(transaction);
      const ended = await endSessionsOfAll(transaction, userIds);
      await recordEvents(transaction, userIds);
      return { ended, accounts: userIds.length };
    });
    const [sessions, users] = [ended, accounts].map((count) => count.toLocaleString('en'));
    const done = `Sessions ended: ${sessions}, of ${users} ${accounts === 1 ? 'account' : 'accounts'}.`;
    console.log(ended === 0 ? 'There are no sessions. Nothing was changed.' : done);
    return 0;
  });
}

/** Users before sessions, and in the order of their ids, as everywhere. */
async function lockUsersWithSessions(transaction: Transaction): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from "user" where exists (select from session where user_id = "user".id)
    order by id for no key update`.execute(transaction);
  return rows.map(({ id }) => id);
}

async function recordEvents(transaction: Transaction, userIds: readonly string[]): Promise<void> {
  const ids = userIds.map(() => uuidv7());
  await sql`
    insert into security_event (user_id, id, kind, at)
    select user_id, id, ${SecurityEventKind.SESSIONS_ENDED_BY_OPERATOR}, now()
    from unnest(${userIds}::uuid[], ${ids}::uuid[]) as ended(user_id, id)`.execute(transaction);
}
