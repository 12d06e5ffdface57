import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { type MoveTarget, positionAt, positionFor, positionsFor } from '../../src/records/positions.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/databases.ts';

/** What the contract promises clients, less one. */
const longest = 63;
const earliest = Date.parse('2026-01-01');
const latest = Date.parse('2080-12-31');
const instants = fc.integer({ min: earliest, max: latest });
const bytes = fc.uint8Array({ minLength: 6, maxLength: 6 });

describe('positionAt', () => {
  test('makes keys of one length, which sort as bytes in the order of their times', () => {
    const makes = fc.property(instants, instants, bytes, bytes, (a, b, first, second) => {
      const [one, other] = [positionAt(a, first), positionAt(b, second)];
      expect([one.length, other.length]).toEqual([14, 14]);
      if (a !== b) expect(one < other).toBe(a < b);
    });
    fc.assert(makes);
  });

  test('makes different keys at the same time', () => {
    const keys = Array.from({ length: 1_000 }, () => positionAt(earliest));
    expect(new Set(keys).size).toBe(1_000);
  });

  test('makes keys that others fit between and after, and that end in no zero', () => {
    const ends = fc.property(instants, bytes, (now, random) => positionAt(now, random).at(-1) !== '0');
    fc.assert(ends);
    expect(positionAt(earliest, new Uint8Array(6))).toMatch(/^g[0-9A-Za-z]{7}000001$/);
  });
});

