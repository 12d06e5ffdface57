import { ApolloProvider } from '@apollo/client/react';
import { type ReactNode, useMemo } from 'react';
import { ConfirmAddressPage } from './email-links/confirm-address-page.tsx';
import { ResetPasswordPage } from './email-links/reset-password-page.tsx';
import { createClient } from './graphql/client.ts';
import { ErrorBoundary } from './layout/error-boundary.tsx';
import { Layout } from './layout/layout.tsx';
import { ToastsProvider } from './messages/toast-stack.tsx';
import { Toasts } from './messages/toasts.ts';
import { type EmailLinkView, isEmailLink } from './navigation/address.ts';
import { useAddress } from './navigation/navigate.ts';
import type { Session } from './session/session.ts';
import { SessionProvider, useSession, useSessionState } from './session/session-context.tsx';
import { ForgotPasswordPage } from './sign-in/forgot-password-page.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';

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
  if (isEmailLink(view)) return <EmailLinkPage view={view} />;
  if (!record) return <SignInPage view={view} />;
  return (
    <SignedIn key={record.userId}>
      <Layout view={view} taskId={taskId} />
    </SignedIn>
  );
}

function EmailLinkPage({ view: { kind } }: { view: EmailLinkView }) {
  if (kind === 'forgot-password') return <ForgotPasswordPage />;
  return kind === 'reset-password' ? <ResetPasswordPage /> : <ConfirmAddressPage purpose={kind} />;
}

/** Everything of one user. The key gives the next user an empty cache and no messages. */
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
