import type { BrowserStorage } from '../browser-storage.ts';
import type { OpenedSessionFragment } from '../generated/graphql.ts';

/** What of a session is kept: one record, so that all tabs read and replace it as a whole. */
export interface SessionRecord {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly userId: string;
}

/** What is kept of the answer that opened or renewed a session. */
export function toRecord({ accessToken, refreshToken, user }: OpenedSessionFragment): SessionRecord {
  return { accessToken, refreshToken, userId: user.id };
}

/** What the page shows: a signed-in user, or the sign-in form with a sentence about why. */
export interface SessionState {
  readonly record: SessionRecord | null;
  readonly endReason: string | null;
}

/** Trades a refresh token for a new session; null where it is refused. What cannot be asked is thrown. */
export type Refresh = (refreshToken: string) => Promise<SessionRecord | null>;

const key = 'todoql:session';
const returningKey = 'todoql:returning';

/**
 * Milliseconds for which the lock is kept after a new record was stored. Chromium passes the record to other tabs by another
 * way than the lock: handed on at once, it let a second tab read the old record and renew again.
 */
const propagation = 100;

/** Who is signed in, in this tab and all others of this browser. */
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

  /** Whether somebody has signed in here before: then the sign-in form comes first, else sign-up. */
  get isReturning(): boolean {
    return this.#store.getItem(returningKey) !== null;
  }

  /** Whether the session outlives this tab. It does not where the browser stores nothing. */
  get isKept(): boolean {
    return !this.#store.isInMemory(key);
  }

  open(record: SessionRecord): void {
    if (!this.isReturning) this.#store.setItem(returningKey, 'yes');
    this.#store.setItem(key, JSON.stringify(record));
    this.#show(record, null);
  }

  end(endReason: string | null): void {
    this.#store.removeItem(key);
    this.#show(null, endReason);
  }

  /** Follows what other tabs do. */
  readonly followOtherTabs = ({ key: changed }: { readonly key: string | null }): void => {
    if (changed !== key && changed !== null) return;
    const record = this.#read();
    this.#show(record, record ? null : 'You have signed out in another tab.');
  };

  /**
   * A new access token in place of one that was refused: asked for once, whichever requests and tabs wait for it.
   * @returns false where the session has ended
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
      const record = JSON.parse(this.#store.getItem(key) ?? 'null') as SessionRecord | null; // or what another page left
      const isRecord = typeof record?.accessToken === 'string' && typeof record.userId === 'string';
      return isRecord ? record : null;
    } catch {
      return null;
    }
  }
}

/**
 * One at a time over all tabs. Where the address is plain http, browsers have no locks, and where storage is blocked they
 * deny them: the tab queues alone.
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
