import { ApolloProvider } from '@apollo/client/react';
import { type ReactNode, useMemo } from 'react';
import { createClient } from './graphql/client.ts';
import { ErrorBoundary } from './layout/error-boundary.tsx';
import { Frame } from './layout/frame.tsx';
import { ToastsProvider } from './layout/toast-stack.tsx';
import { Toasts } from './layout/toasts.ts';
import { useAddress } from './navigation/navigate.ts';
import { Entrance } from './session/entrance.tsx';
import type { Session } from './session/session.ts';
import { SessionProvider, useSession, useSessionState } from './session/session-context.tsx';

export function App({ session }: { session: Session }) {
  return (
    <ErrorBoundary>
      <SessionProvider session={session}>
        <Page />
      </SessionProvider>
    </ErrorBoundary>
  );
}

function Page() {
  const { record } = useSessionState();
  const { view, taskId } = useAddress();
  if (!record) return <Entrance view={view} />;
  return (
    <SignedIn key={record.userId}>
      <Frame view={view} taskId={taskId} />
    </SignedIn>
  );
}

/** What belongs to one user: its key makes all of it anew for the next one. */
function SignedIn({ children }: { children: ReactNode }) {
  const session = useSession();
  const client = useMemo(() => createClient(session), [session]);
  const toasts = useMemo(() => new Toasts(), []);
  return (
    <ApolloProvider client={client}>
      <ToastsProvider toasts={toasts}>{children}</ToastsProvider>
    </ApolloProvider>
  );
}
