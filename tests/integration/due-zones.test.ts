import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const operations = {
  create: `mutation ($input: CreateTaskInput!) {
    createTask(input: $input) { task { id due { date time timeZone at } } }
  }`,
  update: 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { version } } }',
  updateMe: 'mutation ($zone: TimeZone!) { updateMe(input: { timeZone: $zone }) { user { timeZone } } }',
  list: `query ($filter: TaskFilter, $first: Int, $after: String, $direction: OrderDirection!) {
    tasks(filter: $filter, first: $first, after: $after, orderBy: { field: DUE, direction: $direction }) {
      nodes { id title due { date time timeZone at } } pageInfo { endCursor hasNextPage }
    }
  }`,
};

// ── What clocks show, by another library than the one that stores dues ──

const day = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The milliseconds in UTC of the day and time that a zone's clocks show. */
function shownAt(zone: string, instant: number): number {
  const clock =
    clocks.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone });
  clocks.set(zone, clock);
  return Date.parse(`${clock.format(instant).replace(' ', 'T')}Z`);
}

/** The first instant at which the clocks show it; where they never do, as much later as they skip. */
function instantShowing(zone: string, shown: number): number {
  const offsets = [shown - day, shown + day].map((instant) => shownAt(zone, instant) - instant);
  const showing = offsets.map((offset) => shown - offset).filter((instant) => shownAt(zone, instant) === shown);
  return showing.length > 0 ? Math.min(...showing) : shown - (offsets[0] ?? 0);
}

/** What clocks show in the middle of each hour that is skipped or comes twice, 2024 to 2030. */
function oddHoursOf(zone: string): number[] {
  const offsetAt = (instant: number) => shownAt(zone, instant) - instant;
  const days = Array.from({ length: 7 * 365 + 2 }, (_, index) => Date.UTC(2024, 0, 1 + index));
  const changing = days.filter((start) => offsetAt(start) !== offsetAt(start + day));
  const halfHours = changing.flatMap((start) => Array.from({ length: 48 }, (_, half) => start + half * (day / 48)));
  const changes = halfHours.filter((instant) => offsetAt(instant) !== offsetAt(instant + day / 48));
  return changes.map((instant) => instant + day / 48 + (offsetAt(instant) + offsetAt(instant + day / 48)) / 2);
}

// Changes at midnight, of half an hour, of two hours, during Ramadan, and the usual ones.
const oddZones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Europe/Paris',
  'Pacific/Chatham',
];

function dueOf(shown: number) {
  const [date, time] = new Date(shown).toISOString().slice(0, 19).split('T') as [string, string];
  return { date, time };
}

interface Made {
  readonly id: string;
  /** What it is sorted by in a zone. */
  readonly keyIn: (zone: string) => number;
}

async function make(user: Client, due: { date: string; time?: string; timeZone?: string }, at: number | null) {
  const { task } = (await user.run(operations.create, { input: { title: 'x', due } })).data.createTask;
  const instant = at === null ? null : new Date(at).toISOString();
  expect(task.due).toEqual({ time: null, timeZone: null, ...due, at: instant });
  const floating = Date.parse(`${due.date}T${due.time ?? '23:59:59.999'}Z`);
  const made: Made = { id: task.id, keyIn: (zone) => (at === null ? floating : shownAt(zone, at)) };
  return made;
}

/** Tasks due in odd hours: in a zone, floating, and on the day. */
async function makeAll(user: Client): Promise<Made[]> {
  const hours = oddZones.flatMap((timeZone) =>
    fc.sample(fc.constantFrom(...oddHoursOf(timeZone)), 3).map((shown) => ({ timeZone, shown })),
  );
  const floating = hours.slice(0, 15).map(({ shown }) => make(user, dueOf(shown), null));
  const days = hours.slice(10, 25).map(({ shown }) => make(user, { date: dueOf(shown).date }, null));
  const zoned = hours.map(({ timeZone, shown }) =>
    make(user, { ...dueOf(shown), timeZone }, instantShowing(timeZone, shown)),
  );
  return Promise.all([...zoned, ...floating, ...days]);
}

