import type { ApolloClient } from '@apollo/client';
import { useEffect, useState } from 'react';
import { EntranceDocument } from '../generated/graphql.ts';

/** What the server offers to those who are not signed in. */
export interface Entrance {
  readonly signupEnabled: boolean;
  /** Whether it can send a link to those who have forgotten their password. */
  readonly mailEnabled: boolean;
}

/** Null until the server answers. If it does not, the form will say what is wrong. */
export function useEntrance(client: ApolloClient): Entrance | null {
  const [entrance, setEntrance] = useState<Entrance | null>(null);
  useEffect(() => {
    client.query({ query: EntranceDocument }).then(
      ({ data }) => setEntrance(data ?? unknown),
      () => setEntrance(unknown),
    );
  }, [client]);
  return entrance;
}

const unknown: Entrance = { signupEnabled: true, mailEnabled: false };
