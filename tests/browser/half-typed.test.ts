import { beforeAll, describe, expect } from 'vitest';
import { test as base } from '../support/browser.ts';
import { dueOf, openTask } from '../support/open-task.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';

beforeAll(buildSites);
const server = useServer({ web: true });
const test = base.extend(
  'open',
  ({ visit }) =>
    () =>
      openTask(server.url, visit),
);

describe('of a due with a time', () => {
  const due = { date: '2027-11-24', time: '12:45:00', timeZone: null };
  const withDue = test.extend('edit', ({ open }) => async () => {
    const { client, page, task, sent } = await open();
    const [{ id }] = (await client.run('{ tasks { nodes { id } } }')).data.tasks.nodes;
    await client.run(
      `mutation { updateTask(input: { id: "${id}", due: { date: "2027-11-24", time: "12:45" } }) { task { id } } }`,
    );
    await page.reload();
    await task.getByRole('button', { name: 'Due 24 November 2027' }).click();
    return { client, page, task, sent };
  });

  withDue('a time that is half deleted stays, however the editor is left', async ({ edit }) => {
    const { client, page, task, sent } = await edit();
    await task.getByLabel('Time', { exact: true }).focus();
    await page.keyboard.press('Backspace');
    await task.getByLabel('Day').focus();
    await task.getByRole('alert').getByText('Enter hours and minutes.').waitFor();
    await page.keyboard.type('1125');
    await page.keyboard.press('Enter');
    await task.getByRole('button', { name: 'Close the task' }).click();
    await page.goBack();
    await task.getByRole('button', { name: 'Due 24 November 2027' }).click();
    await task.getByLabel('Time', { exact: true }).focus();
    await page.keyboard.press('Backspace');
    await page.goBack();
    await task.waitFor({ state: 'detached' });
    expect(sent).toEqual([]);
    expect(await dueOf(client)).toEqual(due);
  });

  withDue('a shortcut keeps it as well', async ({ edit }) => {
    const { client, page, task } = await edit();
    await task.getByLabel('Time', { exact: true }).focus();
    await page.keyboard.press('Backspace');
    await task.getByRole('button', { name: 'Next week' }).click();
    await expect
      .poll(() => dueOf(client))
      .toMatchObject({ time: '12:45:00', date: expect.not.stringMatching(due.date) });
  });

  withDue('a day that is deleted as a whole is no date', async ({ edit }) => {
    const { client, task, sent } = await edit();
    await task.getByLabel('Day').fill('');
    expect(sent).toEqual([]);
    await task.getByRole('textbox', { name: 'Title' }).focus();
    await expect.poll(() => dueOf(client)).toBeNull();
  });
});

test.for(['in the pane', 'in its row'])(
  'a title that is being typed %s is saved when one goes back, and told where it cannot be',
  async (place, { open }) => {
    const { client, page, todo, task } = await open();
    const type = async (text: string) => {
      if (place === 'in the pane') await task.getByRole('textbox', { name: 'Title' }).fill(text);
      else {
        await page
          .getByRole('main')
          .getByRole('button', { name: /^Rename:/ })
          .click();
        await page.getByRole('main').getByRole('textbox', { name: 'Title' }).fill(text);
      }
    };
    if (place !== 'in the pane') {
      await todo.follow('Done');
      await page.getByRole('heading', { name: 'Done', level: 1 }).waitFor();
      await todo.follow('Inbox');
    }
    const saved = todo.answer('UpdateTask');
    await type('New');
    await page.goBack();
    await saved;
    const { data } = await client.run('{ tasks { nodes { title } } }');
    expect(data.tasks.nodes).toEqual([{ title: 'New' }]);
    await page.goForward();
    await type('x'.repeat(501));
    await page.goBack();
    await todo.message('Could not rename “New”. The title is too long: 1 character over').waitFor();
  },
);

test('a title that was changed elsewhere while it is typed is not written over: the person chooses', async ({
  open,
}) => {
  const { client, page, todo, task } = await open();
  const [{ id }] = (await client.run('{ tasks { nodes { id } } }')).data.tasks.nodes;
  await task.getByRole('textbox', { name: 'Title' }).fill('Mine');
  await client.run(`mutation { updateTask(input: { id: "${id}", title: "Theirs" }) { task { id } } }`);
  await page.evaluate('dispatchEvent(new Event("online"))');
  await todo.task('Theirs').waitFor();
  await page.keyboard.press('Enter');
  await todo.message('The title was changed to “Theirs” on another device.').waitFor();
  const titles = async () => (await client.run('{ tasks { nodes { title } } }')).data.tasks.nodes;
  expect(await titles()).toEqual([{ title: 'Theirs' }]);
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await expect.poll(titles).toEqual([{ title: 'Mine' }]);
});

test.for(['Title', 'Notes'])('going on typing while it is saved is no conflict: %s', async (name, { open }) => {
  const { client, page, todo, task, sent } = await open();
  const isTypedOn = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName.startsWith('Update')) await isTypedOn.promise;
    await route.fallback();
  });
  const field = task.getByRole('textbox', { name });
  await field.fill('One');
  if (name === 'Title') await page.keyboard.press('Enter');
  await expect.poll(() => sent.length).toBe(1);
  await field.press('End');
  await page.keyboard.type(' more');
  const answered = todo.answer(name === 'Title' ? 'UpdateTask' : 'UpdateDescription');
  isTypedOn.resolve();
  await answered;
  if (name === 'Title') await page.keyboard.press('Enter');
  const texts = async () =>
    Object.values((await client.run('{ tasks { nodes { title description } } }')).data.tasks.nodes[0]);
  await expect.poll(texts).toContain('One more');
});
