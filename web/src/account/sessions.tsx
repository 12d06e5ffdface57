import { useApolloClient } from '@apollo/client/react';
import {
  AccountDocument,
  type AccountQuery,
  LogOutEverywhereDocument,
  RevokeSessionDocument,
} from '../generated/graphql.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { navigate } from '../navigation/navigate.ts';
import { useSession } from '../session/session-context.tsx';
import { deviceName } from './device-name.ts';
import { Timestamp } from './timestamp.tsx';

type Sessions = NonNullable<AccountQuery['me']['sessions']>['edges'];

/** The user's sessions, to be ended one by one or all at once. */
export function Sessions({ sessions }: { sessions: Sessions }) {
  const client = useApolloClient();
  const toasts = useToasts();
  const own = useSession();
  const revoke = async (id: string) => {
    try {
      await client.mutate({
        mutation: RevokeSessionDocument,
        variables: { input: { id } },
        refetchQueries: [AccountDocument],
        awaitRefetchQueries: true,
      });
      toasts.show('Session ended.');
    } catch (error) {
      toasts.showProblem(error);
    }
  };
  const endAll = async () => {
    try {
      await client.mutate({ mutation: LogOutEverywhereDocument });
      navigate('/sign-in', 'replace');
      own.end('You have signed out everywhere.');
    } catch (error) {
      toasts.showProblem(error);
    }
  };
  return (
    <section aria-labelledby="sessions-heading">
      <h2 id="sessions-heading">Where you are signed in</h2>
      <ul>
        {sessions.map(({ node: { id, userAgent, ipAddress, lastUsedAt, current } }) => (
          <li key={id} className="setting">
            <div>
              <p>{deviceName(userAgent)}</p>
              <p className="quiet">
                {current ? 'This device' : <Timestamp at={lastUsedAt} />}
                {ipAddress && ` · ${ipAddress}`}
              </p>
            </div>
            {!current && (
              <button
                type="button"
                className="button"
                aria-label={`End session: ${deviceName(userAgent)}`}
                onClick={() => revoke(id)}
              >
                End session
              </button>
            )}
          </li>
        ))}
      </ul>
      <div className="setting">
        <p>All devices, including this one</p>
        <button type="button" className="button" onClick={endAll}>
          Sign out everywhere
        </button>
      </div>
    </section>
  );
}
