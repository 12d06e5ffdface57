import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, recipesIn } from '../recipes/recipe.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const recipes = recipesIn(textOf('docs/extending.md'));

test('the recipes fit the sources that they change: npm run test:recipes carries them out', () => {
  const texts = new Map<string, string>();
  for (const step of recipes.flatMap(({ steps }) => steps)) {
    if (step.kind === 'ts') texts.set(step.file, step.code);
    if (step.kind === 'diff') texts.set(step.file, changed(texts.get(step.file) ?? textOf(step.file), step));
  }
  expect(texts.size).toBeGreaterThan(5);
  expect(recipes.flatMap(({ steps }) => steps).filter((step) => step.kind !== 'sh' && step.file === '')).toEqual([]);
});
