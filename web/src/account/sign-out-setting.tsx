import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { LogOutDocument } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { navigate } from '../navigation/navigate.ts';
import { useSession } from '../session/session-context.tsx';

/** Ends the session on the server and in all tabs. */
export function SignOutSetting() {
  const session = useSession();
  const toasts = useToasts();
  const client = useApolloClient();
  const [isSending, setIsSending] = useState(false);
  const signOut = async () => {
    if (isSending) return;
    setIsSending(true);
    try {
      await client.mutate({ mutation: LogOutDocument });
    } catch (error) {
      // Fine if the session had already ended.
      if (describeProblem(error).code !== 'UNAUTHENTICATED') return toasts.showProblem(error);
    } finally {
      setIsSending(false);
    }
    navigate('/sign-in', 'replace');
    session.end(null);
  };
  return (
    <div className="setting">
      <p>This device</p>
      <button type="button" className="button" aria-disabled={isSending} onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}
