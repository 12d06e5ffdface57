import { describe, expect, test } from 'vitest';
import { liveClients } from '../support/live-clients.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

describe.each(Object.entries(liveClients))('%s', (_name, subscribe) => {
  test('receives an empty page at once, then each change', async () => {
    const user = await server.newUser();
    await user.createTask('Earlier');
    const seen = subscribe(user, {});
    await expect.poll(() => seen).toMatchObject({ pages: [{ changes: [], hasMore: false }], errors: [] });
    const ids = [await user.createTask('One'), await user.createTask('Two')];
    await expect.poll(() => seen.pages.flatMap(({ changes }) => changes.map(({ id }) => id))).toEqual(ids);
  });

  test('begins with what came since its cursor', async () => {
    const user = await server.newUser();
    const before = subscribe(user, {});
    await expect.poll(() => before.pages).toHaveLength(1);
    const id = await user.createTask();
    await expect.poll(() => before.pages.at(-1)?.changes).toMatchObject([{ id }]);
    const after = subscribe(user, { after: before.pages[0]?.cursor });
    await expect.poll(() => after.pages[0]?.changes).toMatchObject([{ id, typeName: 'Task' }]);
  });
});
