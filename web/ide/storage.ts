type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/**
 * Web Storage that never throws: what the browser denies, or has no room for, lives in the memory of the tab.
 * @param open is called each time: with cookies blocked, merely naming `localStorage` throws
 */
export function safeStorage(open: () => Store): Store {
  const memory = new Map<string, string>();
  const attempt = <T>(use: (store: Store) => T, otherwise: () => T): T => {
    try {
      return use(open());
    } catch {
      return otherwise();
    }
  };
  return {
    getItem: (name) =>
      memory.get(name) ??
      attempt(
        (store) => store.getItem(name),
        () => null,
      ),
    setItem(name, value) {
      memory.delete(name);
      attempt(
        (store) => store.setItem(name, value),
        () => void memory.set(name, value),
      );
    },
    removeItem(name) {
      memory.delete(name);
      attempt(
        (store) => store.removeItem(name),
        () => undefined,
      );
    },
    clear() {
      memory.clear();
      attempt(
        (store) => store.clear(),
        () => undefined,
      );
    },
    get length() {
      return attempt(
        (store) => store.length,
        () => 0,
      );
    },
  };
}
