import { useMemo, useSyncExternalStore } from 'react';
import { type Address, readAddress } from './address.ts';

const navigated = 'todoql:navigated';

/** Navigates without loading a page. */
export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  if (href === currentHref()) return;
  if (how === 'replace') history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  dispatchEvent(new Event(navigated));
}

export function useAddress(): Address {
  const href = useSyncExternalStore(subscribe, currentHref);
  return useMemo(() => readAddress(href), [href]);
}

const currentHref = (): string => location.pathname + location.search;

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(navigated, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(navigated, listener);
  };
}
