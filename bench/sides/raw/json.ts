import { v7 as uuidv7 } from 'uuid';
import { query } from '../support/pool.ts';
import { priorities } from '../support/tasks.ts';
import { serve } from './server.ts';
import { statements } from './statements.ts';

// The same by hand, with PostgreSQL building the JSON: the process only passes it on.

const iso = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const json = `json_build_object('id', id, 'title', title, 'description', description,
  'completed', completed_at is not null, 'priority', ('{${priorities.join(',')}}'::text[])[priority + 1],
  'createdAt', ${iso('created_at')}, 'updatedAt', ${iso('updated_at')}, 'version', version)::text as json`;

// Made as text: json_agg over json values would parse each of them again.
const pageJson = `'{"nodes":[' || coalesce(string_agg(json, ',') filter (where place <= $2), '')
  || '],"pageInfo":{"hasNextPage":' || (count(*) > $2)::text
  || ',"endCursor":' || coalesce('"' || (array_agg(id))[least(count(*), $2)]::text || '"', 'null') || '}}'`;

const relatedJson = `json_build_object('id', id, 'title', title, 'completed', completed, 'list', list,
  'labels', labels, 'subtasks', subtasks)::text as json`;

serve({
  async page(userId, first) {
    const text = await jsonOf(
      'page',
      `select ${pageJson} as json from (
         select id, row_number() over () as place, ${json} from (
           select * from task where user_id = $1 and deleted_at is null
           order by created_at desc, id desc limit $2 + 1) newest) page`,
      [userId, first],
    );
    return text ?? '';
  },

  async related(userId, first) {
    const text = await jsonOf(
      'related',
      `select ${pageJson} as json from (
         select id, row_number() over () as place, ${relatedJson} from (
           ${statements.related.replace('$2', '$2 + 1')}) newest) page`,
      [userId, first],
    );
    return text ?? '';
  },

  task: findTask,

  create(userId, { title, description, priority }) {
    return jsonOf(
      'create',
      `insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
       values ($1, $2, $3, $4, $5, 1, now(), now()) returning ${json}`,
      [userId, uuidv7(), title, description, priorities.indexOf(priority)],
    );
  },

  async toggle(userId, id, isCompleted) {
    const changed = await jsonOf(
      isCompleted ? 'complete' : 'reopen',
      `update task set completed_at = ${isCompleted ? 'now()' : 'null'}, version = version + 1, updated_at = now()
       where user_id = $1 and id = $2 and deleted_at is null and completed_at is ${isCompleted ? '' : 'not'} null
       returning ${json}`,
      [userId, id],
    );
    return changed ?? findTask(userId, id);
  },
});

function findTask(userId: string, id: string): Promise<string | null> {
  return jsonOf('task', `select ${json} from task where user_id = $1 and id = $2`, [userId, id]);
}

async function jsonOf(name: string, text: string, values: unknown[]): Promise<string | null> {
  const [row] = await query<{ json: string }>(name, text, values);
  return row?.json ?? null;
}
