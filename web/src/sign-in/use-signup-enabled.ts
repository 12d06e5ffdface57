import type { ApolloClient } from '@apollo/client';
import { useEffect, useState } from 'react';
import { SignupEnabledDocument } from '../generated/graphql.ts';

/** Whether the server creates accounts by sign-up; null until it answers. If it does not, the form will say what is wrong. */
export function useSignupEnabled(client: ApolloClient): boolean | null {
  const [isEnabled, setIsEnabled] = useState<boolean | null>(null);
  useEffect(() => {
    client.query({ query: SignupEnabledDocument }).then(
      ({ data }) => setIsEnabled(data?.signupEnabled ?? true),
      () => setIsEnabled(true),
    );
  }, [client]);
  return isEnabled;
}
