import { expect } from 'vitest';
import { test } from '../support/browser.ts';
import { newEmail, TodoPage } from '../support/todo-page.ts';

test('somebody new opens the printed address, signs up, and finds the tasks again after signing out', async ({
  start,
  visit,
}) => {
  const program = start();
  await program.url();
  const [, address = ''] = /^Open (\S+) in a browser/m.exec(program.stdout) ?? [];
  // With all its motion, as most have it.
  const page = await visit(address, { reducedMotion: 'no-preference' });
  const todo = new TodoPage(page);
  const email = await todo.signUp(newEmail());

  await todo.add('Buy milk', 'Call Ada', 'Water the plants');
  await todo.checkbox('Call Ada').click();
  await todo.message('Completed “Call Ada”.').waitFor();
  await todo.expectOpen('Buy milk', 'Water the plants');

  await page.reload();
  await todo.expectOpen('Buy milk', 'Water the plants');

  await todo.signOut(email);
  expect(await page.getByText('Buy milk').count()).toBe(0);
  await todo.signIn(email);
  await todo.expectOpen('Buy milk', 'Water the plants');
  await todo.follow('Done');
  await todo.task('Call Ada').waitFor();
  expect(await todo.checkbox('Call Ada').isChecked()).toBe(true);
});
