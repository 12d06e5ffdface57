import { endTokens } from '../../auth/email/email-tokens.ts';
import { SecurityEventKind } from '../../auth/events/security-event.entity.ts';
import { recordEvent } from '../../auth/events/security-events.ts';
import { setPasswordHash } from '../../auth/passwords/credentials.ts';
import { endSessions } from '../../auth/sessions/sessions.ts';
import { clearAttempts } from '../../auth/throttling/throttles.ts';
import type { Config } from '../../config.ts';
import { withDatabase } from '../command-database.ts';
import { confirm } from '../confirm.ts';
import { change, findAccount, lockAccount, printable } from './account.ts';
import { hashNewPassword } from './new-password.ts';

/** Sets a password, ends all sessions and forgets failed log-ins, after asking. @returns the exit code */
export function setPassword(config: Config, name: string, isAgreed: boolean): Promise<number> {
  return withDatabase(config, async (database) => {
    const account = await change(database, (transaction) => findAccount(transaction, name));
    const email = printable(account.email);
    await confirm(`This replaces the password of ${email}, and ends all sessions.`, isAgreed);
    const hash = await hashNewPassword(config, account.email);
    const { ended, isDisabled } = await change(database, async (transaction) => {
      const { id, isDisabled } = await lockAccount(transaction, account);
      await setPasswordHash(transaction, id, hash);
      const ended = await endSessions(transaction, id);
      await endTokens(transaction, id);
      await clearAttempts(transaction, account.email);
      await recordEvent(transaction, id, SecurityEventKind.PASSWORD_SET_BY_OPERATOR, null);
      return { ended, isDisabled };
    });
    const note = isDisabled ? ' The account is still disabled.' : '';
    console.log(`Set the password of ${email}. Sessions ended: ${ended}.${note}`);
    return 0;
  });
}
