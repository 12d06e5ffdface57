import { writeFileSync } from 'node:fs';
import { formatRate, type Results, type Sample } from './measure.ts';
import { operationTitles } from './operations.ts';

/** What is said of one side and operation: medians over the rounds. */
export interface Figure {
  /** Processor time of server and PostgreSQL for each request. */
  readonly cpuMicros: number;
  readonly serverMicros: number;
  readonly postgresMicros: number;
  /** todoql's processor time, server and PostgreSQL, over this side's in the same round. */
  readonly cpuRatio: Ratio;
  readonly rps: number;
  /** todoql's throughput over this side's in the same round. */
  readonly rateRatio: Ratio;
  /** The part of its core that the server was busy. */
  readonly serverShare: number;
}

/** Over the rounds. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** By operation, then by side. */
export type Figures = Readonly<Record<string, Readonly<Record<string, Figure>>>>;

export function summarise(results: Results): Figures {
  const figures: Record<string, Record<string, Figure>> = {};
  for (const [operation, samples] of results) {
    const reference = samples.get('todoql') ?? [];
    figures[operation] = Object.fromEntries(
      [...samples].map(([side, rounds]) => [side, figureOf(reference, rounds)] as const),
    );
  }
  return figures;
}

function figureOf(reference: readonly Sample[], rounds: readonly Sample[]): Figure {
  const medianOf = (value: (sample: Sample) => number, digits = 0): number => round(median(rounds.map(value)), digits);
  const ratioOf = (value: (sample: Sample) => number): Ratio => {
    const ratios = rounds.map((sample, round) => value(reference[round] as Sample) / value(sample));
    return {
      median: round(median(ratios), 3),
      min: round(Math.min(...ratios), 3),
      max: round(Math.max(...ratios), 3),
    };
  };
  const cpuMicros = ({ serverMicros, postgresMicros }: Sample): number => serverMicros + postgresMicros;
  return {
    cpuMicros: medianOf(cpuMicros),
    serverMicros: medianOf(({ serverMicros }) => serverMicros),
    postgresMicros: medianOf(({ postgresMicros }) => postgresMicros),
    cpuRatio: ratioOf(cpuMicros),
    rps: medianOf(({ rate }) => rate, 2),
    rateRatio: ratioOf(({ rate }) => rate),
    serverShare: medianOf(({ serverShare }) => serverShare, 2),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const heading = `\
                             CPU µs a request           todoql takes   requests              todoql is   core
  side              sum    server  PostgreSQL        … times as much   a second        … times as fast   busy`;

export function printFigures(figures: Figures): void {
  for (const [operation, sides] of Object.entries(figures)) {
    console.log(`\n${operation}: ${operationTitles[operation as keyof typeof operationTitles]}`);
    console.log(heading);
    for (const [side, figure] of Object.entries(sides)) {
      const columns = [
        side.padEnd(12),
        formatMicros(figure.cpuMicros).padStart(8),
        formatMicros(figure.serverMicros).padStart(9),
        formatMicros(figure.postgresMicros).padStart(11),
        formatRatio(figure.cpuRatio).padStart(22),
        formatRate(figure.rps).padStart(10),
        formatRatio(figure.rateRatio).padStart(22),
        `${Math.round(figure.serverShare * 100)} %`.padStart(6),
      ];
      console.log(`  ${columns.join(' ')}`);
    }
  }
}

export const formatMicros = (micros: number): string => micros.toLocaleString('en');

export function formatRatio({ median, min, max }: Ratio): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

export function writeJson(file: string, figures: Figures): void {
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}
