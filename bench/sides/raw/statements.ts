/** The statements by hand, with numbered parameters; also what PostgreSQL is measured with alone. */

const columns =
  'id, title, description, completed_at is not null as completed, priority, created_at, updated_at, version';

const toggle = (value: string, condition: string): string =>
  `update task set completed_at = ${value}, version = version + 1, updated_at = now()
   where user_id = $1 and id = $2 and deleted_at is null and completed_at ${condition}
   returning ${columns}`;

export const statements = {
  viewer: `select u.id, u.email from session s join "user" u on u.id = s.user_id
           where s.user_id = $1 and s.id = $2 and s.expires_at > now()`,
  page: `select ${columns} from task where user_id = $1 and deleted_at is null
         order by created_at desc, id desc limit $2`,
  task: `select ${columns} from task where user_id = $1 and id = $2`,
  create: `insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
           values ($1, $2, $3, $4, $5, 1, now(), now()) returning ${columns}`,
  complete: toggle('now()', 'is null'),
  reopen: toggle('null', 'is not null'),
} as const;
