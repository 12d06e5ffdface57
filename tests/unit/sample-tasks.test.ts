import { expect, test } from 'vitest';
import { demoTasks } from '../../src/commands/seed/demo-tasks.ts';
import { createRandom } from '../../src/commands/seed/random.ts';
import { demoLabels, demoLists } from '../../src/commands/seed/sample-lists.ts';
import { type SampleTask, sampleSteps, sampleTask } from '../../src/commands/seed/sample-task.ts';
import { TaskPriority } from '../../src/tasks/task-priority.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const day = 86_400_000;

function sampleTasks(count: number, at = now): SampleTask[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () => sampleTask(random, at));
}

/** Tasks with three parts each. */
function wholes(count: number): SampleTask[] {
  const random = createRandom(3);
  return Array.from({ length: count }, () => sampleTask(random, now, 3)).flatMap((task) => [
    task,
    ...sampleSteps(random, now, task, 3),
  ]);
}

test('the same seed makes the same texts at any hour, another seed others', () => {
  const texts = (tasks: SampleTask[]) =>
    tasks.map(({ title, description, priority, list, labels, parent }) => [
      ...[title, description, priority, list, labels],
      parent?.title,
    ]);
  expect(texts(sampleTasks(500))).toEqual(texts(sampleTasks(500, now + 0.4 * day)));
  expect(texts(demoTasks(now))).toEqual(texts(demoTasks(now + 100 * day)));
  const random = createRandom(2);
  expect(sampleTask(random, now).title).not.toBe(sampleTasks(1)[0]?.title);
});

test('a sample task fits what the API accepts, and no slot of a text is left empty', () => {
  for (const { title, description } of sampleTasks(5_000)) {
    expect(title).toBe(title.trim());
    expect([...title].length).toBeGreaterThanOrEqual(1);
    expect([...title].length).toBeLessThanOrEqual(500);
    expect(description.length).toBeLessThanOrEqual(20_000);
    expect(title + description).not.toMatch(/\{|undefined/);
  }
});

test('a sample task has a history that the API could have written, and nothing of it lies ahead', () => {
  for (const task of [...sampleTasks(5_000), ...wholes(500), ...demoTasks(now)]) {
    const { createdAt, updatedAt, completedAt, deletedAt, version } = task;
    const times = [createdAt, completedAt ?? createdAt, deletedAt ?? createdAt];
    expect(Math.min(...times), JSON.stringify(task)).toBe(createdAt);
    expect(updatedAt, JSON.stringify(task)).toBeGreaterThanOrEqual(Math.max(...times));
    expect(updatedAt).toBeLessThanOrEqual(now);
    expect(deletedAt ?? updatedAt, 'nothing changes in the trash').toBe(updatedAt);
    expect(version === 1, JSON.stringify(task)).toBe(updatedAt === createdAt);
  }
});

test('a part comes after its whole and the part before it, in the same list and with it in the trash', () => {
  const tasks = [...wholes(500), ...demoTasks(now)];
  const parts = tasks.filter(({ parent }) => parent !== null);
  expect(parts.length).toBeGreaterThan(1_550);
  tasks.forEach(({ parent, ...task }, index) => {
    if (parent === null) return;
    expect(task).toMatchObject({ list: parent.list, deletedAt: parent.deletedAt });
    expect(tasks.indexOf(parent)).toBeLessThan(index);
    expect(task.createdAt, task.title).toBeGreaterThan(tasks[index - 1]?.createdAt ?? 0);
  });
});

test('the demo account has its tasks in lists and the inbox, some below others, a third of them with labels', () => {
  const tasks = demoTasks(now);
  const having = (is: (task: SampleTask) => boolean): number => tasks.filter(is).length;
  for (const { name } of demoLists)
    expect(
      having(({ list }) => list === name),
      name,
    ).toBeGreaterThan(15);
  const names = demoLists.map(({ name }) => name);
  expect(having(({ list }) => !names.includes(list ?? ''))).toBeGreaterThan(20);
  for (const { name } of demoLabels)
    expect(
      having(({ labels }) => labels.includes(name)),
      name,
    ).toBeGreaterThan(3);
  expect(having(({ labels }) => labels.length > 0)).toBeGreaterThan(80);
  expect(having(({ labels }) => labels.length > 0)).toBeLessThan(120);
  expect(having(({ labels }) => labels.length > 1)).toBeGreaterThan(5);
  expect(having(({ parent }) => parent !== null)).toBeGreaterThan(50);
  expect(having(({ parent }) => Boolean(parent?.parent))).toBeGreaterThan(5);
  expect(having(({ parent }) => parent?.title === 'Pack for Lisbon')).toBeGreaterThan(3);
  // Lists are made at a time of their own.
  for (const { createdAt, list } of tasks) {
    const made = demoLists.find(({ name }) => name === list)?.made ?? 182;
    expect(createdAt, list ?? 'inbox').toBeGreaterThan(now - made * day);
  }
});

test('the demo account has tasks of every kind, from today to months ago, and no title twice', () => {
  const tasks = demoTasks(now);
  const having = (is: (task: SampleTask) => boolean): number => tasks.filter(is).length;
  expect(new Set(tasks.map(({ title }) => title)).size).toBe(300);
  expect(having(({ deletedAt }) => deletedAt !== null)).toBeGreaterThan(5);
  expect(having(({ completedAt }) => completedAt !== null)).toBeGreaterThan(100);
  expect(having(({ completedAt }) => completedAt === null)).toBeGreaterThan(60);
  expect(having(({ description }) => description === '')).toBeGreaterThan(60);
  expect(having(({ description }) => description.includes('- [ ]'))).toBeGreaterThan(10);
  expect(having(({ title }) => /\P{ASCII}/u.test(title))).toBeGreaterThan(10);
  expect(having(({ createdAt }) => createdAt > now - 7 * day)).toBeGreaterThan(20);
  expect(having(({ createdAt }) => createdAt < now - 120 * day)).toBeGreaterThan(20);
  for (const priority of [0, 1, 2, 3, 4] satisfies TaskPriority[]) {
    expect(
      having((task) => task.priority === priority),
      TaskPriority[priority],
    ).toBeGreaterThan(10);
  }
});
