import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { ThemeSwitch } from '../controls/theme-switch.tsx';
import { AccountDocument } from '../generated/graphql.ts';
import ShortcutsDialog from '../keyboard/shortcuts-dialog.tsx';
import { ArchivedLists } from '../lists/archived-lists.tsx';
import { ProblemNotice } from '../messages/problem-notice.tsx';
import { useDocumentTitle } from '../navigation/use-document-title.ts';
import { useViewer } from '../viewer/viewer.tsx';
import { ChangeEmailDialog } from './change-email-dialog.tsx';
import { ChangePasswordDialog } from './change-password-dialog.tsx';
import { DeleteAccountDialog } from './delete-account-dialog.tsx';
import { SecurityEvents } from './security-events.tsx';
import { Sessions } from './sessions.tsx';
import { SignOutSetting } from './sign-out-setting.tsx';
import { TimeZoneSetting } from './time-zone-setting.tsx';

/** The settings of the account and of this browser. */
export default function Settings() {
  const { me, mailEnabled } = useViewer();
  const [dialog, setDialog] = useState<'shortcuts' | 'email' | 'password' | 'delete' | null>(null);
  const { data, error, refetch } = useQuery(AccountDocument);
  const close = () => setDialog(null);
  useDocumentTitle('Settings');
  // Sessions and recent activity are not among the live changes.
  useEffect(() => {
    const onReturn = () => document.visibilityState === 'visible' && void refetch().catch(() => undefined);
    document.addEventListener('visibilitychange', onReturn);
    return () => document.removeEventListener('visibilitychange', onReturn);
  }, [refetch]);
  return (
    <div className="view settings">
      <header className="view-head">
        <h1 tabIndex={-1}>Settings</h1>
      </header>
      <section aria-labelledby="account-heading">
        <h2 id="account-heading">Account</h2>
        <div className="setting">
          <div>
            <p>E-mail address</p>
            <p className="quiet">{me.email}</p>
          </div>
          {mailEnabled && (
            <button
              type="button"
              className="button"
              aria-haspopup="dialog"
              aria-label="Change e-mail address"
              onClick={() => setDialog('email')}
            >
              Change
            </button>
          )}
        </div>
        <TimeZoneSetting timeZone={me.timeZone} />
        <div className="setting">
          <p>Password</p>
          <button type="button" className="button" aria-haspopup="dialog" onClick={() => setDialog('password')}>
            Change
          </button>
        </div>
        <SignOutSetting />
      </section>
      <section aria-labelledby="browser-heading">
        <h2 id="browser-heading">This browser</h2>
        <div className="setting">
          <p>Colours</p>
          <ThemeSwitch />
        </div>
        <div className="setting">
          <p>Keyboard shortcuts</p>
          <button type="button" className="button" aria-haspopup="dialog" onClick={() => setDialog('shortcuts')}>
            Show
          </button>
        </div>
      </section>
      <ArchivedLists />
      {!data && error && <ProblemNotice error={error} onRetry={() => refetch()} />}
      <Sessions sessions={data?.me.sessions?.edges ?? []} />
      <SecurityEvents events={data?.me.securityEvents?.edges ?? []} />
      <section aria-labelledby="delete-heading">
        <h2 id="delete-heading">Delete account</h2>
        <div className="setting">
          <p>Permanently delete your account and everything in it</p>
          <button
            type="button"
            className="button button-alarm"
            aria-haspopup="dialog"
            onClick={() => setDialog('delete')}
          >
            Delete account…
          </button>
        </div>
      </section>
      {dialog === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      {dialog === 'email' && <ChangeEmailDialog email={me.email} onClose={close} />}
      {dialog === 'password' && <ChangePasswordDialog email={me.email} onClose={close} />}
      {dialog === 'delete' && <DeleteAccountDialog email={me.email} onClose={close} />}
    </div>
  );
}
