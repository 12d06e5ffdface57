-- Row-level security as PostGraphile's guide has it: a role without rights of its own, policies that name the user, and
-- the mutations as functions.
do $$ begin create role todoql_bench nologin; exception when duplicate_object then null; end $$;
grant usage on schema public to todoql_bench;
grant select, insert, update on task to todoql_bench;
grant select on task_list, label, task_label to todoql_bench;

create or replace function viewer_id() returns uuid language sql stable as
  $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
comment on function viewer_id is '@behavior -*';

-- PostGraphile offers what it thinks an index serves; the partial index on (user_id, created_at, id) it does not see.
comment on column task.created_at is '@behavior +orderBy';
comment on column task.position is '@behavior +orderBy';
comment on column task.deleted_at is '@behavior +filterBy';

-- Ids are unique for each user, and the policy below names that one: PostGraphile may find a task by its id alone.
comment on table task is '@unique id';

alter table task enable row level security;
drop policy if exists own_tasks on task;
-- In a subquery, so that it is asked once for a statement and not for each row.
create policy own_tasks on task to todoql_bench using (user_id = (select viewer_id()));

alter table task_list enable row level security;
drop policy if exists own_lists on task_list;
create policy own_lists on task_list to todoql_bench using (user_id = (select viewer_id()));
alter table label enable row level security;
drop policy if exists own_labels on label;
create policy own_labels on label to todoql_bench using (user_id = (select viewer_id()));
alter table task_label enable row level security;
drop policy if exists own_links on task_label;
create policy own_links on task_label to todoql_bench using (user_id = (select viewer_id()));

-- What a task is marked with, as a field of it: through the table between, PostGraphile would not sort by name.
create or replace function task_labels(task task) returns setof label language sql stable as $$
  select label.* from task_label link join label on label.user_id = link.user_id and label.id = link.label_id
  where link.user_id = task.user_id and link.task_id = task.id order by label.name_key
$$;

create or replace function create_task(title text, description text, priority int) returns task language sql volatile as $$
  insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
  values (viewer_id(), uuidv7(), $1, $2, $3, 1, now(), now())
  returning *
$$;

create or replace function complete_task(id uuid) returns task language sql volatile as $$
  update task set completed_at = coalesce(completed_at, now()), version = version + 1, updated_at = now()
  where user_id = viewer_id() and task.id = $1 and deleted_at is null
  returning *
$$;

create or replace function reopen_task(id uuid) returns task language sql volatile as $$
  update task set completed_at = null, version = version + 1, updated_at = now()
  where user_id = viewer_id() and task.id = $1 and deleted_at is null
  returning *
$$;
