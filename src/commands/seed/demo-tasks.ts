import { createRandom, type Random } from './random.ts';
import sample from './sample-accounts.json' with { type: 'json' };
import { type SampleTask, samplePart, sampleTask, sampleTop, writtenAt } from './sample-task.ts';

/** Including subtasks. */
export const taskCount = 300;

// An arbitrary number; the same seed creates the same tasks.
const seedOfTasks = 20_261_121;

/** The tasks of the demo account, parents before subtasks, with unique titles. @param now milliseconds since 1970 */
export function demoTasks(now: number): SampleTask[] {
  const random = createRandom(seedOfTasks);
  const outlined = sample.outlines.flatMap(({ list, era, lines }) =>
    // One tree per top-level task.
    lines
      .join('\n')
      .split(/\n(?! )/)
      .flatMap((tree) => {
        const [title = '', ...parts] = tree.split('\n');
        const top = sampleTop(random, now, { title, description: '', list }, era, parts.length);
        return [top, ...branch(random, now, top, parts)];
      }),
  );
  const byTitle = new Map(outlined.map((task) => [task.title, task]));
  while (byTitle.size < taskCount) {
    const task = sampleTask(random, now);
    if (!byTitle.has(task.title)) byTitle.set(task.title, task);
  }
  return [...byTitle.values()];
}

/** @param lines the titles of the subtasks, indented by two spaces per level */
function branch(random: Random, now: number, top: SampleTask, lines: readonly string[]): SampleTask[] {
  const ancestors: SampleTask[] = [top];
  return lines.map((line, index) => {
    const level = line.search(/\S/) / 2;
    const parent = ancestors[level - 1] ?? top;
    const part = samplePart(random, now, parent, { title: line.trim(), description: '' }, writtenAt(top, index));
    ancestors[level] = part;
    return part;
  });
}
