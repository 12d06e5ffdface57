import type { OpenedSessionFragment } from '../generated/graphql.ts';
import type { SessionRecord } from './session.ts';

/** What is kept of the answer that opened or renewed a session. */
export function toRecord({ accessToken, user }: OpenedSessionFragment): SessionRecord {
  return { accessToken, refreshToken: null, userId: user.id };
}
