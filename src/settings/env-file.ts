import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { nearestName } from './nearest-name.ts';

/** What a file of settings says, and what in it says something else than it seems to. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** Sentences with the numbers of lines, without values. */
  readonly warnings: readonly string[];
}

interface Line {
  readonly number: number;
  /** Undefined where the line is no assignment. */
  readonly name: string | undefined;
  /** As written, up to the end of the line, or of the quotes. */
  readonly written: string;
}

/**
 * Reads lines of NAME=value as Node.js does, but for a byte order mark, which it takes for a part of the first name.
 * @param known the names that have a meaning @throws Error that goes on after the file's name
 */
export function readEnvFile(file: string, known: readonly string[]): EnvFile {
  const text = decode(file);
  const values: Record<string, string> = { ...parseEnv(text) } as Record<string, string>;
  const warnings = assignments(text).flatMap((line, index, lines) => {
    const problems =
      line.name === undefined || line.name in values
        ? problemsOf(line, lines.slice(0, index), known)
        : [`${line.name} is not set, for a character before or behind it that does not show. Type the line anew.`];
    return problems.map((problem) => `${file}, line ${line.number}: ${problem}`);
  });
  return { values, warnings };
}

function decode(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  // Windows PowerShell writes UTF-16, in which every other byte of such a file is 0.
  if (bytes.includes(0) || /^(fffe|feff)/.test(bytes.toString('hex', 0, 2))) {
    throw new Error('is not in UTF-8. Save it as UTF-8.');
  }
  return new TextDecoder().decode(bytes);
}

/** The lines that say something, and those that were meant to. */
function assignments(text: string): Line[] {
  const lines: Line[] = [];
  const all = text.split('\n');
  for (let index = 0; index < all.length; index++) {
    const line = (all[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, start = ''] = /^(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const quote = /^["'`]/.exec(start)?.[0];
    const isOpen = quote !== undefined && !start.includes(quote, 1);
    // Quotes that are closed on a later line hold all lines between.
    const end = isOpen ? all.findIndex((later, number) => number > index && later.includes(quote)) : -1;
    const rest = all.slice(index + 1, end + 1);
    lines.push({ number: index + 1, name, written: [start, ...rest].join('\n') });
    index += rest.length;
  }
  return lines;
}

function problemsOf({ name, written }: Line, before: readonly Line[], known: readonly string[]): string[] {
  if (name === undefined) return ['this is not NAME=value, and sets nothing.'];
  if (!known.includes(name)) return misspelt(name, known);
  const problems: string[] = [];
  if (isCut(name, written)) problems.push(`${name} ends before the #. If it should not, put the value in quotes.`);
  if (/^(["'`]).*?\1\s*[^\s#]/s.test(written))
    problems.push(`${name} ends at the second quote; what follows is left out.`);
  if (written.includes('\ufffd')) problems.push(`${name} has a character that is not UTF-8.`);
  const earlier = before.findLast((line) => line.name === name);
  if (earlier !== undefined) problems.push(`${name} is set again; line ${earlier.number} does not count.`);
  return problems;
}

// Any text may be meant to be a part of these.
const secrets = /SECRET|URL/;

/** Whether Node.js leaves out what may be a part of the value: it takes every # outside quotes for the start of a comment. */
function isCut(name: string, written: string): boolean {
  const isQuoted = /^(["'`]).*\1/s.test(written);
  return !isQuoted && (secrets.test(name) ? /#/ : /(^|\S)#/).test(written);
}

/** @returns at most one sentence: the known name that this one was probably meant to be */
export function misspelt(name: string, known: readonly string[]): string[] {
  const meant = nearestName(name.replace(/^TODOQL_/i, ''), known);
  return meant === undefined ? [] : [`${name} is not a setting; is ${meant} meant?`];
}