describe('positionFor', () => {
  let database: string;
  let orm: Orm;

  beforeAll(async () => {
    database = await createDatabase(inject('adminUrl'), inject('template'));
    orm = await openOrm(databaseUrl(inject('adminUrl'), database), 2);
  });
  afterAll(async () => {
    await orm.close();
    await dropDatabase(inject('adminUrl'), database);
  });

  /** Lists of a user of their own, with what it takes to move one of them and to read their order. */
  async function makeLists(keys: readonly string[]) {
    const db = orm.em.getKysely();
    const ids: string[] = keys.map(() => randomUUID());
    const [owner] = (
      await sql<{ id: string }>`
        insert into "user" (id, email, password_hash, created_at)
        values (${randomUUID()}, ${`${randomUUID()}@example.com`}, '', now()) returning id`.execute(db)
    ).rows;
    if (!owner) throw new Error('There is no user.');
    await sql`
      insert into task_list (user_id, id, name, position, archived, version, created_at, updated_at)
      select ${owner.id}, id, '', position, false, 1, now(), now()
      from unnest(${ids}::uuid[], ${keys}::text[]) as made(id, position)`.execute(db);
    return {
      ids,
      // Many moves a transaction: what is looked at are keys, not commits.
      inTransaction: <Result>(work: (move: Move, read: Read, moveAll: MoveAll) => Promise<Result>) =>
        db.transaction().execute((transaction) => {
          const group = { table: 'task_list', condition: sql<boolean>`user_id = ${owner.id}`, prefix: [] } as const;
          const move: Move = async (id, spot) => {
            const key = await positionFor({ kysely: transaction, revision: '1' }, group, id, spot);
            if (key !== null) await sql`update task_list set position = ${key} where id = ${id}`.execute(transaction);
            return key;
          };
          const moveAll = async (ids: readonly string[], spot: MoveTarget) => {
            const keys = await positionsFor({ kysely: transaction, revision: '1' }, group, ids, spot);
            await sql`
              update task_list set position = key from unnest(${ids}::uuid[], ${keys}::text[]) as moved(moved_id, key)
              where id = moved_id and key is not null`.execute(transaction);
          };
          const read: Read = async () => {
            const { rows } = await sql<{ id: string; position: string }>`
              select id, position from task_list where user_id = ${owner.id} order by position`.execute(transaction);
            return rows;
          };
          return work(move, read, moveAll);
        }),
    };
  }

  type Move = (id: string, spot: MoveTarget) => Promise<string | null>;
  type MoveAll = (ids: readonly string[], spot: MoveTarget) => Promise<void>;
  type Read = () => Promise<{ id: string; position: string }[]>;

  function at<Item>(items: readonly Item[], index: number): Item {
    const item = items.at(index % items.length);
    if (item === undefined) throw new Error('There is nothing.');
    return item;
  }

  /** Does the same to an array. */
  function moveWithin(order: string[], id: string, { afterId, beforeId }: MoveTarget): void {
    order.splice(order.indexOf(id), 1);
    if (afterId) order.splice(order.indexOf(afterId) + 1, 0, id);
    else if (beforeId) order.splice(order.indexOf(beforeId), 0, id);
    else order.push(id);
  }

  const spots: Record<string, [number, (order: string[], turn: number) => [string, MoveTarget]]> = {
    'right after the first': [2_000, (order) => [at(order, -1), { afterId: at(order, 0) }]],
    'right before the last': [500, (order) => [at(order, 1), { beforeId: at(order, -1) }]],
    'to the front': [500, (order) => [at(order, -1), { beforeId: at(order, 0) }]],
    'to the end': [500, (order) => [at(order, 0), {}]],
    'from either side of a gap that closes': [
      500,
      (order, turn) =>
        turn % 2 ? [at(order, 0), { beforeId: at(order, 6) }] : [at(order, -1), { afterId: at(order, 5) }],
    ],
  };

  test.each(Object.entries(spots))(
    'keeps keys under 64 characters, and the order, in thousands of moves %s',
    async (_spot, [moves, next]) => {
      const lists = await makeLists(Array.from({ length: 12 }, (_, index) => positionAt(earliest + index)));
      const order = [...lists.ids];
      // PostgreSQL forgets old versions of rows only when a transaction has ended.
      for (let turn = 0; turn < moves; ) {
        await lists.inTransaction(async (move, read) => {
          do {
            const [id, spot] = next(order, turn);
            expect((await move(id, spot))?.length).toBeLessThanOrEqual(longest);
            moveWithin(order, id, spot);
          } while (++turn % 100 !== 0);
          const rows = await read();
          expect(rows.map((list) => list.id)).toEqual(order);
          for (const { position } of rows) expect(position).toMatch(/^[A-Za-z][0-9A-Za-z]{0,62}$/);
        });
      }
    },
  );

  test.each(['afterId', 'beforeId', 'end'] as const)(
    'keeps keys short, and the order, where three are moved at once: %s',
    async (side) => {
      const lists = await makeLists(Array.from({ length: 12 }, (_, index) => positionAt(earliest + index)));
      const order = [...lists.ids];
      const [fixed = '', ...others] = lists.ids;
      await lists.inTransaction(async (_move, read, moveAll) => {
        for (let turn = 0; turn < 100; turn++) {
          const ids = [0, 4, 7].map((offset) => at(others, turn * 5 + offset));
          await moveAll(ids, side === 'end' ? {} : { [side]: fixed });
          for (const id of ids) order.splice(order.indexOf(id), 1);
          order.splice({ afterId: order.indexOf(fixed) + 1, beforeId: order.indexOf(fixed), end: 99 }[side], 0, ...ids);
          const rows = await read();
          expect(rows.map(({ id }) => id)).toEqual(order);
          for (const { position } of rows) expect(position).toMatch(/^[A-Za-z][0-9A-Za-z]{0,62}$/);
        }
      });
    },
  );

  test('renews the keys around a gap only, where there are many', async () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => positionAt(earliest + index * 60_000));
    const lists = await makeLists(keys);
    await lists.inTransaction(async (move, read) => {
      for (let turn = 0; turn < 600; turn++)
        await move(at(lists.ids, 1_001 + (turn % 30)), { afterId: at(lists.ids, 1_000) });
      const rows = await read();
      const changed = rows.filter(({ id, position }) => keys[lists.ids.indexOf(id)] !== position).length;
      expect(changed).toBeGreaterThan(30);
      expect(changed).toBeLessThan(600);
    });
  });

  test('returns null if the record is already there, and changes no keys', async () => {
    const lists = await makeLists(['a0', 'a1', 'a2']);
    const [a, b, c] = lists.ids as [string, string, string];
    await lists.inTransaction(async (move, read) => {
      const before = await read();
      const spots: [string, MoveTarget][] = [
        [a, { beforeId: b }],
        [b, { afterId: a }],
        [b, { beforeId: c }],
        [c, { afterId: b }],
        [c, {}],
      ];
      for (const [id, spot] of spots) expect(await move(id, spot)).toBeNull();
      expect(await read()).toEqual(before);
    });
  });

  test('comes after a last key of a machine whose clock is ahead', async () => {
    const ahead = positionAt(Date.now() + 3_600_000);
    const lists = await makeLists(['a0', ahead]);
    await lists.inTransaction(async (move) => {
      const key = (await move(at(lists.ids, 0), {})) ?? '';
      expect(key > ahead).toBe(true);
      expect(key.length).toBeLessThanOrEqual(longest);
    });
  });
});
