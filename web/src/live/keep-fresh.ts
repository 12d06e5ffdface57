import { onChangeInOtherTab } from '../graphql/other-tabs.ts';
import type { Session } from '../session/session.ts';
import { FreshData } from './fresh-data.ts';
import { followChanges } from './live-tab.ts';

interface Page {
  readonly session: Session;
  /** Reloads what the page shows. */
  readonly reload: () => Promise<unknown>;
  readonly setIsLost: (isLost: boolean) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds after which a lost connection is shown: a restart of the server does not take as long. */
const patience = 2_000;

/** Reloads the page after changes by others, until the signal, and reports whether such changes do not arrive. */
export function keepFresh({ session, reload, setIsLost, signal }: Page): void {
  if (signal.aborted) return;
  const data = new FreshData(reload, () => document.visibilityState === 'visible');
  let lost: ReturnType<typeof setTimeout> | undefined;
  const found = () => {
    clearTimeout(lost);
    lost = undefined;
  };
  followChanges(
    session,
    ({ changes, isLost }) => {
      data.add(changes);
      if (isLost) lost ??= setTimeout(() => setIsLost(true), patience);
      else {
        found();
        setIsLost(false);
      }
    },
    signal,
  );
  const unfollow = onChangeInOtherTab((changes) => data.add(changes));
  document.addEventListener('visibilitychange', data.resume, { signal });
  addEventListener('online', () => data.add([null]), { signal });
  signal.addEventListener('abort', () => {
    unfollow();
    found();
    data.stop();
  });
}
