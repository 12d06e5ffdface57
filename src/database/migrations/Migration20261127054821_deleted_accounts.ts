import { Migration } from '@mikro-orm/migrations';

export class Migration20261127054821_deleted_accounts extends Migration {

  override name = 'Migration20261127054821_deleted_accounts';

  override up(): void | Promise<void> {
    this.addSql(`alter table "user" add "purged_at" timestamptz(3) null;`);
    this.addSql(`drop index "user_email_unique";`);
    this.addSql(`create unique index "user_email_unique" on "user" (lower("email" collate "C")) where "purged_at" is null;`);
    this.addSql(`create index "user_to_purge" on "user" ("purged_at") where "purged_at" is not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "task" using "user" where "user"."id" = "task"."user_id" and "user"."purged_at" is not null;`);
    this.addSql(`delete from "user" where "purged_at" is not null;`);
    this.addSql(`drop index "user_to_purge";`);
    this.addSql(`drop index "user_email_unique";`);
    this.addSql(`create unique index "user_email_unique" on "user" (lower("email" collate "C"));`);
    this.addSql(`alter table "user" drop column "purged_at";`);
  }

}
