import { pick, type Random } from './random.ts';
import sample from './sample-texts.json' with { type: 'json' };

/** What a sample task says, and in which list one would look for it. */
interface TaskText {
  readonly title: string;
  readonly description: string;
  readonly list: string | null;
}

/** Descriptions by title, with slots in braces that are filled from words of that name. */
type Patterns = Readonly<Record<string, string>>;

const textsOf = (list: string | null, patterns: Patterns) =>
  Object.entries(patterns).map(([title, description]) => ({ title, description, list }));

const everyday = Object.entries(sample.everyday).flatMap(([list, patterns]) => textsOf(list, patterns));
// What a layout has to bear: long words, other scripts, emoji, markup that must not run, very short and very long text.
// One in twenty or so: there to be met, not to be in the way.
const all = [...everyday, ...everyday, ...everyday, ...textsOf(null, sample.awkward)];
const steps = textsOf(null, sample.steps);

const words = new Map(Object.entries(sample.words).map(([slot, choices]) => [slot, choices.split(',')]));
words.set(
  'ticket',
  Array.from({ length: 80 }, (_, index) => String(1_013 + 37 * index)),
);

/** Everyday life and work, in Markdown, now and then an awkward one. */
export function taskText(random: Random): TaskText {
  return fillIn(random, pick(random, all));
}

/** Something that can be a part of any task. */
export function stepText(random: Random): TaskText {
  return fillIn(random, pick(random, steps));
}

function fillIn(random: Random, { title, description, list }: TaskText): TaskText {
  // One choice for each slot, so that title and description speak of the same thing.
  const chosen = new Map<string, string>();
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (slot, name: string) => {
      const word = chosen.get(slot) ?? pick(random, words.get(name) ?? [slot]);
      chosen.set(slot, word);
      return word;
    });
  return { title: fill(title), description: fill(description), list };
}
