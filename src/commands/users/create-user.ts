import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { SecurityEventKind } from '../../auth/events/security-event.entity.ts';
import { recordEvent } from '../../auth/events/security-events.ts';
import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { withDatabase } from '../command-database.ts';
import { change, findByEmail, printable } from './account.ts';
import { hashNewPassword, requireValid } from './new-password.ts';

/** Creates an account by the rules of sign-up, even if SIGNUP is off. @returns the exit code */
export function createUser(config: Config, typed: string): Promise<number> {
  const { email } = requireValid({ email: typed });
  return withDatabase(config, async (database) => {
    // Looked up first, so that nobody chooses a password in vain.
    if (await change(database, (transaction) => findByEmail(transaction, email))) throw taken(email);
    const hash = await hashNewPassword(config, email);
    await change(database, async (transaction) => {
      const id = uuidv7();
      const { rows } = await sql`
        insert into "user" (id, email, password_hash, created_at) values (${id}, ${email}, ${hash}, now())
        on conflict do nothing returning id`.execute(transaction);
      if (rows.length === 0) throw taken(email);
      await recordEvent(transaction, id, SecurityEventKind.SIGNUP, null);
    });
    console.log(`Created ${printable(email)}.`);
    return 0;
  });
}

function taken(email: string): StartError {
  return new StartError(`There is already an account ${printable(email)}.`);
}
