import { pick, type Random } from './random.ts';
import sample from './sample-texts.json' with { type: 'json' };

/** The text of a sample task, and the list that suits it. */
interface TaskText {
  readonly title: string;
  readonly description: string;
  readonly list: string | null;
}

/** Descriptions by title. Both have placeholders in braces for words of that kind. */
type Patterns = Readonly<Record<string, string>>;

const textsOf = (list: string | null, patterns: Patterns) =>
  Object.entries(patterns).map(([title, description]) => ({ title, description, list }));

const everyday = Object.entries(sample.everyday).flatMap(([list, patterns]) => textsOf(list, patterns));
// One in twenty or so is hard on a layout: long words, other scripts, emoji, markup that must not run, very short and very
// long text.
const all = [...everyday, ...everyday, ...everyday, ...textsOf(null, sample.awkward)];
const steps = textsOf(null, sample.steps);

const words = new Map(Object.entries(sample.words).map(([kind, choices]) => [kind, choices.split(',')]));
words.set(
  'ticket',
  Array.from({ length: 80 }, (_, index) => String(1_013 + 37 * index)),
);

/** A task of everyday life or work, in Markdown; now and then an awkward one. */
export function taskText(random: Random): TaskText {
  return fillIn(random, pick(random, all));
}

/** A step that suits any task. */
export function stepText(random: Random): TaskText {
  return fillIn(random, pick(random, steps));
}

function fillIn(random: Random, { title, description, list }: TaskText): TaskText {
  // One word per placeholder, so that title and description match.
  const chosen = new Map<string, string>();
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (placeholder, kind: string) => {
      const word = chosen.get(placeholder) ?? pick(random, words.get(kind) ?? [placeholder]);
      chosen.set(placeholder, word);
      return word;
    });
  return { title: fill(title), description: fill(description), list };
}
