// The sources that `new` makes a project of, in one file of dist/, since npm leaves a lock and a .gitignore out of packages.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type Files, placeholder, type Template, templateFile } from '../../src/commands/new/template.ts';
import { lockFor, packageFor } from './packages.ts';

const root = join(import.meta.dirname, '../..');

/** What only todoql itself has: its measurements, its packages, its way to make projects, tests of its documents. */
const ours = [
  /^(bin\/template|src\/commands\/new|tests\/(image|recipes)|docs\/images)\//,
  /^docs\/performance\./,
  /^tests\/(unit\/(links|recipes)|e2e\/(readme|package|new))\.test\.ts$/,
];

/** The page, and what tests it or the IDE. */
const ofPage = [
  /^(web|tests\/browser)\//,
  /^docs\/web\.md$/,
  /^tests\/unit\/web-/,
  /^tests\/integration\/(ide|page|sites|web-text-limits)\.test\.ts$/,
  /^tests\/e2e\/first-page\.test\.ts$/,
  /^tests\/support\/(axe|browser|chromium|open-settled|open-task|sites|todo-page|two-browsers)\.ts$/,
];

/** Where the rest mentions what is left out. */
const cuts: readonly [file: string, text: RegExp][] = [
  ['bin/builds.ts', /^\/\/ Of projects.*?(?=^const builds)/ms],
  ['bin/builds.ts', /^ {2}\{\n {4}name: 'template',.*?^ {2}\},\n/ms],
  ['src/commands/run.ts', /^ {2}new FOLDER.*\n/m],
  ['src/commands/run.ts', /^ {4}case 'new'.*?(?=^ {4}default:)/ms],
  ['docs/running.md', /^## Without a clone\n.*?(?=^## )/ms],
  ['CHANGELOG.md', /(?<=^## Unreleased\n).*/ms],
  ['knip.json', /"systemd-analyze", "unshare", /],
  ['docs/extending.md', / `npm run test:recipes` carries .*?(?=\n\n)/s],
];
const cutsWithoutPage: typeof cuts = [
  ['Dockerfile', /^COPY web.*\n/gm],
  ['README.md', /^.*\(docs\/web\.md\).*\n/m],
  ['knip.json', /(?<=\}),\n {4}"web": .*(?=\n {2}\}\n\}\n$)/s],
  ['docs/architecture.md', /^(- `web\/`|\| .*\(\.\.\/web\/).*\n/gm],
  ['docs/clients.md', /:\n\[server-clock\.ts\]\(.*?\)[^.]*(?=\.$)/m],
];

/** Where the name of the product is said. */
const named = [
  ...['src/product-name.ts', 'web/src/product-name.ts', 'web/index.html', 'web/ide/index.html'],
  ...['compose.yaml', 'docs/hosting/kubernetes.yaml', 'docs/hosting/todoql.service'],
];

/** @param paths of all that a project may need */
export async function makeTemplate(folder: string, paths: readonly string[]): Promise<void> {
  const names = paths.map((path) => relative(root, path).replaceAll(sep, '/')).filter((name) => !isIn(ours, name));
  const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const template: Template = { withPage: projectOf(texts, true), withoutPage: projectOf(texts, false) };
  // A window as large as all, and not quite the best quality: a fraction of the time for 9 % more bytes.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  mkdirSync(folder);
  writeFileSync(join(folder, basename(templateFile)), brotliCompressSync(JSON.stringify(template), { params }));
}

function projectOf(texts: Files, hasPage: boolean): Files {
  const parse = (file: string) => JSON.parse(texts[file] ?? '');
  const manifest = packageFor(parse('package.json'), hasPage);
  const readme = readFileSync(join(import.meta.dirname, 'readme.md'), 'utf8');
  const files = Object.entries({
    ...texts,
    'README.md': readme.replace('%version%', parse('package.json').version),
    'package.json': print(manifest),
    'package-lock.json': print(lockFor(manifest, parse('package-lock.json'))),
  });
  const kept = hasPage ? files : files.filter(([file]) => !isIn(ofPage, file));
  const project = Object.fromEntries(kept);
  for (const [file, pattern] of hasPage ? cuts : [...cuts, ...cutsWithoutPage]) {
    const text = project[file] ?? '';
    project[file] = text.replace(pattern, '');
    if (project[file] === text) throw new Error(`${file} has nothing like ${pattern}, which bin/template cuts out.`);
  }
  for (const file of named) {
    if (project[file] !== undefined) project[file] = project[file].replaceAll('todoql', placeholder);
  }
  return project;
}

const isIn = (patterns: readonly RegExp[], file: string): boolean => patterns.some((pattern) => pattern.test(file));
const print = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
