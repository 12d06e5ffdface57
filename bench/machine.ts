import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

// On four cores nothing that is measured shares one: the client, the server, and PostgreSQL, which runs many processes.
// On fewer the kernel decides, and the figures say less.
// Asked before this process is moved, which leaves it fewer.
const cores = availableParallelism();
const isPinned = cores >= 4;
export const serverCores = '0';
export const clientCores = '1';
export const postgresCores = '2,3';

/** Keeps a command on the given cores, where there are enough. */
export function pinned(cores: string, command: readonly string[]): string[] {
  return isPinned ? ['taskset', '-c', cores, ...command] : [...command];
}

/** Moves this process, with all its threads; what it starts from then on inherits it. */
export function pinSelf(cores: string): void {
  if (isPinned) execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' });
}

// USER_HZ, in which the kernel reports times: 100 on every Linux that Node runs on.
const ticksPerSecond = 100;

/** Processor time that a process has used since its start, all threads, user and system, in microseconds. */
export const cpuMicros = (pid: number): number => timesOf(pid).own;

/**
 * Processor time of all of PostgreSQL's processes, including those of connections that have ended, in microseconds.
 * @param pid the first process, which starts all the others
 */
export function postgresCpuMicros(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const running = children.reduce((sum, child) => sum + runningMicros(child), 0);
  const { own, endedChildren } = timesOf(pid);
  return running + own + endedChildren;
}

function timesOf(pid: number): { readonly own: number; readonly endedChildren: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name, in brackets, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const micros = (field: number): number => (Number(fields[field]) * 1_000_000) / ticksPerSecond;
  return { own: micros(11) + micros(12), endedChildren: micros(13) + micros(14) };
}

/** To the nanosecond, which /proc says of single threads only: ticks of ten milliseconds add up over many processes. */
function runningMicros(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
  } catch {
    // It has just ended, and counts as its parent's ended child.
    return 0;
  }
}

/** Memory of a process that is in RAM, in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1_024);
}

/** What the figures were measured on. */
export function describeMachine(): string {
  const gibibytes = Math.round(totalmem() / 1_024 ** 3);
  const use = isPinned ? 'one of them for each server' : 'shared by client, server and PostgreSQL';
  return `${cpus()[0]?.model.trim()}, ${cores} cores (${use}), ${gibibytes} GiB, Linux, Node.js ${process.version}`;
}
