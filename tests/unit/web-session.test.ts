import { expect, test } from 'vitest';
import { BrowserStorage } from '../../web/src/browser-storage.ts';
import { Session, type SessionRecord } from '../../web/src/session/session.ts';

const record = (number: number): SessionRecord => ({
  accessToken: `access ${number}`,
  refreshToken: `refresh ${number}`,
  userId: 'ada',
});

/** What the tabs of one browser share. */
function browser(refresh: (token: string) => Promise<SessionRecord | null>) {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return { openTab: () => new Session(new BrowserStorage(() => store), refresh), kept };
}

test('of all requests of all tabs that wait for a new token, one asks for it', async () => {
  const asked: string[] = [];
  const { openTab } = browser(async (token) => {
    asked.push(token);
    return record(2);
  });
  openTab().open(record(1));
  const [one, other] = [openTab(), openTab()];

  const renewed = await Promise.all([one, one, other, one, other].map((tab) => tab.renew('access 1')));

  expect(renewed).toEqual([true, true, true, true, true]);
  expect(asked).toEqual(['refresh 1']);
  expect([one, other].map((tab) => tab.get().record?.accessToken)).toEqual(['access 2', 'access 2']);
});

test('a tab that sees late what another one stored does not renew again', async () => {
  const asked: string[] = [];
  const { openTab, kept } = browser(async (token) => {
    asked.push(token);
    return record(2);
  });
  openTab().open(record(1));
  const before = kept.get('todoql:session') ?? null;
  const start = Date.now();
  const late = {
    getItem: () => (Date.now() - start < 50 ? before : (kept.get('todoql:session') ?? null)),
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const other = new Session(new BrowserStorage(() => late), async (token) => {
    asked.push(token);
    return record(3);
  });

  await Promise.all([openTab().renew('access 1'), other.renew('access 1')]);

  expect(asked).toEqual(['refresh 1']);
  expect(other.get().record).toEqual(record(2));
});

test('a refusal ends the session, in all tabs, and says so', async () => {
  const { openTab } = browser(async () => null);
  openTab().open(record(1));
  const [one, other] = [openTab(), openTab()];

  expect(await one.renew('access 1')).toBe(false);
  other.followOtherTabs({ key: 'todoql:session' });

  expect(one.get()).toEqual({ record: null, endReason: 'Your session has ended. Sign in again.' });
  expect(other.get().record).toBeNull();
});

test('a network that is down does not end the session', async () => {
  const { openTab } = browser(async () => {
    throw new TypeError('Failed to fetch');
  });
  const tab = openTab();
  tab.open(record(1));

  await expect(tab.renew('access 1')).rejects.toThrow(TypeError);
  expect(tab.get().record).toEqual(record(1));
});

test('what is kept and cannot be read counts as signed out', () => {
  const { openTab, kept } = browser(async () => null);
  kept.set('todoql:session', '{"accessTok');
  expect(openTab().get().record).toBeNull();
});

test.each([
  '{',
  '"text"',
  '7',
  '[]',
  '{}',
  '{"accessToken":"a"}',
  '{"accessToken":7,"userId":"ada"}',
  '{"token":"of an older page"}',
])('where %s is stored, nobody is signed in, and somebody can', (stored) => {
  const { openTab, kept } = browser(async () => null);
  kept.set('todoql:session', stored);
  const tab = openTab();
  expect(tab.get().record).toBeNull();
  tab.open(record(1));
  expect(openTab().get().record).toEqual(record(1));
});
