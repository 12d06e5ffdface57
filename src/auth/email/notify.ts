import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import type { AuthServices } from '../auth-services.ts';
import { eventDays, SecurityEventKind } from '../events/security-event.entity.ts';
import { userAgentOf } from '../sessions/sessions.ts';
import { noticeBudget } from '../throttling/budgets.ts';
import { countIfLeft } from '../throttling/throttles.ts';
import type { Notice } from './notices.ts';

type Mailing = Pick<AuthServices, 'jobs' | 'accountMail'>;

/**
 * Mails a notice to the owner of an account, if the transaction is committed and mail is on. Beyond the budget of the address
 * it mails nothing, and the change goes on. Call it late in a transaction: it locks a counter.
 */
export async function notifyOwner(
  { jobs, accountMail }: Mailing,
  transaction: Transaction,
  client: Client,
  notice: Omit<Notice, 'at' | 'client'>,
): Promise<void> {
  if (!accountMail || !(await countIfLeft(transaction, noticeBudget(notice.to)))) return;
  await jobs.enqueue(transaction, accountMail.notify, { ...notice, at: new Date().toISOString(), client });
}

/** Mails a notice if the account has been used neither from this network nor by such a program. Call it before recordEvent. */
export async function notifyOfNewDevice(
  services: Mailing,
  transaction: Transaction,
  client: Client,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<void> {
  if (!services.accountMail || !(await isNewDevice(transaction, client, id))) return;
  await notifyOwner(services, transaction, client, { user: id, to: email, notice: 'newDevice' });
}

async function isNewDevice(transaction: Transaction, client: Client, userId: string): Promise<boolean> {
  const { LOGIN, SIGNUP } = SecurityEventKind;
  const recent = sql`
    from security_event where user_id = ${userId} and kind in (${sql.lit(LOGIN)}, ${sql.lit(SIGNUP)})
      and at > now() - ${sql.lit(eventDays)} * interval '1 day'`;
  const { rows } = await sql<{ isNew: boolean }>`
    select not exists (select ${recent} and network = ${networkOf(client.address)})
      and not exists (select ${recent} and ${withoutVersions(sql`user_agent`)} = ${withoutVersions(sql`${userAgentOf(client)}::text`)})
      as "isNew"`.execute(transaction);
  return rows[0]?.isNew ?? false;
}

/** An update of a browser makes no new device. */
function withoutVersions(userAgent: ReturnType<typeof sql>) {
  return sql`regexp_replace(coalesce(${userAgent}, ''), '[0-9]+([._][0-9]+)*', '', 'g')`;
}
