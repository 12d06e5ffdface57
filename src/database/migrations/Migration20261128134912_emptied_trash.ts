import { Migration } from '@mikro-orm/migrations';

export class Migration20261128134912_emptied_trash extends Migration {

  override name = 'Migration20261128134912_emptied_trash';

  override up(): void | Promise<void> {
    this.addSql(`alter table "user" add "trash_emptied_at" timestamptz(3) null;`);
    this.addSql(`create index "user_with_emptied_trash" on "user" ("id") where "trash_emptied_at" is not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "user_with_emptied_trash";`);
    this.addSql(`alter table "user" drop column "trash_emptied_at";`);
  }

}
