import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import type { Logger } from '../../observability/logger.ts';
import { outsideRequests } from '../../observability/request-scope.ts';
import { userAgentOf } from '../sessions/sessions.ts';
import { type Attempt, failAttempts } from '../throttling/throttles.ts';
import { SecurityEventKind } from './security-event.entity.ts';

/**
 * Records an event of an account, in the given transaction. Records nothing if there is no account, or its row is locked:
 * otherwise each attacker who guesses would hold a connection while waiting.
 * @param client null: an operator did it, by a command
 */
export async function recordEvent(
  transaction: Transaction,
  userId: string | null,
  kind: SecurityEventKind,
  client: Client | null,
): Promise<void> {
  const place = client && { address: client.address, network: networkOf(client.address), agent: userAgentOf(client) };
  await sql`
    insert into security_event (user_id, id, kind, at, ip_address, network, user_agent)
    select id, ${uuidv7()}, ${kind}, now(), ${place?.address ?? null}, ${place?.network ?? null}, ${place?.agent ?? null}
    from "user" where id = ${userId} for key share skip locked`.execute(transaction);
}

/**
 * Records a wrong password and counts its attempts as failed. Timing must not show whether the account exists: the
 * statements are the same, and the commit does not wait for the disk, as it otherwise would only for existing accounts.
 */
export async function recordFailedLogIn(
  serviceDatabase: ServiceDatabase,
  userId: string | null,
  client: Client,
  attempts: readonly Attempt[],
): Promise<void> {
  const record = (): Promise<void> =>
    serviceDatabase.change(async (transaction) => {
      await sql`set local synchronous_commit = off`.execute(transaction);
      await recordEvent(transaction, userId, SecurityEventKind.LOGIN_FAILED, client);
      await failAttempts(transaction, attempts);
    });
  // Even after the request's deadline.
  await outsideRequests(record);
}

/** Logs an event for operators. @param userId null: there is no such account */
export function logEvent(logger: Logger, kind: SecurityEventKind, userId: string | null, { address }: Client): void {
  const level = kind === SecurityEventKind.REFRESH_REPLAYED ? 'warn' : 'info';
  logger[level]({ securityEvent: kind, userId, address }, 'security event');
}

/** The only trace of a deleted account: the database keeps nothing of it. */
export function logAccountDeleted(logger: Logger, userId: string, { address }: Client): void {
  logger.info({ securityEvent: 'ACCOUNT_DELETED', userId, address }, 'security event');
}
