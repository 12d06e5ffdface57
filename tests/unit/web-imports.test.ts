import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const source = join(root, 'web/src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));

/** The rooms, highest first, as the table in docs/web.md lists them. */
const rows = readFileSync(join(root, 'docs/web.md'), 'utf8').matchAll(/^\| `(.+?)\/?` \|/gm);
const order = [...rows].map(([, room = '']) => room);

/** The folder that a file lies in, or the file itself at the top. */
const roomOf = (file: string): string => (file.includes('/') ? dirname(file) : file);

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, specifier = '']) => specifier);
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

const isBelow = (target: string, room: string): boolean => order.indexOf(target) > order.indexOf(room);

test('the table lists exactly the existing rooms', () => {
  expect(order.toSorted()).toEqual([...new Set(files.map(roomOf))].toSorted());
});

test('imports of the page point down its table only, and stay in it', () => {
  const arrows = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => roomOf(target) !== roomOf(file) && !isBelow(roomOf(target), roomOf(file)))
      .map((target) => `${file} → ${target}`),
  );
  expect(arrows).toEqual([]);
});

test('a room is small enough to be seen at a glance', () => {
  const counts = Map.groupBy(files, roomOf);
  expect([...counts].filter(([, members]) => members.length > 16).map(([room]) => room)).toEqual([]);
});
