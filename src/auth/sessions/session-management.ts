import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { notFound, unknownId } from '../../errors.ts';
import type { Context } from '../../graphql/server/context.ts';
import type { Logger } from '../../observability/logger.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent } from '../events/security-events.ts';
import { endSession, endSessions } from './sessions.ts';

/** Ends the session of the request. Succeeds too if it expires, and is purged, at the same moment. */
export async function logOut(logger: Logger, context: Context): Promise<void> {
  const { id, sessionId } = context.db.viewer;
  // Whoever has none has nothing to end.
  if (sessionId === null) return;
  await end(logger, context, (transaction) => endSession(transaction, id, sessionId));
}

/** Ends every session of the viewer. */
export async function logOutEverywhere(logger: Logger, context: Context): Promise<void> {
  await end(logger, context, async (transaction) => {
    await endSessions(transaction, context.db.viewer.id);
    return 'ended';
  });
}

/** Ends one of the viewer's sessions; succeeds if it has ended already. Errors: NOT_FOUND. */
export async function revokeSession(logger: Logger, context: Context, id: string): Promise<void> {
  await end(logger, context, async (transaction) => {
    const outcome = await endSession(transaction, context.db.viewer.id, id);
    if (outcome === null) throw notFound(unknownId('session'));
    return outcome;
  });
}

/** Runs `change`, and records an event only if a session ended: a retry records none. */
async function end(
  logger: Logger,
  { client, db }: Context,
  change: (transaction: Transaction) => Promise<'ended' | 'ended before' | null>,
): Promise<void> {
  const { id } = db.viewer;
  const outcome = await db.change(async ({ kysely }) => {
    // Before any session is locked: see lockSessionOf.
    await sql`select from "user" where id = ${id} for no key update`.execute(kysely);
    const ended = await change(kysely);
    if (ended === 'ended') await recordEvent(kysely, id, SecurityEventKind.SESSION_ENDED, client);
    return ended;
  });
  if (outcome === 'ended') logEvent(logger, SecurityEventKind.SESSION_ENDED, id, client);
}
