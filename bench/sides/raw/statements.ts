/** The statements by hand, with numbered parameters; also what PostgreSQL is measured with alone. */

const columns =
  'id, title, description, completed_at is not null as completed, priority, created_at, updated_at, version';

const toggle = (value: string, condition: string): string =>
  `update task set completed_at = ${value}, version = version + 1, updated_at = now()
   where user_id = $1 and id = $2 and deleted_at is null and completed_at ${condition}
   returning ${columns}`;

/** A page of tasks with what belongs to each, as JSON: one way to the database, and no row of the page twice. */
const related = `select id, title, completed_at is not null as completed, created_at,
    (select json_build_object('id', list.id, 'name', list.name)
     from task_list list where list.user_id = task.user_id and list.id = task.list_id) as list,
    (select coalesce(json_agg(json_build_object('id', label.id, 'name', label.name, 'color', label.color)
       order by label.name_key), '[]')
     from task_label link join label on label.user_id = link.user_id and label.id = link.label_id
     where link.user_id = task.user_id and link.task_id = task.id) as labels,
    (select coalesce(json_agg(json_build_object('id', part.id, 'title', part.title,
       'completed', part.completed_at is not null) order by part.position), '[]')
     from (select * from task part where part.user_id = task.user_id and part.parent_id = task.id
       and part.deleted_at is null order by part.position limit 5) part) as subtasks
  from task where user_id = $1 and deleted_at is null
  order by created_at desc, id desc limit $2`;

export const statements = {
  viewer: `select u.id, u.email from session s join "user" u on u.id = s.user_id
           where s.user_id = $1 and s.id = $2 and s.expires_at > now()`,
  page: `select ${columns} from task where user_id = $1 and deleted_at is null
         order by created_at desc, id desc limit $2`,
  related,
  task: `select ${columns} from task where user_id = $1 and id = $2`,
  create: `insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 1, now(), now()) returning ${columns}`,
  complete: toggle('now()', 'is null'),
  reopen: toggle('null', 'is not null'),
} as const;
