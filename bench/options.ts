import { parseArgs } from 'node:util';
import { type Operation, operations } from './operations.ts';
import { otherBuild, type Side, sides } from './sides.ts';

/** What one run of the benchmark does. */
export interface Options {
  readonly sides: readonly Side[];
  readonly operations: readonly Operation[];
  readonly tasks: number;
  readonly users: number;
  readonly rounds: number;
  /** Seconds of load on each side and operation before anything is counted. */
  readonly warmUp: number;
  /** Seconds that one measurement of one side takes. */
  readonly duration: number;
  readonly jsonFile: string | null;
  readonly reportFolder: string | null;
  /** Whether to measure, instead of comparing, what log-ins that wait do to others. */
  readonly isStall: boolean;
  /** Whether to measure, instead of comparing, what live subscribers do to others. */
  readonly isLive: boolean;
  /** What to profile, instead of comparing. */
  readonly profile: { readonly side: Side; readonly operation: Operation } | null;
}

const usage = `Usage: npm run bench -- [OPTIONS]

  --quick          four sides, four operations, short measurements: under two minutes
  --sides a,b      only these sides: ${sides.map(({ name }) => name).join(', ')}
  --ops Q1,Q2      only these operations: ${operations.join(', ')}
  --against DIR    another build of todoql, its dist folder, as a side besides: what a change is worth
  --rows 10m       tasks in the database, a hundred for each user; 100k unless given
  --rounds 7       how often each side has its turn; 5 unless given
  --json FILE      write the figures
  --report DIR     write performance.md and a chart for each operation
  --stall          how much slower reads of a task get while 200 log-ins wait for their hash
  --live           what 1,000 idle live subscribers take from Q1
  --profile OP     where todoql's processor time goes under one operation, or that of the side that --sides names`;

const quickSides = ['todoql', 'raw', 'naive', 'mercurius'];
const quickOperations: readonly Operation[] = ['Q1', 'Q2', 'M1', 'login'];

/** Reads the command line; prints the usage and ends the process where it does not fit. */
export function readOptions(args: readonly string[]): Options {
  try {
    return parse(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(1);
  }
}

function parse(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      sides: { type: 'string' },
      ops: { type: 'string' },
      against: { type: 'string' },
      rows: { type: 'string', default: '100k' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      report: { type: 'string' },
      stall: { type: 'boolean', default: false },
      live: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const sideNames = sides.map(({ name }) => name);
  const chosenSides = choose(values.sides, sideNames, values.quick ? quickSides : sideNames);
  const tasks = parseRows(values.rows);
  const profile = parseProfile(values.profile, values.sides);
  const alone = profile ? [profile.side] : values.stall || values.live ? sides.slice(0, 1) : null;
  return {
    isStall: values.stall,
    isLive: values.live,
    sides: alone ?? [
      ...sides.filter(({ name }) => name === 'todoql' || chosenSides.includes(name)),
      ...(values.against === undefined ? [] : [otherBuild(values.against)]),
    ],
    operations: choose(values.ops, operations, values.quick ? quickOperations : operations),
    tasks,
    users: tasks / 100,
    rounds: parseCount(values.rounds),
    warmUp: values.quick ? 1 : 3,
    duration: values.quick ? 0.7 : 4,
    jsonFile: values.json ?? null,
    reportFolder: values.report ?? null,
    profile,
  };
}

function parseProfile(operation: string | undefined, sideName = 'todoql'): Options['profile'] {
  if (operation === undefined) return null;
  const side = sides.find(({ name }) => name === sideName);
  const [chosen] = choose(operation, operations, operations);
  if (!side || !chosen) throw new Error('--profile takes one operation, and --sides beside it one side.');
  return { side, operation: chosen };
}

function choose<Name extends string>(
  given: string | undefined,
  known: readonly Name[],
  fallback: readonly Name[],
): readonly Name[] {
  if (given === undefined) return fallback;
  const names = given.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name as Name));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}.`);
  return known.filter((name) => names.includes(name));
}

function parseRows(value: string): number {
  const [, digits, unit] = /^(\d{1,4})([km])$/.exec(value) ?? [];
  const rows = Number(digits) * (unit === 'm' ? 1_000_000 : 1_000);
  // Fewer leave too few users to spread the requests over.
  if (!(rows >= 100_000)) throw new Error('--rows must be like 100k or 10m, at least 100k.');
  return rows;
}

function parseCount(value: string): number {
  if (!/^[1-9]\d?$/.test(value)) throw new Error('--rounds must be a whole number from 1 to 99.');
  return Number(value);
}
