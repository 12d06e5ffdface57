import { outlines } from './demo-outlines.ts';
import { type MadeUpTask, makeUpPart, makeUpTask, makeUpTop, writtenAt } from './made-up-task.ts';
import { createRandom, type Random } from './random.ts';

/** How many there are, subtasks included. */
export const taskCount = 300;

// Any number: the same one makes the same tasks.
const seedOfTasks = 20_261_121;

/** The demo account's tasks, parents before their parts, no title twice, as they come to be at this time (milliseconds). */
export function demoTasks(now: number): MadeUpTask[] {
  const random = createRandom(seedOfTasks);
  const outlined = outlines.flatMap(({ list, era, text }) =>
    treesOf(text).flatMap(([top = '', ...parts]) => {
      const task = makeUpTop(random, now, { title: top, description: '' }, list, era, parts.length);
      return [task, ...makeUpBranch(random, now, task, parts)];
    }),
  );
  const byTitle = new Map(outlined.map((task) => [task.title, task]));
  while (byTitle.size < taskCount) {
    const task = makeUpTask(random, now);
    if (!byTitle.has(task.title)) byTitle.set(task.title, task);
  }
  return [...byTitle.values()];
}

/** The lines of each task of the top level and all below it. */
function treesOf(text: string): string[][] {
  return text
    .trim()
    .split(/\n(?! )/)
    .map((tree) => tree.split('\n'));
}

/** @param lines the parts of a task, indented by two spaces for each level */
function makeUpBranch(random: Random, now: number, top: MadeUpTask, lines: readonly string[]): MadeUpTask[] {
  const line: MadeUpTask[] = [top];
  return lines.map((text, index) => {
    const level = text.search(/\S/) / 2;
    const parent = line[level - 1] ?? top;
    const part = makeUpPart(random, now, parent, { title: text.trim(), description: '' }, writtenAt(top, index));
    line[level] = part;
    return part;
  });
}
