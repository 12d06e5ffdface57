import { Migration } from '@mikro-orm/migrations';

export class Migration20261121090000_initial extends Migration {

  override name = 'Migration20261121090000_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table "user" ("id" uuid not null, "email" text not null, "password_hash" text not null, "created_at" timestamptz(3) not null, primary key ("id"));`);
    this.addSql(`create unique index "user_email_unique" on "user" (lower("email" collate "C"));`);

    this.addSql(`create table "task" ("user_id" uuid not null, "id" uuid not null, "title" text not null, "description" text not null, "priority" smallint not null, "completed_at" timestamptz(3) null, "version" int not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "deleted_at" timestamptz(3) null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "task" add constraint "task_id_unique" unique ("id");`);
    this.addSql(`create index "task_by_created_at" on "task" ("user_id", "created_at", "id") where "deleted_at" is null;`);

    this.addSql(`create table "session" ("user_id" uuid not null, "id" uuid not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "session" add constraint "session_id_unique" unique ("id");`);

    this.addSql(`alter table "task" add constraint "task_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);

    this.addSql(`alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
  }

}
