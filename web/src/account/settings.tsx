import { useState } from 'react';
import { ThemeSwitch } from '../design/theme-switch.tsx';
import { useFrame } from '../layout/frame-data.tsx';
import ShortcutsDialog from '../layout/shortcuts-dialog.tsx';
import { useDocumentTitle } from '../navigation/document-title.ts';
import { PutAsideLists } from './put-aside-lists.tsx';
import { SignOut } from './sign-out.tsx';
import { TimeZoneSetting } from './time-zone-setting.tsx';

/** The account, and how this browser shows it. */
export default function Settings() {
  const { me } = useFrame();
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  useDocumentTitle('Settings');
  return (
    <div className="view settings">
      <header className="view-head">
        <h1 tabIndex={-1}>Settings</h1>
      </header>
      <section aria-labelledby="account-heading">
        <h2 id="account-heading">Account</h2>
        <dl className="setting">
          <dt>E-mail address</dt>
          <dd>{me.email}</dd>
        </dl>
        <TimeZoneSetting timeZone={me.timeZone} />
        <SignOut />
      </section>
      <section aria-labelledby="browser-heading">
        <h2 id="browser-heading">This browser</h2>
        <div className="setting">
          <p>Colours</p>
          <ThemeSwitch />
        </div>
        <div className="setting">
          <p>Keyboard shortcuts</p>
          <button type="button" className="button" aria-haspopup="dialog" onClick={() => setShowsShortcuts(true)}>
            Show
          </button>
        </div>
      </section>
      <PutAsideLists />
      {showsShortcuts && <ShortcutsDialog onClose={() => setShowsShortcuts(false)} />}
    </div>
  );
}
