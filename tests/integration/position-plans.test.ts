import { expect, test } from 'vitest';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { createList, createTask, createTasks, type Location, moveTask } from '../support/tasks.ts';

const server = useServer();

test.each(['the inbox', 'a list', 'a task'])(
  'a place among many in %s is found without sorting them',
  async (where) => {
    const user = await server.newUser();
    const place: Location = {
      ...(where === 'a list' ? { listId: await createList(user) } : {}),
      ...(where === 'a task' ? { parentId: await createTask(user, 'parent') } : {}),
    };
    const { a, b } = await createTasks(user, ['a', 'b', 'c'], place);
    await server.sql(
      `insert into task (user_id, id, list_id, parent_id, position, title, description, priority, version, created_at, updated_at)
     select user_id, gen_random_uuid(), list_id, parent_id, 'c' || lpad(number::text, 3, '0'), 'many', '', 0, 1, now(), now()
     from task, generate_series(1, 500) as number where id = $1`,
      [a],
    );
    await server.sql('analyze task');
    const { statements } = await collectStatements(async () => {
      await createTask(user, 'd', place);
      for (const to of [{}, { afterId: b }, { beforeId: b }]) void (await moveTask(user, a, to)).data;
    });
    const searches = statements.filter(({ text }) => /order by [^;]*position/.test(text));
    expect(searches).toHaveLength(4);
    for (const { text, values } of searches) {
      const explained = await server.sql(`explain (format json) ${text}`, [...values]);
      const steps = [...JSON.stringify(explained).matchAll(/"Node Type":"([^"]+)"/g)].map(([, step]) => step);
      expect(steps, text).not.toContain('Sort');
      // One search, however often its row is needed.
      expect(steps.filter((step) => step === 'Limit')).toHaveLength(1);
    }
  },
);
