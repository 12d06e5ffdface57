import type { Refresh } from './session.ts';

/** The API has no refresh tokens yet, so that a session ends with its access token. */
export const refreshSession: Refresh = async () => null;
