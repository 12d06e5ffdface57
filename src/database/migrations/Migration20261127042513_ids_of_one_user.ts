import { Migration } from '@mikro-orm/migrations';

export class Migration20261127042513_ids_of_one_user extends Migration {

  override name = 'Migration20261127042513_ids_of_one_user';

  override up(): void | Promise<void> {
    this.addSql(`alter table "task_list" drop constraint "task_list_id_unique";`);

    this.addSql(`alter table "task" drop constraint "task_id_unique";`);

    this.addSql(`alter table "session" drop constraint "session_id_unique";`);

    this.addSql(`alter table "security_event" drop constraint "security_event_id_unique";`);

    this.addSql(`alter table "retired_id" drop constraint "retired_id_id_unique";`);

    this.addSql(`alter table "label" drop constraint "label_id_unique";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "label" add constraint "label_id_unique" unique ("id");`);

    this.addSql(`alter table "retired_id" add constraint "retired_id_id_unique" unique ("id");`);

    this.addSql(`alter table "security_event" add constraint "security_event_id_unique" unique ("id");`);

    this.addSql(`alter table "session" add constraint "session_id_unique" unique ("id");`);

    this.addSql(`alter table "task" add constraint "task_id_unique" unique ("id");`);

    this.addSql(`alter table "task_list" add constraint "task_list_id_unique" unique ("id");`);
  }

}
