import { Migration } from '@mikro-orm/migrations';

export class Migration20261121131940_lists_labels_places extends Migration {

  override name = 'Migration20261121131940_lists_labels_places';

  override up(): void | Promise<void> {
    this.addSql(`create table "task_list" ("user_id" uuid not null, "id" uuid not null, "name" text not null, "color" text null, "position" text collate "C" not null, "archived" boolean not null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "deleted_at" timestamptz(3) null, "input_hash" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "task_list" add constraint "task_list_id_unique" unique ("id");`);
    this.addSql(`create index "task_list_archived" on "task_list" ("user_id", "id") where "archived";`);
    this.addSql(`alter table "task_list" add constraint "task_list_place" unique ("user_id", "position");`);

    this.addSql(`alter table "purged_task" rename to "retired_id";`);
    this.addSql(`alter table "retired_id" add "kind" text not null default 'task';`);
    this.addSql(`alter table "retired_id" alter "kind" drop default;`);
    this.addSql(`alter table "retired_id" rename constraint "purged_task_pkey" to "retired_id_pkey";`);
    this.addSql(`alter table "retired_id" rename constraint "purged_task_id_unique" to "retired_id_id_unique";`);
    this.addSql(`alter table "retired_id" rename constraint "purged_task_user_id_foreign" to "retired_id_user_id_foreign";`);

    this.addSql(`create table "label" ("user_id" uuid not null, "id" uuid not null, "name" text not null, "name_key" text collate "C" not null, "color" text null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "input_hash" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "label" add constraint "label_id_unique" unique ("id");`);
    this.addSql(`alter table "label" add constraint "label_name_unique" unique ("user_id", "name_key");`);

    this.addSql(`create table "task_label" ("user_id" uuid not null, "task_id" uuid not null, "label_id" uuid not null, primary key ("user_id", "task_id", "label_id"));`);
    this.addSql(`create index "task_label_by_label" on "task_label" ("user_id", "label_id", "task_id");`);

    this.addSql(`alter table "task" add "list_id" uuid null, add "parent_id" uuid null, add "position" text collate "C" not null default '', add "trashed_with_list" boolean not null default false;`);
    // Places for the tasks that are there, in the order in which they were made, and before those of every new one: see positions.ts.
    this.addSql(`update "task" set "position" = 'f000000' || lpad(to_hex(placed.n), 11, '0') || 'V' from (select "id", row_number() over (partition by "user_id" order by "created_at", "id") as n from "task") placed where placed."id" = "task"."id";`);
    this.addSql(`alter table "task" alter "position" drop default;`);
    this.addSql(`alter table "task" add constraint "task_user_id_list_id_foreign" foreign key ("user_id", "list_id") references "task_list" ("user_id", "id") on update cascade on delete no action;`);
    this.addSql(`alter table "task" add constraint "task_user_id_parent_id_foreign" foreign key ("user_id", "parent_id") references "task" ("user_id", "id") on update cascade on delete no action;`);
    this.addSql(`create index "task_to_purge" on "task" ("deleted_at") where "deleted_at" is not null;`);
    this.addSql(`create index "task_trashed" on "task" ("user_id", "deleted_at") where "deleted_at" is not null;`);
    this.addSql(`create index "task_by_parent" on "task" ("user_id", "parent_id");`);
    this.addSql(`create unique index "task_place" on "task" ("user_id", "list_id", "parent_id", "position") nulls not distinct;`);

    this.addSql(`alter table "task_list" add constraint "task_list_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "label" add constraint "label_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "task_label" add constraint "task_label_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "task_label" add constraint "task_label_user_id_task_id_foreign" foreign key ("user_id", "task_id") references "task" ("user_id", "id") on update cascade on delete cascade;`);
    this.addSql(`alter table "task_label" add constraint "task_label_user_id_label_id_foreign" foreign key ("user_id", "label_id") references "label" ("user_id", "id") on update cascade on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "task" drop constraint "task_user_id_list_id_foreign";`);
    this.addSql(`alter table "task_label" drop constraint "task_label_user_id_label_id_foreign";`);

    this.addSql(`alter table "retired_id" drop column "kind";`);
    this.addSql(`alter table "retired_id" rename to "purged_task";`);
    this.addSql(`alter table "purged_task" rename constraint "retired_id_pkey" to "purged_task_pkey";`);
    this.addSql(`alter table "purged_task" rename constraint "retired_id_id_unique" to "purged_task_id_unique";`);
    this.addSql(`alter table "purged_task" rename constraint "retired_id_user_id_foreign" to "purged_task_user_id_foreign";`);

    this.addSql(`drop table if exists "task_list" cascade;`);
    this.addSql(`drop table if exists "label" cascade;`);
    this.addSql(`drop table if exists "task_label" cascade;`);

    this.addSql(`alter table "task" drop constraint "task_user_id_parent_id_foreign";`);

    this.addSql(`drop index "task_to_purge";`);
    this.addSql(`drop index "task_trashed";`);
    this.addSql(`drop index "task_by_parent";`);
    this.addSql(`drop index "task_place";`);
    this.addSql(`alter table "task" drop column "list_id", drop column "parent_id", drop column "position", drop column "trashed_with_list";`);
  }

}
