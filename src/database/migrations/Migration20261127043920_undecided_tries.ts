import { Migration } from '@mikro-orm/migrations';

export class Migration20261127043920_undecided_tries extends Migration {

  override name = 'Migration20261127043920_undecided_tries';

  override up(): void | Promise<void> {
    this.addSql(`alter table "throttle" add "undecided" int not null default 0, add "decided_by" timestamptz(3) null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "throttle" drop column "undecided", drop column "decided_by";`);
  }

}
