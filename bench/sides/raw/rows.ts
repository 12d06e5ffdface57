import { v7 as uuidv7 } from 'uuid';
import { query } from '../support/pool.ts';
import { encodeCursor, isoInstant, priorities } from '../support/tasks.ts';
import { serve } from './server.ts';
import { statements } from './statements.ts';

// The API by hand, at its best: no framework, no GraphQL, named statements, timestamps left as text. What a framework
// costs is seen beside it.

interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly completed: boolean;
  readonly priority: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
}

/** PostgreSQL's JSON comes parsed. */
interface RelatedRow extends Pick<TaskRow, 'id' | 'title' | 'completed' | 'created_at'> {
  readonly list: object | null;
  readonly labels: readonly object[];
  readonly subtasks: readonly object[];
}

serve({
  async page(userId, first) {
    const rows = await query<TaskRow>('page', statements.page, [userId, first + 1]);
    const nodes = rows.slice(0, first).map(present);
    const last = nodes.at(-1);
    const endCursor = last ? encodeCursor(last.createdAt, last.id) : null;
    return JSON.stringify({ nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } });
  },

  async related(userId, first) {
    const rows = await query<RelatedRow>('related', statements.related, [userId, first + 1]);
    const nodes = rows.slice(0, first).map(({ created_at, ...row }) => row);
    const last = rows[nodes.length - 1];
    const endCursor = last ? encodeCursor(isoInstant(last.created_at), last.id) : null;
    return JSON.stringify({ nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } });
  },

  task: findTask,

  async create(userId, { title, description, priority }) {
    const values = [userId, uuidv7(), title, description, priorities.indexOf(priority)];
    return first(await query<TaskRow>('create', statements.create, values));
  },

  async toggle(userId, id, isCompleted) {
    const name = isCompleted ? 'complete' : 'reopen';
    return first(await query<TaskRow>(name, statements[name], [userId, id])) ?? findTask(userId, id);
  },
});

async function findTask(userId: string, id: string): Promise<string | null> {
  return first(await query<TaskRow>('task', statements.task, [userId, id]));
}

const first = ([row]: TaskRow[]): string | null => (row ? JSON.stringify(present(row)) : null);

function present({ created_at, updated_at, priority, ...row }: TaskRow) {
  return {
    ...row,
    priority: priorities[priority],
    createdAt: isoInstant(created_at),
    updatedAt: isoInstant(updated_at),
  };
}
