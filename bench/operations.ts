import { email, openTask, password, type Size, taskId, words } from './data.ts';

/** One thing that a client asks of the API, in no side's own words. */
export type Step =
  | { readonly kind: 'page' }
  | { readonly kind: 'related' }
  | { readonly kind: 'labels' }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'create'; readonly title: string; readonly description: string }
  | { readonly kind: 'complete'; readonly id: string }
  | { readonly kind: 'reopen'; readonly id: string }
  | { readonly kind: 'login'; readonly email: string; readonly password: string };

/** A step and the user who takes it. */
export interface Act {
  readonly user: number;
  readonly step: Step;
}

export const operations = ['Q1', 'Q2', 'Q3', 'L1', 'M1', 'M2', 'login', 'MIX'] as const;
export type Operation = (typeof operations)[number];

/** What each operation is, for people. */
export const operationTitles: Readonly<Record<Operation, string>> = {
  Q1: 'a page of 50 tasks × 8 fields',
  Q2: 'a task by its id',
  Q3: 'a page of 20 tasks with their lists, labels and subtasks',
  L1: 'a page of 50 labels × 6 fields',
  M1: 'create a task',
  M2: 'complete and reopen a task',
  login: 'log in (bcrypt, cost 12)',
  MIX: '45 % Q1, 35 % Q2, 12 % M1, 8 % M2',
};

/** How many connections a closed loop keeps busy. bcrypt takes a core each time: more would only queue. */
export const connectionsOf = (operation: Operation): number => (operation === 'login' ? 2 : 16);

/** M2's acts come in pairs, and a lane must not stop between the two: completing a completed task changes nothing. */
export const strideOf = (operation: Operation): number => (operation === 'M2' ? 2 : 1);

// A multiple of a hundred, so that a lane of MIX holds its shares exactly, and M2's pairs whole.
const laneLength = 200;

/**
 * What each connection of a closed loop does, over and over. Every connection has its own users and tasks, so that no two
 * requests wait for the same row; and tasks are created for other users than those whose pages are read.
 */
export function lanesOf(operation: Operation, size: Size): Act[][] {
  return Array.from({ length: connectionsOf(operation) }, (_, lane) => {
    const counts = new Map<Kind, number>();
    return Array.from({ length: laneLength }, (_, turn) => {
      const kind = kindAt(operation, turn);
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      return actOf(kind, size, lane, count);
    });
  });
}

type Kind = Exclude<Operation, 'MIX'>;

/** Spreads the shares of MIX evenly: 61 and 100 have no common divisor, so a hundred turns take each place once. */
function kindAt(operation: Operation, turn: number): Kind {
  if (operation !== 'MIX') return operation;
  const place = (turn * 61) % 100;
  if (place < 45) return 'Q1';
  if (place < 80) return 'Q2';
  return place < 92 ? 'M1' : 'M2';
}

/** @param count how many acts of this kind the lane has had before */
function actOf(kind: Kind, size: Size, lane: number, count: number): Act {
  const half = size.users / 2;
  const reader = userOf(lane, count, half);
  const writer = half + reader;
  switch (kind) {
    case 'Q1':
      return { user: reader, step: { kind: 'page' } };
    case 'Q2':
      return { user: reader, step: { kind: 'task', id: taskId(size, reader, count % 40) } };
    case 'Q3':
      return { user: reader, step: { kind: 'related' } };
    case 'L1':
      return { user: reader, step: { kind: 'labels' } };
    case 'M1':
      return { user: writer, step: { kind: 'create', title: words(count, 4), description: words(count + 1, 10) } };
    case 'M2':
      return toggle(size, lane, count, half);
    case 'login':
      return { user: writer, step: { kind: 'login', email: email(writer), password } };
  }
}

function toggle(size: Size, lane: number, count: number, half: number): Act {
  const pair = Math.floor(count / 2);
  const user = userOf(lane, pair, half);
  return { user, step: { kind: count % 2 === 0 ? 'complete' : 'reopen', id: taskId(size, user, openTask) } };
}

// The lanes never share a user, whatever the number of users.
const maximumLanes = 16;
const userOf = (lane: number, count: number, users: number): number =>
  ((count * maximumLanes) % (users - (users % maximumLanes))) + lane;
