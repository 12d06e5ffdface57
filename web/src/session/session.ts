import type { BrowserStorage } from '../browser-storage.ts';
import type { OpenedSessionFragment } from '../generated/graphql.ts';

/** The stored part of a session: one record, which all tabs read and replace as a whole. */
export interface SessionRecord {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly userId: string;
}

/** The part of a response to store after a sign-in or renewal. */
export function toRecord({ accessToken, refreshToken, user }: OpenedSessionFragment): SessionRecord {
  return { accessToken, refreshToken, userId: user.id };
}

/** The signed-in user, or null with the reason to show above the sign-in form. */
export interface SessionState {
  readonly record: SessionRecord | null;
  readonly endReason: string | null;
}

/** Exchanges a refresh token. Returns null if the server refuses it, and throws if the server cannot be reached. */
export type Refresh = (refreshToken: string) => Promise<SessionRecord | null>;

const key = 'todoql:session';
const returningKey = 'todoql:returning';
const cursorKey = 'todoql:cursor';

/**
 * Milliseconds to hold the lock after a new record was stored. In Chromium, storage and locks reach other tabs independently:
 * with an earlier release, a second tab could still read the old record and renew again.
 */
const propagation = 100;

/** The session of this browser, shared by all its tabs. */
export class Session {
  #state: SessionState;
  readonly #listeners = new Set<() => void>();
  readonly #store: BrowserStorage;
  readonly #refresh: Refresh;

  constructor(store: BrowserStorage, refresh: Refresh) {
    this.#store = store;
    this.#refresh = refresh;
    this.#state = { record: this.#read(), endReason: null };
  }

  readonly get = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether somebody has signed in with this browser before: the page then offers sign-in instead of sign-up. */
  get isReturning(): boolean {
    return this.#store.getItem(returningKey) !== null;
  }

  /** Whether the session outlives this tab; not if the browser stores nothing. */
  get isKept(): boolean {
    return !this.#store.isInMemory(key);
  }

  /** Up to where this browser has followed the user's changes; null: nowhere. It is kept as long as the session. */
  get cursor(): string | null {
    return this.#store.getItem(cursorKey);
  }

  set cursor(cursor: string | null) {
    if (cursor === null) this.#store.removeItem(cursorKey);
    else this.#store.setItem(cursorKey, cursor);
  }

  open(record: SessionRecord): void {
    if (!this.isReturning) this.#store.setItem(returningKey, 'yes');
    this.#store.setItem(key, JSON.stringify(record));
    this.#show(record, null);
  }

  end(endReason: string | null): void {
    this.#store.removeItem(key);
    this.cursor = null;
    this.#show(null, endReason);
  }

  /** For the `storage` event, which reports changes by other tabs. */
  readonly followOtherTabs = ({ key: changed }: { readonly key: string | null }): void => {
    if (changed !== key && changed !== null) return;
    const record = this.#read();
    this.#show(record, record ? null : 'You have signed out in another tab.');
  };

  /**
   * Replaces an access token that the server refused. Concurrent requests and tabs share one renewal.
   * @returns false if the session has ended
   */
  renew(refused: string): Promise<boolean> {
    return exclusively(async () => {
      const record = this.#read();
      if (record && record.accessToken !== refused) {
        this.#show(record, null);
        return true;
      }
      const renewed = record?.refreshToken ? await this.#refresh(record.refreshToken) : null;
      if (renewed) this.open(renewed);
      else this.end('Your session has ended. Sign in again.');
      if (renewed) await new Promise((resolve) => setTimeout(resolve, propagation));
      return renewed !== null;
    });
  }

  #show(record: SessionRecord | null, endReason: string | null): void {
    this.#state = { record, endReason };
    for (const listener of this.#listeners) listener();
  }

  #read(): SessionRecord | null {
    try {
      const record = JSON.parse(this.#store.getItem(key) ?? 'null') as SessionRecord | null; // or another page's value
      const isRecord = typeof record?.accessToken === 'string' && typeof record.userId === 'string';
      return isRecord ? record : null;
    } catch {
      return null;
    }
  }
}

/**
 * Runs one task at a time over all tabs. Browsers have no locks on plain http, and deny them if storage is blocked: then only
 * the tasks of this tab are queued.
 */
async function exclusively<T>(task: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return queue.add(task);
  let isGranted = false;
  try {
    return await navigator.locks.request('todoql:refresh', () => {
      isGranted = true;
      return task();
    });
  } catch (error) {
    if (isGranted) throw error;
    return queue.add(task);
  }
}

const queue = {
  last: Promise.resolve() as Promise<unknown>,
  add<T>(task: () => Promise<T>): Promise<T> {
    const next = this.last.then(task, task);
    this.last = next;
    return next;
  },
};
