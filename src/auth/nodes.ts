import type { FindNode } from '../graphql/node.resolver.ts';
import { SecurityEvent } from './security-event.entity.ts';
import { Session } from './session.entity.ts';

/** The viewer's live session; null where there is none. */
export const findSession: FindNode = async (database, viewer, id) => {
  const session = await database.entities(viewer).findOne(Session, { id });
  return session && Object.assign(session, { current: id === viewer.sessionId });
};

/** What happened to the viewer's account; null where it did not, or too long ago. */
export const findSecurityEvent: FindNode = (database, viewer, id) => {
  return database.entities(viewer).findOne(SecurityEvent, { id });
};
