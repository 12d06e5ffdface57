import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Dialect } from './dialects/dialect.ts';
import { graphql } from './dialects/graphql.ts';
import { postgraphile } from './dialects/postgraphile.ts';
import { rest } from './dialects/rest.ts';
import type { Operation } from './operations.ts';

/** One way to build the API. Each is one process, told PORT, HOST, DATABASE_URL and JWT_SECRET by its environment. */
export interface Side {
  readonly name: string;
  readonly title: string;
  readonly dialect: Dialect;
  readonly command: readonly string[];
  /** More of the environment than all sides have. */
  readonly env?: Readonly<Record<string, string>>;
  /** Operations that it has not got. */
  readonly lacks?: readonly Operation[];
  /** What must be there before it can start; throws where that cannot be had. */
  prepare?(): Promise<unknown>;
}

const run = promisify(execFile);
const file = (...path: string[]): string => join(import.meta.dirname, ...path);
const node = (...path: string[]): string[] => [process.execPath, file(...path)];

/** Debian's Python, whose packages these are; another one in PATH does not see them. */
const python = '/usr/bin/python3';

/** todoql first: the others are compared with it. */
export const sides: readonly Side[] = [
  { name: 'todoql', title: 'todoql', dialect: graphql, command: node('../dist/main.js') },
  {
    name: 'todoql-js',
    title: 'todoql, graphql-js alone',
    dialect: graphql,
    command: node('../dist/main.js'),
    env: { EXECUTOR: 'graphql-js' },
  },
  {
    name: 'todoql-rls',
    title: 'todoql, row-level security',
    dialect: graphql,
    command: node('../dist/main.js'),
    env: { ROW_SECURITY: 'on' },
  },
  {
    name: 'raw',
    title: 'Node.js and pg by hand',
    dialect: rest,
    lacks: ['L1'],
    command: node('sides/raw/rows.ts'),
  },
  {
    name: 'naive',
    title: 'the tutorial way: Apollo + TypeGraphQL + MikroORM',
    dialect: graphql,
    lacks: ['L1'],
    command: node('dist/main.js'),
    // Decorators are what Node cannot strip.
    prepare: () => run(process.execPath, [file('node_modules/typescript/bin/tsc'), '-p', file('tsconfig.naive.json')]),
  },
  { name: 'mercurius', title: 'mercurius + graphql-jit + pg', dialect: graphql, command: node('sides/mercurius.ts') },
  {
    name: 'rawjson',
    title: 'by hand, JSON made by PostgreSQL',
    dialect: rest,
    lacks: ['L1'],
    command: node('sides/raw/json.ts'),
  },
  {
    name: 'yoga',
    title: 'Yoga + Pothos + Kysely',
    dialect: graphql,
    lacks: ['L1'],
    command: node('sides/yoga/main.ts'),
  },
  {
    name: 'postgraphile',
    title: 'PostGraphile, row-level security',
    dialect: postgraphile,
    lacks: ['L1'],
    command: node('sides/postgraphile/main.ts'),
    prepare: () => install('sides/postgraphile'),
  },
  {
    name: 'prisma',
    title: 'Apollo Server + Prisma',
    dialect: graphql,
    command: node('sides/prisma/main.ts'),
    async prepare() {
      await install('sides/prisma');
      // Generating needs no engine, but would download one.
      const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' };
      const prisma = file('sides/prisma/node_modules/prisma/build/index.js');
      await run(process.execPath, [prisma, 'generate'], { cwd: file('sides/prisma'), env });
    },
  },
  {
    name: 'fastapi',
    title: 'FastAPI + SQLModel',
    dialect: rest,
    lacks: ['Q3', 'L1'],
    // -B: no compiled files beside the sources.
    command: [python, '-B', file('sides/fastapi/main.py')],
    prepare: () => run(python, ['-c', 'import bcrypt, fastapi, jose, passlib, psycopg2, sqlmodel, uvicorn']),
  },
];

/** todoql as it was built elsewhere, or before. */
export function otherBuild(folder: string): Side {
  const command = [process.execPath, resolve(folder, 'main.js')];
  return { name: 'other', title: 'todoql, the other build', dialect: graphql, command };
}

/** Those that have the operation. */
export function having<Of extends { readonly side: Side }>(operation: Operation, servers: readonly Of[]): Of[] {
  return servers.filter(({ side }) => !side.lacks?.includes(operation));
}

/** Installs what one side alone needs: hundreds of megabytes, which a run without it is spared. */
async function install(folder: string): Promise<void> {
  const modified = (...path: string[]): number =>
    statSync(file(folder, ...path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modified('node_modules', '.package-lock.json') > modified('package-lock.json')) return;
  console.log(`installing ${folder}`);
  await run('npm', ['ci', '--ignore-scripts', '--silent', '--prefix', file(folder)]);
}
