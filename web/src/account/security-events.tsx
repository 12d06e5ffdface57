import type { AccountQuery, SecurityEventKind } from '../generated/graphql.ts';
import { Timestamp } from './timestamp.tsx';

type Events = NonNullable<AccountQuery['me']['securityEvents']>['edges'];

const names: Readonly<Record<string, string>> = {
  SIGNUP: 'Account created',
  LOGIN: 'Signed in',
  LOGIN_FAILED: 'Wrong password',
  LOGIN_REFUSED: 'Sign-in refused: the account was disabled',
  REFRESH_REPLAYED: 'Session ended: its token was used twice',
  PASSWORD_CHANGED: 'Password changed',
  PASSWORD_RESET: 'Password reset by e-mail',
  EMAIL_VERIFIED: 'E-mail address confirmed',
  EMAIL_CHANGE_REQUESTED: 'Change of e-mail address requested',
  EMAIL_CHANGED: 'E-mail address changed',
  SESSION_ENDED: 'Signed out',
  ACCOUNT_DISABLED: 'Account disabled by the operator',
  ACCOUNT_ENABLED: 'Account enabled again by the operator',
  SESSIONS_ENDED_BY_OPERATOR: 'Signed out everywhere by the operator',
  PASSWORD_SET_BY_OPERATOR: 'Password set by the operator',
};

/** A later version of the API may have more kinds. */
const eventName = (kind: SecurityEventKind): string => names[kind] ?? 'Other activity';

/** Recent events of the account, so that its owner notices strangers. */
export function SecurityEvents({ events }: { events: Events }) {
  return (
    <section aria-labelledby="events-heading">
      <h2 id="events-heading">Recent activity</h2>
      <ul className="events">
        {events.map(({ node: { id, kind, at, ipAddress } }) => (
          <li key={id}>
            <span>{eventName(kind)}</span>
            <span className="quiet">
              <Timestamp at={at} />
              {ipAddress && ` · ${ipAddress}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
