import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file that is written as it stands, a change of one, or commands. */
type Step = FileStep | { readonly kind: 'sh'; readonly code: string };

export interface FileStep {
  readonly kind: 'ts' | 'diff';
  readonly file: string;
  readonly code: string;
}

export interface Recipe {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The recipes of a document: below each heading, blocks of code, before each the file that it belongs to. */
export function recipesIn(document: string): Recipe[] {
  const [, ...sections] = document.split(/^## /m);
  return sections.map((section) => {
    const blocks = section.matchAll(/^(?:(?:`|New file \*\*)([^`*\n]+)(?:`|\*\*):\n\n)?```(\w+)\n(.*?)^```$/gms);
    const steps = [...blocks].map(([, file = '', kind = '', code = '']) => ({ kind, file, code }) as Step);
    return { title: section.slice(0, section.indexOf('\n')), steps };
  });
}

/** Writes or changes the file of a step in a folder. */
export async function applyStep(folder: string, step: FileStep): Promise<void> {
  const path = join(folder, step.file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, step.kind === 'ts' ? step.code : changed(await readFile(path, 'utf8'), step));
}

/** Each part of a diff, between lines of @@, is found once in the text by the lines that it does not add. */
export function changed(text: string, { file, code }: FileStep): string {
  return code.split('@@\n').reduce((before, part) => {
    const lines = part.split('\n').slice(0, -1);
    const side = (dropped: string) => lines.filter((line) => !line.startsWith(dropped)).map((line) => line.slice(1));
    const [old, replacement] = [side('+').join('\n'), side('-').join('\n')];
    if (before.split(old).length !== 2) throw new Error(`${file} does not have this exactly once:\n${old}`);
    return before.replace(old, () => replacement);
  }, text);
}
