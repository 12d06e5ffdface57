import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import type { Client } from '../../graphql/server/context.ts';
import type { Logger } from '../../observability/logger.ts';
import { outsideRequests } from '../../observability/request-scope.ts';
import { agentOf } from '../sessions/sessions.ts';
import { networkOf } from '../throttling/networks.ts';
import { keepTries, type Try } from '../throttling/throttles.ts';
import { SecurityEventKind } from './security-event.entity.ts';

/**
 * Records what happened to an account, in its transaction; nothing where there is none, or its row is locked: strangers who
 * guess would wait for that with a connection each.
 */
export async function recordEvent(
  transaction: Transaction,
  userId: string | null,
  kind: SecurityEventKind,
  client: Client,
): Promise<void> {
  const { address } = client;
  await sql`
    insert into security_event (user_id, id, kind, at, ip_address, network, user_agent)
    select id, ${uuidv7()}, ${kind}, now(), ${address}, ${networkOf(address)}, ${agentOf(client)}
    from "user" where id = ${userId} for key share skip locked`.execute(transaction);
}

/**
 * Records a wrong password and its failed tries, by the same statements where there is no account, and without waiting for
 * the disk, which only a row that is there has to.
 */
export async function recordFailedLogIn(
  serviceDatabase: ServiceDatabase,
  userId: string | null,
  client: Client,
  tries: readonly Try[],
): Promise<void> {
  const record = (): Promise<void> =>
    serviceDatabase.change(async (transaction) => {
      await sql`set local synchronous_commit = off`.execute(transaction);
      await recordEvent(transaction, userId, SecurityEventKind.LOGIN_FAILED, client);
      await keepTries(transaction, tries);
    });
  // Also where the request's own time is up.
  await outsideRequests(record);
}

/** A line for whoever watches over the service; null: there is no such account. */
export function logEvent(logger: Logger, kind: SecurityEventKind, userId: string | null, { address }: Client): void {
  const level = kind === SecurityEventKind.REFRESH_REPLAYED ? 'warn' : 'info';
  logger[level]({ securityEvent: kind, userId, address }, 'security event');
}

/** Of a deleted account nothing is left in the database, so this is all that tells of it. */
export function logAccountDeleted(logger: Logger, userId: string, { address }: Client): void {
  logger.info({ securityEvent: 'ACCOUNT_DELETED', userId, address }, 'security event');
}
