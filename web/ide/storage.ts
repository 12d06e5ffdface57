type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'clear' | 'length'>;

/**
 * Web Storage that never throws: if the browser denies it or it is full, values are kept in the memory of the tab.
 * @param open called each time: if cookies are blocked, even accessing `localStorage` throws
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
