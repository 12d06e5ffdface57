import { Migration } from '@mikro-orm/migrations';

export class Migration20261127060000_initial extends Migration {

  override name = 'Migration20261127060000_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table "throttle" ("key" text collate "C" not null, "count" int not null, "undecided" int not null default 0, "decided_by" timestamptz(3) null, "ends_at" timestamptz(3) not null, primary key ("key"));`);
    this.addSql(`create index "throttle_by_end" on "throttle" ("ends_at");`);

    this.addSql(`create table "user" ("id" uuid not null, "email" text not null, "password_hash" text not null, "time_zone" text not null default 'UTC', "due_keys_up_to" uuid null, "created_at" timestamptz(3) not null, "purged_at" timestamptz(3) null, primary key ("id"));`);
    this.addSql(`create index "user_to_purge" on "user" ("purged_at") where "purged_at" is not null;`);
    this.addSql(`create index "user_with_old_due_keys" on "user" ("id") where "due_keys_up_to" is not null;`);
    this.addSql(`create unique index "user_email_unique" on "user" (lower("email" collate "C")) where "purged_at" is null;`);

    this.addSql(`create table "task_list" ("user_id" uuid not null, "id" uuid not null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "input_hash" text null, "purged_at" timestamptz(3) null, "name" text not null, "color" text null, "position" text collate "C" not null, "archived" boolean not null, "deleted_at" timestamptz(3) null, primary key ("user_id", "id"));`);
    this.addSql(`create index "task_list_to_purge" on "task_list" ("purged_at", "deleted_at") where "deleted_at" is not null;`);
    this.addSql(`create index "task_list_hidden" on "task_list" ("user_id", "id") where "archived" or "deleted_at" is not null;`);
    this.addSql(`alter table "task_list" add constraint "task_list_place" unique ("user_id", "position");`);

    this.addSql(`create table "task" ("user_id" uuid not null, "id" uuid not null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "input_hash" text null, "list_id" uuid null, "parent_id" uuid null, "position" text collate "C" not null, "title" text not null, "description" text not null, "priority" smallint not null, "due_date" date null, "due_time" time(0) null, "due_time_zone" text null, "due_at" timestamptz(3) null, "due_key" timestamp(3) null, "search_text" text not null default '', "completed_at" timestamptz(3) null, "deleted_at" timestamptz(3) null, primary key ("user_id", "id"));`);
    this.addSql(`create index "task_to_purge" on "task" ("deleted_at") where "deleted_at" is not null;`);
    this.addSql(`create index "task_trashed_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is not null;`);
    this.addSql(`create index "task_by_parent" on "task" ("user_id", "parent_id");`);
    this.addSql(`create unique index "task_place" on "task" ("user_id", "list_id", "parent_id", "position") nulls not distinct;`);
    this.addSql(`create index "task_search" on "task" using gin ("user_id", "search_text" gin_trgm_ops);`);
    this.addSql(`create index "task_subtask_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "parent_id" is not null;`);
    this.addSql(`create index "task_zoned" on "task" ("user_id", "id") where "due_at" is not null;`);
    this.addSql(`create index "task_dated" on "task" ("user_id", "due_key", "id") where "deleted_at" is null and "due_key" is not null;`);
    this.addSql(`create index "task_priority_newest" on "task" ("user_id", "priority", "created_at", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_list_newest" on "task" ("user_id", "list_id", "created_at", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_completed_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "completed_at" is not null;`);
    this.addSql(`create index "task_open_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "completed_at" is null;`);
    this.addSql(`create index "task_by_due_descending" on "task" ("user_id", coalesce("due_key", '-infinity'), "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_due" on "task" ("user_id", coalesce("due_key", 'infinity'), "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_title" on "task" ("user_id", lower("title" collate "C"), "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_priority" on "task" ("user_id", "priority", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_updated_at" on "task" ("user_id", "updated_at", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_created_at" on "task" ("user_id", "created_at", "id") where "deleted_at" is null;`);

    this.addSql(`create table "session" ("user_id" uuid not null, "id" uuid not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "user_agent" text null, "ip_address" text null, "family" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "session" add constraint "session_family_unique" unique ("family");`);

