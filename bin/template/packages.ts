import { placeholder } from '../../src/commands/new/template.ts';

type Names = Readonly<Record<string, string>>;

/** What is read of package.json. */
interface Manifest {
  readonly [field: string]: unknown;
  readonly scripts: Names;
  readonly devDependencies: Names;
  readonly workspaces?: unknown;
}

/** A package in package-lock.json. */
interface Locked {
  readonly [field: string]: unknown;
  readonly dependencies?: Names;
  readonly devDependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

interface Lock {
  readonly [field: string]: unknown;
  readonly packages: Readonly<Record<string, Locked>>;
}

const bin = { [placeholder]: 'dist/main.js' };
const version = '0.1.0';

const ours = /bench|recipes|image/;

/** They drive the browser that tests the page. */
const packagesOfPage = ['axe-core', 'playwright-core'];

/** package.json of a project. */
export function packageFor(original: Manifest, hasPage: boolean): Manifest {
  const { description, license, name, version: _, workspaces, ...rest } = original;
  const [left, packages] = hasPage
    ? [ours, ['yaml']]
    : [new RegExp(`${ours.source}|browser|^web$`), ['yaml', ...packagesOfPage]];
  return {
    name: placeholder,
    version,
    private: true,
    ...(hasPage ? { workspaces } : {}),
    ...rest,
    bin,
    scripts: entriesOf(rest.scripts, (script) => !left.test(script), hasPage ? (text) => text : withoutWeb),
    devDependencies: entriesOf(rest.devDependencies, (each) => !packages.includes(each)),
  };
}

/** The parts of a script that do not work in web/. */
function withoutWeb(script: string): string {
  const parts = script.split(' && ');
  return parts.filter((part) => !/\bweb\b/.test(part)).join(' && ');
}

/** package-lock.json of a project with this package.json, as npm would write it. */
export function lockFor({ devDependencies, workspaces }: Manifest, { packages, ...rest }: Lock): Lock {
  const { '': root = {}, ...others } = packages;
  const { name, version: _, license, workspaces: __, ...fields } = root;
  const own = { name: placeholder, version, ...(workspaces ? { workspaces } : {}), ...fields, bin, devDependencies };
  const all = { '': own, ...others };
  const needed = workspaces ? new Set(Object.keys(all)) : reachable(all);
  return { ...rest, name: placeholder, version, packages: entriesOf(all, (path) => needed.has(path)) };
}

/** Paths of the packages that the root needs, each found as Node.js does: in the nearest node_modules. */
function reachable(packages: Lock['packages']): Set<string> {
  const found = new Set(['']);
  // A set may grow while it is walked.
  for (const path of found) {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies, ...locked } = packages[path] ?? {};
    const isOptional = (peer: string): boolean => locked.peerDependenciesMeta?.[peer]?.optional === true;
    const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !isOptional(peer));
    for (const name of [...Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }), ...peers]) {
      const nearest = placesFor(name, path).find((place) => place in packages);
      if (nearest !== undefined) found.add(nearest);
    }
  }
  return found;
}

/** The paths where a package may be that the package at `path` imports, the nearest first. */
function placesFor(name: string, path: string): string[] {
  const parts = path.split('/node_modules/');
  const folders = parts.map((_part, index) => `${parts.slice(0, index + 1).join('/node_modules/')}/`);
  return ['', ...folders].reverse().map((folder) => `${folder}node_modules/${name}`);
}

function entriesOf<Value>(
  record: Readonly<Record<string, Value>>,
  isKept: (key: string) => boolean,
  change = (value: Value): Value => value,
): Record<string, Value> {
  const entries = Object.entries(record).filter(([key]) => isKept(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)]));
}
