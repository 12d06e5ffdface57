import type { OpenedSessionFragment } from '../generated/graphql.ts';
import type { SessionRecord } from './session.ts';

/** What is kept of the answer that opened or renewed a session. */
export function toRecord({ accessToken, refreshToken, user }: OpenedSessionFragment): SessionRecord {
  return { accessToken, refreshToken, userId: user.id };
}
