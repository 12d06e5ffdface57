import type { Client } from './client.ts';

const page = `query ($after: String, $first: Int) { changes(after: $after, first: $first) {
  changes { kind id typeName record { __typename id
    ... on Task { title completed version position deletedAt list { id } parent { id } labels { id } }
    ... on TaskList { name archived version position deletedAt }
    ... on Label { name color version }
    ... on User { timeZone emailVerified } } }
  cursor hasMore } }`;

/** A record of a copy, reduced to what can be compared. */
export interface CopiedRecord {
  readonly type: string;
  readonly list?: string | null;
  readonly parent?: string | null;
  readonly labels?: readonly string[];
  readonly [field: string]: unknown;
}

/** A client that keeps a copy of everything a user has, by nothing but pages of changes. */
export class LocalCopy {
  readonly records = new Map<string, CopiedRecord>();
  cursor: string | null = null;

  constructor(private readonly random: () => number) {}

  /** Applies pages of random sizes until there is no more. @returns how many changes there were */
  async sync(user: Client): Promise<number> {
    for (let count = 0; ; ) {
      const first = 1 + Math.floor(this.random() * 20);
      const { changes } = (await user.run(page, { after: this.cursor, first })).data;
      for (const change of changes.changes) this.#apply(change);
      this.cursor = changes.cursor;
      count += changes.changes.length;
      if (!changes.hasMore) return count;
    }
  }

  #apply({ kind, id, typeName, record }: { kind: string; id: string; typeName: string; record: Saved | null }): void {
    if (kind === 'REMOVED' || record === null) {
      this.#remove(id, typeName);
      return;
    }
    const { __typename: type, list, parent, labels, ...fields } = record;
    const references =
      type === 'Task' ? { list: list?.id ?? null, parent: parent?.id ?? null, labels: idsOf(labels) } : {};
    this.records.set(id, { ...fields, type, ...references });
  }

  /**
   * A label is gone from every task, a list takes along the tasks that are in it now. What is below a task has changes of its own:
   * following references further would remove subtasks of a task that was moved out, as a later change says.
   */
  #remove(id: string, type: string): void {
    this.records.delete(id);
    for (const [other, record] of this.records) {
      if (type === 'Label' && record.labels?.includes(id)) {
        this.records.set(other, { ...record, labels: record.labels.filter((label) => label !== id) });
      }
      if (record.list === id) this.records.delete(other);
    }
  }
}

interface Saved {
  readonly __typename: string;
  readonly list?: { readonly id: string } | null;
  readonly parent?: { readonly id: string } | null;
  readonly labels?: readonly { readonly id: string }[];
  readonly [field: string]: unknown;
}

function idsOf(records: readonly { readonly id: string }[] = []): string[] {
  return records.map(({ id }) => id).sort();
}

type Sql = (text: string, values: unknown[]) => Promise<Record<string, unknown>[]>;

/** What the database has of a user, read without `changes`, in the shape of a copy. */
export async function everythingOf(sql: Sql, userId: string): Promise<Map<string, CopiedRecord>> {
  const [users, lists, labels, tasks] = await Promise.all([
    sql(
      `select id, 'User' as type, time_zone as "timeZone", email_verified as "emailVerified" from "user" where id = $1`,
      [userId],
    ),
    sql(
      `select id, 'TaskList' as type, name, archived, version, position, deleted_at as "deletedAt" from task_list
       where user_id = $1 and purged_at is null`,
      [userId],
    ),
    sql(`select id, 'Label' as type, name, color, version from label where user_id = $1 and purged_at is null`, [
      userId,
    ]),
    sql(
      `select task.id, 'Task' as type, title, completed_at is not null as completed, version, position, deleted_at as "deletedAt",
         list_id as list, parent_id as parent, array(select label_id from task_label join label on label.user_id = $1
           and label.id = label_id where task_label.user_id = $1 and task_id = task.id and label.purged_at is null order by 1) as labels
       from task join "user" on "user".id = user_id
       where user_id = $1 and (task.deleted_at is null or task.deleted_at > coalesce(trash_emptied_at, '-infinity'))
         and not exists (select from task_list l where l.user_id = $1 and l.id = list_id and l.purged_at is not null)`,
      [userId],
    ),
  ]);
  const rows = [...users, ...lists, ...labels, ...tasks];
  return new Map(rows.map((row) => [String(row.id), JSON.parse(JSON.stringify(row)) as CopiedRecord]));
}
