/** The part of Web Storage that is used. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const probe = 'todoql:probe';

/**
 * Web Storage that never throws: if the browser denies it or it is full, values are kept in the memory of this tab.
 *
 * @param open called each time: if cookies are blocked, even accessing `localStorage` throws a SecurityError
 */
export class BrowserStorage {
  /** Values that could not be stored; null if a value could not be removed. */
  readonly #memory = new Map<string, string | null>();
  /** The last known values, because the browser may deny its storage while the page is open. */
  readonly #last = new Map<string, string | null>();
  readonly #open: () => Store;

  constructor(open: () => Store) {
    this.#open = open;
  }

  getItem(key: string): string | null {
    const kept = this.#memory.get(key);
    if (kept !== undefined) return kept;
    const value = this.#attempt((store) => store.getItem(key), this.#last.get(key) ?? null);
    this.#last.set(key, value);
    return value;
  }

  setItem(key: string, value: string): void {
    this.#last.set(key, value);
    const isStored = this.#store(key, value);
    if (isStored) return void this.#memory.delete(key);
    this.#memory.set(key, value);
    // The old value must not come back after a reload: a refresh token works only once.
    this.#change((store) => store.removeItem(key));
  }

  removeItem(key: string): void {
    const isRemoved = this.#change((store) => store.removeItem(key));
    if (isRemoved) this.#memory.delete(key);
    else this.#memory.set(key, null);
  }

  /** Whether a value is lost when this tab is closed or reloaded. */
  isInMemory(key: string): boolean {
    return typeof this.#memory.get(key) === 'string';
  }

  /** Whether the browser stores anything at all. */
  isWritable(): boolean {
    const isStored = this.#store(probe, 'yes');
    this.#change((store) => store.removeItem(probe));
    return isStored;
  }

  /** Checks the result, because some browsers silently store nothing. */
  #store(key: string, value: string): boolean {
    return this.#attempt((store) => {
      store.setItem(key, value);
      return store.getItem(key) === value;
    }, false);
  }

  #change(change: (store: Store) => void): boolean {
    return this.#attempt((store) => {
      change(store);
      return true;
    }, false);
  }

  #attempt<T>(use: (store: Store) => T, otherwise: T): T {
    try {
      return use(this.#open());
    } catch {
      return otherwise;
    }
  }
}

export const browserStorage = new BrowserStorage(() => localStorage);
