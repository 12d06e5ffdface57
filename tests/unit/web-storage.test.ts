import { describe, expect, test } from 'vitest';
import { BrowserStorage } from '../../web/src/browser-storage.ts';
import { Session, type SessionRecord } from '../../web/src/session/session.ts';

const record = (number: number): SessionRecord => ({
  accessToken: `access ${number}`,
  refreshToken: `refresh ${number}`,
  userId: 'ada',
});

const deny = (): never => {
  throw new DOMException('denied', 'SecurityError');
};
const overQuota = (): never => {
  throw new DOMException('full', 'QuotaExceededError');
};

function working() {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return { kept, store };
}

const broken: [string, () => ReturnType<typeof working>['store']][] = [
  ['is denied', deny],
  ['is not there', () => null as never],
  ['cannot be read or written', () => ({ getItem: deny, setItem: deny, removeItem: deny })],
  ['cannot be written', () => ({ ...working().store, setItem: overQuota })],
  ['keeps nothing', () => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined })],
  ['cannot be changed', () => ({ getItem: () => null, setItem: overQuota, removeItem: deny })],
];

describe.for(broken)('where Web Storage %s', ([, open]) => {
  test('the session lives in this tab, is renewed in it, and ends with it', async () => {
    const session = new Session(new BrowserStorage(open), async () => record(2));
    expect(session.get().record).toBeNull();
    expect(session.isReturning).toBe(false);
    session.open(record(1));
    expect(session.get().record).toEqual(record(1));
    expect(session.isKept).toBe(false);
    expect(await session.renew('access 1')).toBe(true);
    expect(session.get().record).toEqual(record(2));
    session.end(null);
    expect(session.get().record).toBeNull();
    session.followOtherTabs({ key: 'todoql:session' });
    expect(session.get().record).toBeNull();
  });

  test('it is known before anything is stored', () => {
    expect(new BrowserStorage(open).isWritable()).toBe(false);
  });
});

test('a record that cannot be replaced is removed, since its refresh token is used up', () => {
  const { kept, store } = working();
  let isFull = false;
  const full = {
    ...store,
    setItem: (key: string, value: string) => (isFull ? overQuota() : store.setItem(key, value)),
  };
  const session = new Session(new BrowserStorage(() => full), async () => null);
  session.open(record(1));
  expect(session.isKept).toBe(true);
  isFull = true;
  session.open(record(2));
  expect(session.get().record).toEqual(record(2));
  expect(session.isKept).toBe(false);
  expect(kept.has('todoql:session')).toBe(false);
  isFull = false;
  session.open(record(3));
  expect(session.isKept).toBe(true);
  expect(kept.get('todoql:session')).toContain('access 3');
});

test('where the browser denies its locks, a token is renewed all the same', async () => {
  const locks = { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) };
  const original = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  try {
    const { store } = working();
    const session = new Session(new BrowserStorage(() => store), async () => record(2));
    session.open(record(1));
    expect(await session.renew('access 1')).toBe(true);
  } finally {
    if (original) Object.defineProperty(globalThis, 'navigator', original);
  }
});

test('where the browser denies its storage while the page is open, the session goes on in this tab', async () => {
  const { store } = working();
  let isDenied = false;
  const session = new Session(new BrowserStorage(() => (isDenied ? deny() : store)), async () => record(2));
  session.open(record(1));
  isDenied = true;
  expect(await session.renew('access 1')).toBe(true);
  expect(session.get().record).toEqual(record(2));
  expect(session.isKept).toBe(false);
  session.end(null);
  session.followOtherTabs({ key: null });
  expect(session.get().record).toBeNull();
});

test('where the storage is full by the time of a renewal, the other tabs still know that somebody was here', async () => {
  const { store } = working();
  let isFull = false;
  const full = {
    ...store,
    setItem: (key: string, value: string) => (isFull ? overQuota() : store.setItem(key, value)),
  };
  const open = () => new Session(new BrowserStorage(() => full), async () => record(2));
  const session = open();
  session.open(record(1));
  isFull = true;
  await session.renew('access 1');
  expect(open().isReturning).toBe(true);
});
