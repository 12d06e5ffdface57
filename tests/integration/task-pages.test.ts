import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const priorities = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'];
const page = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: TaskFilter, $orderBy: TaskOrder) {
  tasks(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { id title priority completed due { date time } createdAt updatedAt } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

/** A task as the tests put it into the table. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly priority: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly due: { readonly date: string; readonly time: string | null } | null;
  readonly isCompleted: boolean;
  readonly isInTrash: boolean;
}

// ── The order, in memory ──

const keys = {
  CREATED_AT: ({ createdAt }: Row) => createdAt.getTime(),
  UPDATED_AT: ({ updatedAt }: Row) => updatedAt.getTime(),
  PRIORITY: ({ priority }: Row) => priority,
  TITLE: ({ title }: Row) => Buffer.from(title.replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  DUE: ({ due }: Row) => due && Date.parse(dueKey(due)),
  POSITION: (row: Row) => Buffer.from(positionOf(row)),
};

/** A day lasts until its end. */
function dueKey({ date, time }: { date: string; time: string | null }): string {
  return `${date}T${time ?? '23:59:59.999'}Z`;
}

/** No two rows have the same: it looks random, but goes with the id. */
function positionOf({ id }: Row): string {
  return [...id].toReversed().join('');
}

interface Order {
  readonly field: keyof typeof keys;
  readonly direction: 'ASC' | 'DESC';
}

const everyOrder = (Object.keys(keys) as Order['field'][]).flatMap((field): Order[] => [
  { field, direction: 'ASC' },
  { field, direction: 'DESC' },
]);

type Compare = (a: Row, b: Row) => number;

function compareIn({ field, direction }: Order): Compare {
  const sign = direction === 'ASC' ? 1 : -1;
  return (a, b) => {
    const [x, y] = [keys[field](a), keys[field](b)];
    // What has no key comes last in both directions.
    if (x === null || y === null) return Number(x === null) - Number(y === null) || sign * compareIds(a, b);
    const byKey = x instanceof Buffer && y instanceof Buffer ? x.compare(y) : Number(x) - Number(y);
    return sign * (byKey || compareIds(a, b));
  };
}

function compareIds(a: Row, b: Row): number {
  return Buffer.from(a.id).compare(Buffer.from(b.id));
}

/** Positions compare among siblings only; all rows are at the top level of the inbox. */
function filterFor({ field }: Order, completed: boolean | null = null) {
  return field === 'POSITION' ? { completed, inbox: true, topLevel: true } : { completed };
}

function listedOf(rows: readonly Row[], completed: boolean | null): Row[] {
  return rows.filter(({ isCompleted, isInTrash }) => !isInTrash && (completed ?? isCompleted) === isCompleted);
}

// ── Rows that come and go ──

const instant = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(new Date('2026-11-21T07:27:41.051Z'), new Date('2026-11-21T07:27:41.052Z')) },
  { weight: 1, arbitrary: fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }) },
);
// Case, accents, what lies between Z and a, the Kelvin sign, and what UTF-16 sorts otherwise than UTF-8.
const odd = [...'aAzZ[_"\\\'äÄßİK\u212A\uFFFD😀', 'a\u0308', 'ab', 'AB', 'a b'];
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0'));
const anyDay = fc.date({ min: new Date('0001-01-03'), max: new Date('9999-12-28'), noInvalidDate: true });
const due = fc.record({
  date: fc.oneof(
    fc.constantFrom('2026-11-21', '2026-11-22'),
    anyDay.map((date) => date.toISOString().slice(0, 10)),
  ),
  time: fc.constantFrom(null, '00:00:00', '23:59:59'),
});
const row = fc.record({
  id: fc.uuid({ version: 7 }),
  title: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...odd) }, { weight: 1, arbitrary: anyText }),
  priority: fc.nat({ max: 4 }),
  createdAt: instant,
  updatedAt: instant,
  due: fc.option(due, { freq: 2 }),
  isCompleted: fc.boolean(),
  isInTrash: fc.nat({ max: 9 }).map((chance) => chance === 0),
});
const oftenOr = (often: number, max: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: fc.integer({ min: 1, max }) });
/** A row, and the pages before which it comes (0: there from the start) and goes. */
const visit = fc.record({ row, comes: oftenOr(0, 4), goes: oftenOr(Number.POSITIVE_INFINITY, 5) });