    this.addSql(`create table "security_event" ("user_id" uuid not null, "id" uuid not null, "kind" text not null, "at" timestamptz(3) not null, "ip_address" text null, "network" text null, "user_agent" text null, primary key ("user_id", "id"));`);
    this.addSql(`create index "security_event_known_network" on "security_event" ("user_id", "network", "at") where "kind" in ('LOGIN', 'SIGNUP');`);
    this.addSql(`create index "security_event_by_time" on "security_event" ("at");`);
    this.addSql(`create index "security_event_newest" on "security_event" ("user_id", "at", "id");`);
    this.addSql(`alter table "security_event" add constraint "security_event_kind_check" check ("kind" in ('SIGNUP', 'LOGIN', 'LOGIN_FAILED', 'REFRESH_REPLAYED', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_VERIFIED', 'SESSION_ENDED'));`);

    this.addSql(`create table "retired_id" ("user_id" uuid not null, "id" uuid not null, "kind" text not null, primary key ("user_id", "id"));`);

    this.addSql(`create table "refresh_token" ("user_id" uuid not null, "id" uuid not null, "session_id" uuid not null, "hash" text not null, "created_at" timestamptz(3) not null, "used_at" timestamptz(3) null, "used_by" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "refresh_token" add constraint "refresh_token_hash_unique" unique ("hash");`);
    this.addSql(`create index "refresh_token_of_session" on "refresh_token" ("user_id", "session_id");`);

    this.addSql(`create table "label" ("user_id" uuid not null, "id" uuid not null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "input_hash" text null, "purged_at" timestamptz(3) null, "name" text not null, "name_key" text collate "C" not null, "color" text null, primary key ("user_id", "id"));`);
    this.addSql(`create index "label_to_purge" on "label" ("purged_at") where "purged_at" is not null;`);
    this.addSql(`create unique index "label_name_unique" on "label" ("user_id", "name_key") where "purged_at" is null;`);

    this.addSql(`create table "task_label" ("user_id" uuid not null, "task_id" uuid not null, "label_id" uuid not null, "created_at" timestamptz(3) not null, primary key ("user_id", "task_id", "label_id"));`);
    this.addSql(`create index "task_label_newest" on "task_label" ("user_id", "label_id", "created_at", "task_id");`);

    this.addSql(`alter table "task_list" add constraint "task_list_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "task" add constraint "task_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
    this.addSql(`alter table "task" add constraint "task_user_id_list_id_foreign" foreign key ("user_id", "list_id") references "task_list" ("user_id", "id") on update cascade on delete no action;`);
    this.addSql(`alter table "task" add constraint "task_user_id_parent_id_foreign" foreign key ("user_id", "parent_id") references "task" ("user_id", "id") on update cascade on delete no action;`);

    this.addSql(`alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "security_event" add constraint "security_event_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "retired_id" add constraint "retired_id_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "refresh_token" add constraint "refresh_token_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
    this.addSql(`alter table "refresh_token" add constraint "refresh_token_user_id_session_id_foreign" foreign key ("user_id", "session_id") references "session" ("user_id", "id") on update cascade on delete cascade;`);

    this.addSql(`alter table "label" add constraint "label_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "task_label" add constraint "task_label_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "task_label" add constraint "task_label_user_id_task_id_foreign" foreign key ("user_id", "task_id") references "task" ("user_id", "id") on update cascade on delete cascade;`);
    this.addSql(`alter table "task_label" add constraint "task_label_user_id_label_id_foreign" foreign key ("user_id", "label_id") references "label" ("user_id", "id") on update cascade on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table "task_label" cascade;`);
    this.addSql(`drop table "label" cascade;`);
    this.addSql(`drop table "refresh_token" cascade;`);
    this.addSql(`drop table "retired_id" cascade;`);
    this.addSql(`drop table "security_event" cascade;`);
    this.addSql(`drop table "session" cascade;`);
    this.addSql(`drop table "task" cascade;`);
    this.addSql(`drop table "task_list" cascade;`);
    this.addSql(`drop table "user" cascade;`);
    this.addSql(`drop table "throttle" cascade;`);
  }

}
