import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from '../machine.ts';
import { formatRate } from '../measure.ts';
import { type Operation, operationTitles } from '../operations.ts';
import { formatMicros, formatRatio } from '../results.ts';
import { drawChart } from './chart.ts';
import type { Findings } from './findings.ts';

/** Writes performance.md and the chart that it shows. */
export function writeReport(folder: string, findings: Findings): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'performance.svg'), drawChart(findings.figures, findings.servers));
  const sections = [
    introduction(findings),
    ...Object.keys(findings.figures).map((operation) => throughput(findings, operation as Operation)),
    ...(findings.latencies.size > 0 ? [latency(findings)] : []),
    oneClient(findings),
    footprint(findings),
    goals(findings),
    ...(findings.profiles.size > 0 ? [profiles(findings)] : []),
  ];
  const file = join(folder, 'performance.md');
  writeFileSync(file, `${[...sections, ...measuredApart(file)].join('\n\n')}\n`);
}

/** The last section is not of this report, and is kept. */
function measuredApart(file: string): string[] {
  const [, section] = existsSync(file) ? readFileSync(file, 'utf8').split(/^(?=## Live subscriptions$)/m) : [];
  return section ? [section.trimEnd()] : [];
}

function introduction({ options, postgresVersion }: Findings): string {
  const { tasks, users, rounds, duration } = options;
  return `# Performance

Measured by \`npm run bench\` on ${describeMachine()}, PostgreSQL ${postgresVersion}, with ${tasks.toLocaleString('en')} tasks of \
${users.toLocaleString('en')} users.

Every side verifies the token, loads session and user from the database for each request and restricts what it reads to
the owner; their answers are compared before anything is timed. Processor time is that of the server and of PostgreSQL
for each request. A side is one process with a pool of ten database
connections (FastAPI has more, which it needs). A closed loop keeps 16 connections busy (2 for logging in), each round
gives every side its turn of ${duration} s, and the figures are medians of ${rounds} rounds. Commits do not wait for the
disk. todoql writes its log; the others write none.

${versions()}

![Processor time of each side for a request](performance.svg)`;
}

function versions(): string {
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  const named = ['@apollo/server', 'type-graphql', '@mikro-orm/postgresql', 'mercurius', 'graphql-jit', 'graphql-yoga'];
  const heavy = ['postgraphile', 'prisma'].map((side) => {
    const file = join(import.meta.dirname, '..', 'sides', side, 'package.json');
    return `${side} ${JSON.parse(readFileSync(file, 'utf8')).dependencies[side]}`;
  });
  return `Versions: ${[...named.map((name) => `${name} ${dependencies[name]}`), ...heavy].join(', ')}.`;
}

function throughput({ figures, servers, postgresAlone }: Findings, operation: Operation): string {
  const rows = servers.flatMap(({ side }) => {
    const figure = figures[operation]?.[side.name];
    if (!figure) return [];
    const micros = [figure.cpuMicros, figure.serverMicros, figure.postgresMicros].map(formatMicros);
    const ratios = [figure.cpuRatio, figure.rateRatio].map((ratio) =>
      side.name === 'todoql' ? '' : formatRatio(ratio),
    );
    return [[side.title, ...micros, ratios[0], formatRate(figure.rps), ratios[1]].map(String)];
  });
  const alone = postgresAlone.get(operation);
  if (alone !== undefined) rows.push(['PostgreSQL alone (pgbench)', '', '', '', '', formatRate(alone), '']);
  const head = [
    'side',
    'CPU µs a request',
    'the server',
    'PostgreSQL',
    'todoql takes … times as much (least to most)',
    'requests a second',
    'todoql is … times as fast (least to most)',
  ];
  return `## ${operation}: ${operationTitles[operation]}\n\n${table(head, rows)}`;
}

function latency({ servers, latencies, latencyOperation }: Findings): string {
  const rows = servers.flatMap(({ side }) =>
    (latencies.get(side.name) ?? []).map(({ share, rate, p50, p95, p99 }) => [
      side.title,
      `${share * 100} % (${formatRate(rate)}/s)`,
      ...[p50, p95, p99].map((milliseconds) => milliseconds.toFixed(1)),
    ]),
  );
  const head = ['side', 'of its own maximum', 'median ms', '95 % ms', '99 % ms'];
  return `## Latency under ${latencyOperation}

Requests are sent at a fixed rate, and timed from when they were due.

${table(head, rows)}`;
}

function oneClient({ servers, oneClient }: Findings): string {
  const rows = servers.flatMap(({ side }) => {
    const found = oneClient.get(side.name);
    if (!found) return [];
    return [[side.title, found.p50.toFixed(2), side.name === 'todoql' ? '' : found.ratio.toFixed(2)]];
  });
  const head = ['side', 'median ms', 'todoql takes … times as long'];
  return `## Q2 with one client\n\n${table(head, rows)}`;
}

function footprint({ servers, results }: Findings): string {
  const rows = servers.map(({ side, startMilliseconds, mebibytesAtRest }) => {
    const samples = [...results.values()].flatMap((bySide) => bySide.get(side.name) ?? []);
    const peak = Math.max(...samples.map(({ mebibytes }) => mebibytes));
    return [side.title, String(startMilliseconds), String(mebibytesAtRest), String(peak)];
  });
  const head = ['side', 'start to first answer, ms', 'MiB at rest', 'MiB under load'];
  return `## Start and memory\n\n${table(head, rows)}`;
}

function goals(findings: Findings): string {
  const rows = findings.goals.map(({ aim, figure, unit, isMet }) => [
    aim,
    `${unit === '×' ? figure.toFixed(2) : figure} ${unit}`,
    isMet ? 'met' : '**missed**',
  ]);
  return `## What is aimed for\n\n${table(['aim', 'figure', ''], rows)}`;
}

/** Below this a package is one of many. */
const leastShare = 0.02;

function profiles({ profiles }: Findings): string {
  const sections = [...profiles].map(([operation, { packages }]) => {
    const named = packages.filter(({ share }) => share >= leastShare);
    const parts = named.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`);
    return `- ${operation}: ${parts.join(', ')}`;
  });
  return `## Where the time goes where an aim is missed

Processor time of todoql by package (\`npm run bench -- --profile Q1\`), with what Node.js does for each; what is below
2 % is left out.

${sections.join('\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
