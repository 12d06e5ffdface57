import { Migration } from '@mikro-orm/migrations';

export class Migration20261127044553_lists_and_labels_marked extends Migration {

  override name = 'Migration20261127044553_lists_and_labels_marked';

  override up(): void | Promise<void> {
    this.addSql(`drop index "task_list_archived";`);
    this.addSql(`alter table "task_list" add "purged_at" timestamptz(3) null;`);
    this.addSql(`create index "task_list_to_purge" on "task_list" ("purged_at", "deleted_at") where "deleted_at" is not null;`);
    this.addSql(`create index "task_list_hidden" on "task_list" ("user_id", "id") where "archived" or "deleted_at" is not null;`);

    // What went to the trash with its list is there because that is.
    this.addSql(`update "task" set "deleted_at" = null where "trashed_with_list";`);
    this.addSql(`alter table "task" drop column "trashed_with_list";`);

    this.addSql(`alter table "label" add "purged_at" timestamptz(3) null;`);
    this.addSql(`alter table "label" drop constraint "label_name_unique";`);
    this.addSql(`create unique index "label_name_unique" on "label" ("user_id", "name_key") where "purged_at" is null;`);
    this.addSql(`create index "label_to_purge" on "label" ("purged_at") where "purged_at" is not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "label" where "purged_at" is not null;`);
    this.addSql(`drop index "label_to_purge";`);
    this.addSql(`drop index "label_name_unique";`);
    this.addSql(`alter table "label" add constraint "label_name_unique" unique ("user_id", "name_key");`);
    this.addSql(`alter table "label" drop column "purged_at";`);

    this.addSql(`alter table "task" add "trashed_with_list" boolean not null default false;`);
    this.addSql(`update "task" set "deleted_at" = "list"."deleted_at", "trashed_with_list" = true from "task_list" "list"
      where "list"."user_id" = "task"."user_id" and "list"."id" = "task"."list_id" and "list"."deleted_at" is not null and "task"."deleted_at" is null;`);

    this.addSql(`drop index "task_list_to_purge";`);
    this.addSql(`drop index "task_list_hidden";`);
    this.addSql(`alter table "task_list" drop column "purged_at";`);
    this.addSql(`create index "task_list_archived" on "task_list" ("user_id", "id") where "archived";`);
  }

}
