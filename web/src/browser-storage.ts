/** What of Web Storage is needed here. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const probe = 'todoql:probe';

/**
 * Web Storage that never throws: where the browser denies it, or it is full, values live in the memory of this tab.
 *
 * @param open is called each time: with cookies blocked, merely naming `localStorage` throws a SecurityError
 */
export class BrowserStorage {
  /** Values that could not be stored; null: one that could not be removed. */
  readonly #memory = new Map<string, string | null>();
  /** Values as they were last: the browser may deny its storage while the page is open. */
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
    // An older value must not come back with the next load: a refresh token is good for one use.
    this.#change((store) => store.removeItem(key));
  }

  removeItem(key: string): void {
    const isRemoved = this.#change((store) => store.removeItem(key));
    if (isRemoved) this.#memory.delete(key);
    else this.#memory.set(key, null);
  }

  /** Whether a value is lost when this tab is closed or loaded again. */
  isInMemory(key: string): boolean {
    return typeof this.#memory.get(key) === 'string';
  }

  /** Whether the browser stores anything at all. */
  isWritable(): boolean {
    const isStored = this.#store(probe, 'yes');
    this.#change((store) => store.removeItem(probe));
    return isStored;
  }

  /** Some browsers take a value without a word, and keep none. */
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
