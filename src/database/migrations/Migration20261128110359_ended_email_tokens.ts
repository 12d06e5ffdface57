import { Migration } from '@mikro-orm/migrations';

export class Migration20261128110359_ended_email_tokens extends Migration {

  override name = 'Migration20261128110359_ended_email_tokens';

  override up(): void | Promise<void> {
    this.addSql(`alter table "user" add "email_tokens_ended_at" timestamptz(3) null;`);

    this.addSql(`alter table "email_token" add "ended_at" timestamptz(3) null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "email_token" drop column "ended_at";`);

    this.addSql(`alter table "user" drop column "email_tokens_ended_at";`);
  }

}