interface Visit {
  readonly row: Row;
  readonly comes: number;
  readonly goes: number;
}

/** What is in the table before each page. */
class Table {
  readonly #gone = new Set<string>();

  constructor(
    readonly userId: string,
    readonly visits: readonly Visit[],
  ) {}

  /** Brings the table to where it is before a page, without `dropped`. @returns its rows */
  async moveTo(step: number, dropped: Row | undefined): Promise<Row[]> {
    const left = this.visits.filter(({ row, goes }) => goes <= step || row === dropped);
    for (const { row } of left) this.#gone.add(row.id);
    const present = this.visits.filter(({ row, comes }) => comes <= step && !this.#gone.has(row.id));
    const ids = present.map(({ row }) => row.id);
    await server.sql('delete from task where user_id = $1 and id <> all($2)', [this.userId, ids]);
    const coming = present.filter(({ comes }) => comes === step);
    if (coming.length > 0)
      await insert(
        this.userId,
        coming.map(({ row }) => row),
      );
    return present.map(({ row }) => row);
  }

  /** Those that were there from the first page to the last. */
  get stable(): Row[] {
    return this.visits.filter(({ row, comes }) => comes === 0 && !this.#gone.has(row.id)).map(({ row }) => row);
  }
}

async function insert(userId: string, rows: readonly Row[]): Promise<void> {
  const instants = (instantOf: (row: Row) => Date | null) => rows.map((row) => instantOf(row)?.toISOString() ?? null);
  await server.sql(
    `insert into task (user_id, description, version, id, title, priority, created_at, updated_at, completed_at,
       deleted_at, position, due_date, due_time, due_key)
     select $1, '', 1, * from unnest(
       $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
       $9::text[], $10::date[], $11::time[], $12::timestamp[])`,
    [
      userId,
      rows.map(({ id }) => id),
      rows.map(({ title }) => title),
      rows.map(({ priority }) => priority),
      instants(({ createdAt }) => createdAt),
      instants(({ updatedAt }) => updatedAt),
      instants(({ isCompleted, createdAt }) => (isCompleted ? createdAt : null)),
      instants(({ isInTrash, createdAt }) => (isInTrash ? createdAt : null)),
      rows.map(positionOf),
      rows.map(({ due }) => due?.date ?? null),
      rows.map(({ due }) => due?.time ?? null),
      rows.map(({ due }) => due && dueKey(due).slice(0, -1)),
    ],
  );
}

const walk = fc.record({
  visits: fc.uniqueArray(visit, { maxLength: 24, selector: ({ row }) => row.id }),
  sizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 }),
  /** Before which pages the very row that the cursor points at goes. */
  drops: fc.array(fc.boolean(), { maxLength: 6 }),
  isBackward: fc.boolean(),
  completed: fc.option(fc.boolean(), { freq: 2 }),
});
type Walk = typeof walk extends fc.Arbitrary<infer Value> ? Value : never;

