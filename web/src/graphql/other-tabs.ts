import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';
import { type Change, changesIn, knownChanges } from './known-changes.ts';

// One channel for both directions: a channel does not receive its own messages.
const channel = openChannel('todoql:changes');

/** Not reported: other tabs notice by the stored record that the session has ended, and their queries would fail. */
const endings: readonly (string | undefined)[] = ['LogOut', 'LogOutEverywhere', 'DeleteAccount'];

/** Notifies the other tabs of this browser of each change; they then reload from the server. */
export function notifyOtherTabs(): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        const isChange = operation.operationType === 'mutation' && !endings.includes(operation.operationName);
        if (!isChange || !data) return;
        const changes = changesIn(data);
        knownChanges.add(changes);
        notifyTabs(changes.length > 0 ? changes : undefined);
      }),
    ),
  );
}

/** @param changes those of a mutation; by default one without a session */
export function notifyTabs(changes: readonly Change[] = [null]): void {
  channel?.postMessage(changes);
}

/** @returns a function that unsubscribes */
export function onChangeInOtherTab(listener: (changes: readonly Change[]) => void): () => void {
  const receive = ({ data }: MessageEvent<readonly Change[]>) => listener(data);
  channel?.addEventListener('message', receive);
  return () => channel?.removeEventListener('message', receive);
}

/** null if the browser has no such channels. */
export function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    return null;
  }
}
