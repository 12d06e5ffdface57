import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { RefreshSessionDocument } from '../generated/graphql.ts';
import { createOpenClient } from '../graphql/client.ts';
import { findError } from '../graphql/problem.ts';
import type { Refresh } from './session.ts';
import { toRecord } from './session-record.ts';

/** Without the access token, which has expired. Only a refusal ends the session: a network that is down does not. */
export const refreshSession: Refresh = async (refreshToken) => {
  try {
    const variables = { input: { refreshToken } };
    const { data } = await createOpenClient().mutate({ mutation: RefreshSessionDocument, variables });
    return data?.refreshSession ? toRecord(data.refreshSession) : null;
  } catch (error) {
    if (CombinedGraphQLErrors.is(error) && findError(error.errors, 'INVALID_CREDENTIALS')) return null;
    throw error;
  }
};
