import { expect, test } from 'vitest';
import { labelChoices } from '../../web/src/labels/label-choices.ts';

const labels = ['phone', 'graph', 'Café', 'Ph', 'ΟΔΟΣ', 'deep work'].map((name) => ({ name }));

test.each([
  ['', labels.map(({ name }) => name), null],
  ['   ', labels.map(({ name }) => name), null],
  ['ph', ['Ph', 'phone', 'graph'], null],
  ['PHO', ['phone'], 'PHO'],
  [' pho ', ['phone'], 'pho'],
  ['rap', ['graph'], 'rap'],
  ['cafe\u0301', ['Café'], null],
  ['οδος', ['ΟΔΟΣ'], null],
  ['work', ['deep work'], 'work'],
  ['x', [], 'x'],
])('%j finds %j, and offers %j as a new one', (typed, names, newName) => {
  const choices = labelChoices(labels, typed);
  expect(choices.matches.map(({ name }) => name)).toEqual(names);
  expect(choices.newName).toBe(newName);
});
