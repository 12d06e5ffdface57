import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { RefreshSessionDocument } from '../generated/graphql.ts';
import { type Refresh, toRecord } from '../session/session.ts';
import { createAnonymousClient } from './client.ts';
import { findError } from './problem.ts';

/** Sends no access token, since it has expired. Only a refusal by the server ends the session, not a network failure. */
export const refreshSession: Refresh = async (refreshToken) => {
  try {
    const variables = { input: { refreshToken } };
    const { data } = await createAnonymousClient().mutate({ mutation: RefreshSessionDocument, variables });
    return data?.refreshSession ? toRecord(data.refreshSession) : null;
  } catch (error) {
    if (CombinedGraphQLErrors.is(error) && findError(error.errors, 'INVALID_CREDENTIALS')) return null;
    throw error;
  }
};