function sortedIn(zone: string, tasks: readonly Made[]): Made[] {
  return tasks.toSorted((a, b) => a.keyIn(zone) - b.keyIn(zone) || (a.id < b.id ? -1 : 1));
}

async function idsOf(user: Client, filter: Record<string, unknown>, direction = 'ASC'): Promise<string[]> {
  const { nodes } = (await user.run(operations.list, { filter, first: 100, direction })).data.tasks;
  return nodes.map(({ id }: Made) => id);
}

async function liveIn(user: Client, zone: string): Promise<void> {
  expect((await user.run(operations.updateMe, { zone })).data.updateMe.user.timeZone).toBe(zone);
}

describe.each(['UTC', 'Asia/Kathmandu', 'America/St_Johns'])('on a machine in %s', (machineZone) => {
  const own = process.env.TZ;
  // Before the server starts. Node.js takes it in at once, for all that reads the machine's zone in this process.
  beforeAll(() => {
    process.env.TZ = machineZone;
  });
  afterAll(() => {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  });
  const server = useServer();

  test('the clocks are those of that zone', () => {
    expect(new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset()).toBe(
      { UTC: 0, 'Asia/Kathmandu': -345, 'America/St_Johns': 210 }[machineZone],
    );
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone.replace('Katmandu', 'Kathmandu')).toBe(machineZone);
  });

  test('dues in odd hours of any zone are stored, sorted and filtered as the clocks of the viewer show', async () => {
    const user = await server.newUser();
    const tasks = await makeAll(user);
    const anyZone = fc.oneof(fc.constantFrom(...oddZones), fc.constantFrom(...Intl.supportedValuesOf('timeZone')));
    const property = fc.asyncProperty(anyZone, fc.nat(), fc.nat({ max: 400 }), async (zone, start, length) => {
      await liveIn(user, zone);
      const sorted = sortedIn(zone, tasks);
      expect(await idsOf(user, {})).toEqual(sorted.map(({ id }) => id));
      expect(await idsOf(user, {}, 'DESC')).toEqual(sorted.map(({ id }) => id).toReversed());
      const first = Math.floor((sorted[start % sorted.length]?.keyIn(zone) ?? 0) / day) * day;
      const last = first + length * day;
      const within = sorted.filter((task) => task.keyIn(zone) >= first && task.keyIn(zone) < last + day);
      const filter = { dueFrom: dueOf(first).date, dueTo: dueOf(last).date };
      expect(await idsOf(user, filter)).toEqual(within.map(({ id }) => id));
    });
    await fc.assert(property, { numRuns: 6, interruptAfterTimeLimit: 2_000 });
  });

  test('pages by DUE follow one another, and what is due already is no change', async () => {
    const user = await server.newUser();
    const due = { date: '2026-10-25', time: '02:30:00', timeZone: 'Europe/Paris' };
    const tasks = [
      await make(user, due, Date.UTC(2026, 9, 25, 0, 30)),
      await make(user, { date: '2026-10-25' }, null),
      await make(user, { date: '2026-10-25', time: '00:30:00' }, null),
    ];
    const seen: string[] = [];
    for (let after: string | null = null, hasMore = true; hasMore; ) {
      const reply: Reply = await user.run(operations.list, { first: 1, after, direction: 'DESC' });
      const { nodes, pageInfo } = reply.data.tasks;
      seen.push(...nodes.map(({ id }: Made) => id));
      [after, hasMore] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(seen).toEqual(
      sortedIn('UTC', tasks)
        .map(({ id }) => id)
        .toReversed(),
    );
    const again = await user.run(operations.update, { input: { id: tasks[0]?.id, due } });
    expect(again.data.updateTask.task.version).toBe(1);
  });
});

describe('a zone', () => {
  const server = useServer();

  test('that Node.js names can be that of any viewer', async () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const user = await server.newUser();
    for (let start = 0; start < zones.length; start += 20) {
      const some = zones.slice(start, start + 20);
      const moves = some.map((zone, n) => `z${n}: updateMe(input: { timeZone: "${zone}" }) { user { timeZone } }`);
      const { data } = await user.run(`mutation { ${moves.join(' ')} }`);
      expect(some.map((_, n) => data[`z${n}`].user.timeZone)).toEqual(some);
    }
  });
});
