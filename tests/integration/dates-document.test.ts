import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();
const text = readFileSync(join(import.meta.dirname, '../../docs/dates.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);
const rows = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, ...cells]) => cells as string[]);

const [create = '', onMonday = '', overdue = '', toToday = ''] = blocks('graphql');

test.each(rows(/^\| ([\w/]+) \| \w+, [\d:]+ \| (yes|no) \|$/gm))(
  'docs/dates.md: the call in Paris, seen from %s, is due on Monday: %s',
  async (timeZone, isDue) => {
    const user = await server.newUser();
    const made = await user.run(create, { timeZone });
    expect(made.data.createTask.task.due).toEqual(JSON.parse(blocks('json')[0] ?? ''));
    expect((await user.run(onMonday)).data.tasks.nodes).toHaveLength(isDue === 'yes' ? 1 : 0);
  },
);

test.each(rows(/^\| ([\d-]+) ([\d:]+) ([\w/]+)(?: \(\w+\))? \| (\S+Z) \|$/gm))(
  'docs/dates.md: %s %s in %s is %s',
  async (date, time, timeZone, at) => {
    const user = await server.newUser();
    const operation =
      'mutation ($due: DueInput) { createTask(input: { title: "Call", due: $due }) { task { due { at } } } }';
    expect((await user.run(operation, { due: { date, time, timeZone } })).data.createTask.task.due).toEqual({ at });
  },
);

test('docs/dates.md: what is overdue is moved by one request', async () => {
  const user = await server.newUser();
  // Whatever day it is when this runs.
  await user.run(create.replace('2026', '2001'), { timeZone: 'UTC' });
  const ids = (await user.run(overdue)).data.tasks.nodes.map(({ id }: { id: string }) => id);
  const moved = (await user.run(toToday, { ids })).data.updateTasks.tasks;
  expect(moved).toEqual(ids.map((id: string) => ({ id, due: { date: '2026-11-21' } })));
  expect(ids).toHaveLength(1);
});
