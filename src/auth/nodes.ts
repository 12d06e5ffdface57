import type { FindNode } from '../graphql/node.resolver.ts';
import { Session } from './session.entity.ts';

/** The viewer's live session; null where there is none. */
export const findSession: FindNode = async (database, viewer, id) => {
  const session = await database.entities(viewer).findOne(Session, { id });
  return session && Object.assign(session, { current: id === viewer.sessionId });
};
