import { openChannel } from '../graphql/other-tabs.ts';
import type { Session } from '../session/session.ts';
import { LiveConnection, type LiveReport } from './live-connection.ts';

/**
 * Reports the changes of this user, also on other devices, while the tab is visible. One visible tab of the browser has the
 * connection, and passes its reports to the others, because browsers open only six connections to a server without HTTP/2.
 */
export function followChanges(session: Session, report: (report: LiveReport) => void, signal: AbortSignal): void {
  const name = `todoql:live:${session.get().record?.userId}`;
  const channel = openChannel(name);
  const publish = (news: LiveReport) => {
    report(news);
    channel?.postMessage(news);
  };
  let connection = new AbortController();
  const onVisibility = () => {
    connection.abort();
    connection = new AbortController();
    if (document.visibilityState === 'hidden') return;
    const whileVisible = AbortSignal.any([signal, connection.signal]);
    const stayOpen = () => new LiveConnection(session, publish).stayOpen(whileVisible);
    void (channel ? inOneTab(name, stayOpen, whileVisible) : stayOpen());
  };
  channel?.addEventListener('message', ({ data }) => report(data));
  document.addEventListener('visibilitychange', onVisibility, { signal });
  signal.addEventListener('abort', () => channel?.close());
  onVisibility();
}

/** Runs the work once no other tab does. Browsers have no locks on plain http, and deny them if storage is blocked. */
async function inOneTab(name: string, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (!('locks' in navigator)) return work();
  let isGranted = false;
  try {
    await navigator.locks.request(name, { signal }, () => {
      isGranted = true;
      return work();
    });
  } catch {
    if (!isGranted && !signal.aborted) await work();
  }
}
