import { Migration } from '@mikro-orm/migrations';

export class Migration20261128100201_email_tokens extends Migration {

  override name = 'Migration20261128100201_email_tokens';

  override up(): void | Promise<void> {
    this.addSql(`create table "email_token" ("user_id" uuid not null, "id" uuid not null, "kind" text not null, "hash" text not null, "email" text not null, "expires_at" timestamptz(3) not null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "email_token" add constraint "email_token_hash_unique" unique ("hash");`);
    this.addSql(`create index "email_token_by_expiry" on "email_token" ("expires_at");`);

    this.addSql(`alter table "email_token" add constraint "email_token_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
    this.addSql(`alter table "email_token" add constraint "email_token_kind_check" check ("kind" in ('RESET_PASSWORD', 'VERIFY_EMAIL', 'CHANGE_EMAIL'));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "email_token" cascade;`);
  }

}
