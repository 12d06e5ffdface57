import { expect, test } from 'vitest';
import { EventStream } from '../support/live.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

test('a subscription sends an empty page at once, then each change', async () => {
  const user = await server.newUser();
  const earlier = await user.createTask('Earlier');
  const stream = await EventStream.open(user);
  expect([stream.response.status, stream.response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const first = await stream.page();
  expect(first).toMatchObject({ changes: [], hasMore: false });
  const id = await user.createTask('Buy milk');
  const page = await stream.page();
  expect(page.changes).toEqual([{ kind: 'SAVED', id, typeName: 'Task', record: { id, title: 'Buy milk' } }]);
  expect(page.cursor).not.toBe(first.cursor);
  expect(id).not.toBe(earlier);
});

test('a subscription with a cursor begins with what came since', async () => {
  const user = await server.newUser();
  const before = await EventStream.open(user);
  const { cursor } = await before.page();
  before.close();
  const missed = [await user.createTask('One'), await user.createTask('Two')];
  const after = await EventStream.open(user, { after: cursor });
  expect((await after.page()).changes.map(({ id }) => id)).toEqual(missed);
  const id = await user.createTask('Three');
  expect(await after.ids(1)).toEqual([id]);
});
