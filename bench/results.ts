import { writeFileSync } from 'node:fs';
import { formatRate, type Results, type Sample } from './measure.ts';
import { operationTitles } from './operations.ts';

/** What is said of one side and operation: medians over the rounds. */
export interface Figure {
  readonly rps: number;
  readonly cpuMicros: number;
  /** todoql's throughput over this side's in the same round. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  /** The part of its core that the server was busy. */
  readonly serverShare: number;
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
  const ratios = rounds.map(({ rate }, round) => (reference[round]?.rate ?? Number.NaN) / rate);
  return {
    rps: round(median(rounds.map(({ rate }) => rate)), 2),
    cpuMicros: Math.round(median(rounds.map((sample) => sample.cpuMicros))),
    ratio: {
      median: round(median(ratios), 3),
      min: round(Math.min(...ratios), 3),
      max: round(Math.max(...ratios), 3),
    },
    serverShare: round(median(rounds.map(({ serverShare }) => serverShare)), 2),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export function printFigures(figures: Figures): void {
  for (const [operation, sides] of Object.entries(figures)) {
    console.log(`\n${operation}: ${operationTitles[operation as keyof typeof operationTitles]}`);
    console.log('  side          per second   CPU µs each   core busy   todoql is … times as fast (least, most)');
    for (const [side, { rps, cpuMicros, serverShare, ratio }] of Object.entries(sides)) {
      const columns = [
        side.padEnd(12),
        formatRate(rps).padStart(10),
        cpuMicros.toLocaleString('en').padStart(13),
        `${Math.round(serverShare * 100)} %`.padStart(11),
        `   ${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}, ${ratio.max.toFixed(2)})`,
      ];
      console.log(`  ${columns.join(' ')}`);
    }
  }
}

export function writeJson(file: string, figures: Figures): void {
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}
