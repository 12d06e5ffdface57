import { Migration } from '@mikro-orm/migrations';

export class Migration20261121101355_exact_tasks extends Migration {

  override name = 'Migration20261121101355_exact_tasks';

  override up(): void | Promise<void> {
    this.addSql(`create table "purged_task" ("user_id" uuid not null, "id" uuid not null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "purged_task" add constraint "purged_task_id_unique" unique ("id");`);

    this.addSql(`alter table "task" add "input_hash" text null;`);
    this.addSql(`create index "task_by_title" on "task" ("user_id", lower("title" collate "C"), "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_priority" on "task" ("user_id", "priority", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_updated_at" on "task" ("user_id", "updated_at", "id") where "deleted_at" is null;`);

    this.addSql(`alter table "purged_task" add constraint "purged_task_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "purged_task" cascade;`);

    this.addSql(`drop index "task_by_title";`);
    this.addSql(`drop index "task_by_priority";`);
    this.addSql(`drop index "task_by_updated_at";`);
    this.addSql(`alter table "task" drop column "input_hash";`);
  }

}
