import { expect, test } from 'vitest';
import { type MadeUpTask, makeUpTask } from '../../src/commands/made-up-task.ts';
import { createRandom } from '../../src/commands/random.ts';
import { demoTasks } from '../../src/commands/seed.ts';
import { TaskPriority } from '../../src/tasks/task.entity.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const day = 86_400_000;

function makeUp(count: number, at = now): MadeUpTask[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () => makeUpTask(random, at));
}

test('the same seed makes the same texts at any hour, another seed others', () => {
  const texts = (tasks: MadeUpTask[]) =>
    tasks.map(({ title, description, priority }) => [title, description, priority]);
  expect(texts(makeUp(500))).toEqual(texts(makeUp(500, now + 0.4 * day)));
  expect(texts(demoTasks(now))).toEqual(texts(demoTasks(now + 100 * day)));
  const random = createRandom(2);
  expect(makeUpTask(random, now).title).not.toBe(makeUp(1)[0]?.title);
});

test('a made-up task fits what the API accepts, and no slot of a text is left empty', () => {
  for (const { title, description } of makeUp(5_000)) {
    expect(title).toBe(title.trim());
    expect([...title].length).toBeGreaterThanOrEqual(1);
    expect([...title].length).toBeLessThanOrEqual(500);
    expect(description.length).toBeLessThanOrEqual(20_000);
    expect(title + description).not.toMatch(/\{|undefined/);
  }
});

test('a made-up task has a history that the API could have written, and nothing of it lies ahead', () => {
  for (const task of makeUp(5_000)) {
    const { createdAt, updatedAt, completedAt, deletedAt, version } = task;
    const times = [createdAt, completedAt ?? createdAt, deletedAt ?? createdAt];
    expect(Math.min(...times), JSON.stringify(task)).toBe(createdAt);
    expect(updatedAt, JSON.stringify(task)).toBeGreaterThanOrEqual(Math.max(...times));
    expect(updatedAt).toBeLessThanOrEqual(now);
    expect(deletedAt ?? updatedAt, 'nothing changes in the trash').toBe(updatedAt);
    expect(version === 1, JSON.stringify(task)).toBe(updatedAt === createdAt);
  }
});

test('the demo account has tasks of every kind, from today to months ago, and no title twice', () => {
  const tasks = demoTasks(now);
  const having = (is: (task: MadeUpTask) => boolean): number => tasks.filter(is).length;
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
