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
import { type Entrance, useEntrance } from './use-entrance.ts';

/** Shown at every URL while nobody is signed in. After signing in, the user is at that URL. */
export function SignInPage({ view }: { view: View }) {
  const session = useSession();
  const client = useMemo(createAnonymousClient, []);
  const { endReason } = useSessionState();
  const entrance = useEntrance(client);
  const isFirstVisit = view.kind === 'inbox' && !session.isReturning;
  const isNew = view.kind === 'sign-up' || isFirstVisit;
  if (isNew && entrance === null) return null;
  if (isNew && entrance?.signupEnabled) return <SignUp client={client} session={session} />;
  return <SignIn client={client} session={session} reason={endReason} entrance={entrance} />;
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

interface SignInProps {
  client: ApolloClient;
  session: Session;
  /** The reason for asking, if there is one. */
  reason: string | null;
  /** Null: not known yet. */
  entrance: Entrance | null;
}

function SignIn({ client, session, reason, entrance }: SignInProps) {
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
      {entrance?.mailEnabled && (
        <>
          <Link href="/forgot-password">Forgot your password?</Link>
          <br />
        </>
      )}
      New here?{' '}
      {entrance?.signupEnabled === false ? (
        'Ask the operator of this server for an account.'
      ) : (
        <Link href="/sign-up">Create an account</Link>
      )}
    </CredentialsForm>
  );
}

function enter(session: Session, opened: OpenedSessionFragment | null | undefined): void {
  if (!opened) throw new Error('The answer opens no session.');
  if (location.pathname === '/sign-in' || location.pathname === '/sign-up') navigate('/', 'replace');
  session.open(toRecord(opened));
}
