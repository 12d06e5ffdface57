import { Migration } from '@mikro-orm/migrations';

export class Migration20261127043912_dues_of_a_new_zone extends Migration {

  override name = 'Migration20261127043912_dues_of_a_new_zone';

  override up(): void | Promise<void> {
    this.addSql(`alter table "user" add "due_keys_up_to" uuid null;`);
    this.addSql(`create index "user_with_old_due_keys" on "user" ("id") where "due_keys_up_to" is not null;`);

    this.addSql(`create index "task_zoned" on "task" ("user_id", "id") where "due_at" is not null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "task_zoned";`);

    this.addSql(`drop index "user_with_old_due_keys";`);
    this.addSql(`alter table "user" drop column "due_keys_up_to";`);
  }

}