/** Reads page after page to the end while rows come and go, and compares each page with what it should be. */
async function takeWalk(user: Client, userId: string, orderBy: Order, choices: Walk): Promise<void> {
  const { visits, sizes, drops, isBackward, completed } = choices;
  const table = new Table(userId, visits);
  const compare = compareIn(orderBy);
  const along: Compare = isBackward ? (a, b) => compare(b, a) : compare;
  const seen: Row[] = [];
  let cursor: string | null = null;
  for (let step = 0, hasMore = true; hasMore; step++) {
    const last = seen.at(-1);
    const present = await table.moveTo(step, drops[step] ? last : undefined);
    const listed = listedOf(present, completed).sort(along);
    const ahead = listed.filter((row) => last === undefined || along(row, last) > 0);
    const size = sizes[step % sizes.length] as number;
    const rows = ahead.slice(0, size);
    hasMore = ahead.length > size;

    const bounds = isBackward ? { last: size, before: cursor } : { first: size, after: cursor };
    const reply = await user.run(page, { ...bounds, orderBy, filter: filterFor(orderBy, completed) });
    const [hasNextPage, hasPreviousPage] = inOrder([hasMore, ahead.length < listed.length], isBackward);
    expectPage(reply, inOrder(rows, isBackward), { totalCount: listed.length, hasNextPage, hasPreviousPage });
    seen.push(...rows);
    cursor = reply.data.tasks.pageInfo[isBackward ? 'startCursor' : 'endCursor'];
  }
  // Whatever happened around them: the rows that were there all along were seen once each, in their order.
  const stable = listedOf(table.stable, completed).sort(along);
  expect(seen.filter((row) => stable.includes(row))).toEqual(stable);
}

function inOrder<Item>(items: readonly Item[], isBackward: boolean): readonly Item[] {
  return isBackward ? items.toReversed() : items;
}

interface Expected {
  readonly totalCount: number;
  readonly hasNextPage: boolean | undefined;
  readonly hasPreviousPage: boolean | undefined;
}

function expectPage(reply: Reply, rows: readonly Row[], { totalCount, ...more }: Expected): void {
  const { tasks } = reply.data;
  const nodes = rows.map(({ id, title, priority, due, isCompleted, createdAt, updatedAt }) => ({
    id,
    title,
    priority: priorities[priority],
    completed: isCompleted,
    due,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
  expect(tasks, String(reply)).toEqual({
    edges: nodes.map((node) => ({ node, cursor: expect.any(String) })),
    nodes: rows.map(({ id }) => ({ id })),
    pageInfo: {
      ...more,
      startCursor: tasks.edges[0]?.cursor ?? null,
      endCursor: tasks.edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  });
}

describe.each(everyOrder)('tasks by $field $direction', (orderBy) => {
  test('are exact page by page, forward and backward, while rows come and go', async () => {
    const user = await server.newUser();
    const { id: userId } = (await user.run('{ me { id } }')).data.me;
    // What fast-check makes up may meet an id that it made up for another test.
    await server.sql('delete from task');
    await fc.assert(
      fc.asyncProperty(walk, (choices) => takeWalk(user, userId, orderBy, choices)),
      // A run of twelve takes a second; a failure is made smaller for five at most, to be printed before the test's time is up.
      { numRuns: 12, interruptAfterTimeLimit: 5_000 },
    );
  });
});

describe('tasks between two cursors', () => {
  let user: Client;
  const rows = fc.sample(row, 12).map((made) => ({ ...made, id: uuidv7(), isInTrash: false }));

  beforeAll(async () => {
    user = await server.newUser();
  });

  test.each(everyOrder)('are exact by $field $direction', async (orderBy) => {
    const { id: userId } = (await user.run('{ me { id } }')).data.me;
    await server.sql('delete from task');
    await insert(userId, rows);
    const sorted = rows.toSorted(compareIn(orderBy));
    const { edges } = (await user.run(page, { first: 100, orderBy, filter: filterFor(orderBy) })).data.tasks;
    const everySpan = [
      [2, 9, 3],
      [0, 11, 10],
      [3, 7, 0],
      [0, 1, 2],
      [10, 11, 2],
      [8, 1, 5],
    ] as const;
    for (const [from, to, size] of everySpan) {
      const between = sorted.slice(from + 1, to);
      const bounds = { after: edges[from].cursor, before: edges[to].cursor, orderBy, filter: filterFor(orderBy) };
      const expected = { totalCount: 12, hasNextPage: true, hasPreviousPage: true };
      expectPage(await user.run(page, { ...bounds, first: size }), between.slice(0, size), expected);
      expectPage(await user.run(page, { ...bounds, last: size }), size === 0 ? [] : between.slice(-size), expected);
    }
  });
});
