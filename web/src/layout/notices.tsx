import { useSyncExternalStore } from 'react';
import { isKnownZone } from '../dates/time-zones.ts';
import { useDays } from '../dates/viewer-days.tsx';
import { viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { useSession } from '../session/session-context.tsx';

/** Notices about limitations of this browser that affect what the page shows or stores. */
export function BrowserNotices() {
  const { timeZone } = useDays();
  const { isKept } = useSession();
  return (
    <div role="status">
      {!isKnownZone(timeZone) && (
        <p className="notice">
          This browser does not know your time zone, {timeZone}. Days and times are shown in UTC.{' '}
          <Link href={viewHref({ kind: 'settings' })}>Choose another time zone in Settings</Link>
        </p>
      )}
      {!isKept && (
        <p className="notice">
          This browser cannot store your session. You will stay signed in until you close or reload this tab.
        </p>
      )}
    </div>
  );
}

/** A notice while the device is offline, or changes on other devices do not arrive. */
export function ConnectionNotice({ isLost }: { isLost: boolean }) {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!isOnline && <p className="offline">You are offline. You can read your tasks, but not change them.</p>}
      {isOnline && isLost && <p className="offline">Connection lost. Changes on other devices do not appear.</p>}
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}
