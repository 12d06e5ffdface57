import { Migration } from '@mikro-orm/migrations';

export class Migration20261128100934_email_verified extends Migration {

  override name = 'Migration20261128100934_email_verified';

  override up(): void | Promise<void> {
    this.addSql(`alter table "user" add "email_verified" boolean not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "user" drop column "email_verified";`);
  }

}
