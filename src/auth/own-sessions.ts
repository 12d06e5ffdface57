import type { Transaction } from '../database/database.ts';
import type { Client, Viewer } from '../graphql/context.ts';
import { noSuch, notFound } from '../graphql/record-problems.ts';
import { lockStructure } from '../users/lock-structure.ts';
import type { Doors } from './doors.ts';
import { SecurityEventKind } from './security-event.entity.ts';
import { logEvent, recordEvent } from './security-events.ts';
import { endSession, endSessions } from './sessions.ts';

/** Ends the session that the request was made with. */
export async function logOut(doors: Doors, client: Client, viewer: Viewer): Promise<void> {
  await end(doors, client, viewer, (transaction) => endSession(transaction, viewer.id, viewer.sessionId));
}

/** Ends every session of the viewer's. */
export async function logOutEverywhere(doors: Doors, client: Client, viewer: Viewer): Promise<void> {
  await end(doors, client, viewer, async (transaction) => {
    await endSessions(transaction, viewer.id);
    return 'ended';
  });
}

/** Ends one of the viewer's sessions; one that has ended before stays so. Errors: NOT_FOUND. */
export async function revokeSession(doors: Doors, client: Client, viewer: Viewer, id: string): Promise<void> {
  await end(doors, client, viewer, async (transaction) => {
    const outcome = await endSession(transaction, viewer.id, id);
    if (outcome === null) throw notFound(noSuch('session'));
    return outcome;
  });
}

/** Records the end where there was something to end: a retry is no event. */
async function end(
  { database, logger }: Doors,
  client: Client,
  viewer: Viewer,
  change: (transaction: Transaction) => Promise<'ended' | 'was' | null>,
): Promise<void> {
  const outcome = await database.change(viewer, async (_em, transaction) => {
    // Before any session: see lockSessionOf.
    await lockStructure(transaction, viewer);
    const ended = await change(transaction);
    if (ended === 'ended') await recordEvent(transaction, viewer.id, SecurityEventKind.SESSION_ENDED, client);
    return ended;
  });
  if (outcome === 'ended') logEvent(logger, SecurityEventKind.SESSION_ENDED, viewer.id, client);
}
