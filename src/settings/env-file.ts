import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { nearestName } from './nearest-name.ts';

/** The settings of a file, and warnings about lines that do not do what they seem to. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** With line numbers, without values. */
  readonly warnings: readonly string[];
}

interface Line {
  readonly number: number;
  /** Undefined if the line is not an assignment. */
  readonly name: string | undefined;
  /** The value as written, to the end of the line or of the quotes. */
  readonly written: string;
}

/**
 * Reads lines of NAME=value like Node.js, except that a byte order mark is not part of the first name.
 * @param known the names of settings @throws Error whose message continues after the file's name
 */
export function readEnvFile(file: string, known: readonly string[]): EnvFile {
  const text = decode(file);
  const values: Record<string, string> = { ...parseEnv(text) } as Record<string, string>;
  const warnings = assignments(text).flatMap((line, index, lines) => {
    const problems =
      line.name === undefined || line.name in values
        ? problemsOf(line, lines.slice(0, index), known)
        : [`${line.name} is not set, because there is an invisible character next to it. Retype the line.`];
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
  // Windows PowerShell writes UTF-16, in which every other byte of ASCII text is 0.
  if (bytes.includes(0) || /^(fffe|feff)/.test(bytes.toString('hex', 0, 2))) {
    throw new Error('is not in UTF-8. Save it as UTF-8.');
  }
  return new TextDecoder().decode(bytes);
}

/** All lines that are neither blank nor comments. */
function assignments(text: string): Line[] {
  const lines: Line[] = [];
  const all = text.split('\n');
  for (let index = 0; index < all.length; index++) {
    const line = (all[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, start = ''] = /^(?:export\s+)?([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const quote = /^["'`]/.exec(start)?.[0];
    const isOpen = quote !== undefined && !start.includes(quote, 1);
    // A quoted value may end on a later line.
    const end = isOpen ? all.findIndex((later, number) => number > index && later.includes(quote)) : -1;
    const rest = all.slice(index + 1, end + 1);
    lines.push({ number: index + 1, name, written: [start, ...rest].join('\n') });
    index += rest.length;
  }
  return lines;
}

function problemsOf({ name, written }: Line, before: readonly Line[], known: readonly string[]): string[] {
  if (name === undefined) return ['this is not NAME=value, and is ignored.'];
  if (!known.includes(name)) return misspelt(name, known);
  const problems: string[] = [];
  if (isCut(name, written)) problems.push(`${name} ends before the #. If it should not, put the value in quotes.`);
  if (/^(["'`]).*?\1\s*[^\s#]/s.test(written)) problems.push(`${name} ends at the second quote; the rest is ignored.`);
  if (written.includes('\ufffd')) problems.push(`${name} has a character that is not UTF-8.`);
  const earlier = before.findLast((line) => line.name === name);
  if (earlier !== undefined) problems.push(`${name} is set again; line ${earlier.number} is ignored.`);
  return problems;
}

// Values of these settings may contain any character.
const secrets = /SECRET|URL/;

/** Whether part of the value may be lost: for Node.js, every # outside quotes starts a comment. */
function isCut(name: string, written: string): boolean {
  const isQuoted = /^(["'`]).*\1/s.test(written);
  return !isQuoted && (secrets.test(name) ? /#/ : /(^|\S)#/).test(written);
}

/** @returns a warning if this is probably a misspelled setting, or nothing */
export function misspelt(name: string, known: readonly string[]): string[] {
  const meant = nearestName(name.replace(/^TODOQL_/i, ''), known);
  return meant === undefined ? [] : [`${name} is not a setting; did you mean ${meant}?`];
}
