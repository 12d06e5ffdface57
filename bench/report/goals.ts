import type { Operation } from '../operations.ts';
import type { Findings } from './findings.ts';

/** What todoql is meant to reach, and what it does. */
export interface Goal {
  readonly aim: string;
  readonly figure: number;
  readonly unit: string;
  readonly isMet: boolean;
  /** Whose profile says what is in the way. */
  readonly operation: Operation | null;
}

type Measured = Pick<Findings, 'figures' | 'servers' | 'oneClient'>;

/** Not log-ins, which are bcrypt's on every side. */
const compared: readonly Operation[] = ['Q1', 'Q2', 'Q3', 'M1', 'M2', 'MIX'];

/** How many times as fast as which side todoql is to be, at least. */
const ratios: readonly (readonly [side: string, least: number, operations: readonly Operation[]])[] = [
  ['naive', 7, ['Q1', 'Q2']],
  ['raw', 0.55, ['Q1']],
  ['raw', 0.7, ['Q2']],
  ['raw', 0.5, ['Q3']],
  ['mercurius', 1.1, ['Q1', 'Q2', 'M1', 'M2']],
  ...['mercurius', 'yoga', 'postgraphile', 'prisma'].map((side) => [side, 1.5, ['Q3']] as const),
  ...['yoga', 'postgraphile', 'prisma'].map((side) => [side, 2, compared.filter((name) => name !== 'Q3')] as const),
  ['fastapi', 10, compared],
];

/** Those that the run can tell of. */
export function goalsOf(findings: Measured): Goal[] {
  return [...ratioGoals(findings), ...limitGoals(findings)];
}

function ratioGoals({ figures, servers }: Measured): Goal[] {
  return ratios.flatMap(([name, least, operations]) =>
    operations.flatMap((operation) => {
      const side = servers.find((server) => server.side.name === name)?.side;
      const figure = figures[operation]?.[name]?.rateRatio.median;
      if (!side || figure === undefined) return [];
      const aim = `${operation}: at least ${least} × ${side.title}`;
      return [{ aim, figure, unit: '×', isMet: figure >= least, operation }];
    }),
  );
}

function limitGoals({ servers, oneClient }: Measured): Goal[] {
  const todoql = servers[0];
  if (!todoql) return [];
  const atMost = (aim: string, figure: number, most: number, unit: string): Goal => ({
    aim: `${aim}: at most ${most} ${unit}`,
    figure,
    unit,
    isMet: figure <= most,
    operation: null,
  });
  const beside = oneClient.get('raw')?.ratio;
  return [
    ...(beside === undefined ? [] : [atMost('Q2 with one client, time beside the server by hand', beside, 2, '×')]),
    atMost('from start to the first answer', todoql.startMilliseconds, 500, 'ms'),
    atMost('memory at rest', todoql.mebibytesAtRest, 150, 'MiB'),
  ];
}
