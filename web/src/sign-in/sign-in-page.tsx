import type { ApolloClient } from '@apollo/client';
import { useMemo } from 'react';
import { deviceZone } from '../dates/time-zones.ts';
import { LogInDocument, type OpenedSessionFragment, SignUpDocument } from '../generated/graphql.ts';
import { createAnonymousClient } from '../graphql/client.ts';
import type { View } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/navigate.ts';
import { type Session, toRecord } from '../session/session.ts';
import { useSession, useSessionState } from '../session/session-context.tsx';
import { CredentialsForm } from './credentials-form.tsx';

/** Shown at every URL while nobody is signed in. After signing in, the user is at that URL. */
export function SignInPage({ view }: { view: View }) {
  const session = useSession();
  const client = useMemo(createAnonymousClient, []);
  const { endReason } = useSessionState();
  const isFirstVisit = view.kind === 'inbox' && !session.isReturning;
  if (view.kind === 'sign-up' || isFirstVisit) return <SignUp client={client} session={session} />;
  return <SignIn client={client} session={session} reason={endReason} />;
}

function SignUp({ client, session }: { client: ApolloClient; session: Session }) {
  return (
    <CredentialsForm
      title="Create your account"
      reason={null}
      submit="Sign up"
      password="new-password"
      send={async (credentials) => {
        const variables = { input: { ...credentials, timeZone: deviceZone() } };
        const { data } = await client.mutate({ mutation: SignUpDocument, variables });
        enter(session, data?.signup);
      }}
    >
      Already have an account? <Link href="/sign-in">Sign in</Link>
    </CredentialsForm>
  );
}

function SignIn({ client, session, reason }: { client: ApolloClient; session: Session; reason: string | null }) {
  return (
    <CredentialsForm
      title="Sign in"
      reason={reason}
      submit="Sign in"
      password="current-password"
      send={async (credentials) => {
        const { data } = await client.mutate({ mutation: LogInDocument, variables: { input: credentials } });
        enter(session, data?.login);
      }}
    >
      New here? <Link href="/sign-up">Create an account</Link>
    </CredentialsForm>
  );
}

function enter(session: Session, opened: OpenedSessionFragment | null | undefined): void {
  if (!opened) throw new Error('The answer opens no session.');
  if (location.pathname === '/sign-in' || location.pathname === '/sign-up') navigate('/', 'replace');
  session.open(toRecord(opened));
}
