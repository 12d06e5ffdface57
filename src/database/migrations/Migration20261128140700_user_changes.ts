import { Migration } from '@mikro-orm/migrations';

export class Migration20261128140700_user_changes extends Migration {

  override name = 'Migration20261128140700_user_changes';

  // Its indexes are built without blocking writers: see concurrent-indexes.ts.
  override up(): void | Promise<void> {
    this.addSql(`create table "change_epoch" ("id" smallint not null, "epoch" uuid not null, primary key ("id"));`);
    this.addSql(`insert into "change_epoch" values (1, gen_random_uuid());`);

    this.addSql(`create table "user_change" ("user_id" uuid not null, "revision" bigint not null, primary key ("user_id"));`);

    this.addSql(`alter table "user" add "revision" bigint not null default '0';`);

    this.addSql(`alter table "task_list" add "revision" bigint not null default '0';`);

    this.addSql(`alter table "task" add "revision" bigint not null default '0';`);

    this.addSql(`alter table "retired_id" add "revision" bigint null;`);

    this.addSql(`alter table "label" add "revision" bigint not null default '0';`);

    this.addSql(`alter table "user_change" add constraint "user_change_user_id_foreign" foreign key ("user_id") references "user" ("id") on update cascade on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "change_epoch" cascade;`);
    this.addSql(`drop table if exists "user_change" cascade;`);

    this.addSql(`alter table "label" drop column "revision";`);

    this.addSql(`alter table "retired_id" drop column "revision";`);

    this.addSql(`alter table "task" drop column "revision";`);

    this.addSql(`alter table "task_list" drop column "revision";`);

    this.addSql(`alter table "user" drop column "revision";`);
  }

}
