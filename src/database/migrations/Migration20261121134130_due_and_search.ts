import { Migration } from '@mikro-orm/migrations';

export class Migration20261121134130_due_and_search extends Migration {

  override name = 'Migration20261121134130_due_and_search';

  override async up(): Promise<void> {
    // Trigrams, and an owner's id beside them in one index. Trusted extensions: who owns the database may add them.
    await this.execute(`create extension if not exists pg_trgm;`);
    await this.execute(`create extension if not exists btree_gin;`);
    await this.execute(`alter table "user" add "time_zone" text not null default 'UTC';`);

    await this.execute(`alter table "task" add "due_date" date null, add "due_time" time(0) null, add "due_time_zone" text null, add "due_at" timestamptz(3) null, add "due_key" timestamp(3) null, add "search_text" text not null default '';`);
    await this.fillSearchText();
    await this.execute(`alter table "task_label" add "created_at" timestamptz(3);`);
    await this.execute(
      `update task_label link set created_at = task.created_at from task where task.user_id = link.user_id and task.id = link.task_id;`,
    );
    this.addSql(`alter table "task_label" alter "created_at" set not null;`);
    this.addSql(`drop index "task_label_by_label";`);
    this.addSql(`create index "task_label_newest" on "task_label" ("user_id", "label_id", "created_at", "task_id");`);
    this.addSql(`create index "task_dated" on "task" ("user_id", "due_key", "id") where "deleted_at" is null and "due_key" is not null;`);
    this.addSql(`drop index "task_trashed";`);
    this.addSql(`create index "task_trashed_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is not null;`);
    this.addSql(`create index "task_search" on "task" using gin ("user_id", "search_text" gin_trgm_ops);`);
    this.addSql(`create index "task_subtask_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "parent_id" is not null;`);
    this.addSql(`create index "task_priority_newest" on "task" ("user_id", "priority", "created_at", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_list_newest" on "task" ("user_id", "list_id", "created_at", "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_completed_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "completed_at" is not null;`);
    this.addSql(`create index "task_open_newest" on "task" ("user_id", "created_at", "id") where "deleted_at" is null and "completed_at" is null;`);
    this.addSql(`create index "task_by_due_descending" on "task" ("user_id", coalesce("due_key", '-infinity'), "id") where "deleted_at" is null;`);
    this.addSql(`create index "task_by_due" on "task" ("user_id", coalesce("due_key", 'infinity'), "id") where "deleted_at" is null;`);
  }

  /** PostgreSQL cannot fold texts as the program does. Of a million tasks this takes some minutes. */
  private async fillSearchText(): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const tasks = (await this.execute(
        `select id, title, description from task where id > '${after}' order by id limit 1000;`,
      )) as { id: string; title: string; description: string }[];
      const last = tasks.at(-1);
      if (!last) return;
      after = last.id;
      const texts = tasks.map(({ id, title, description }) => ({ id, text: fold(`${title}\n${description}`) }));
      await this.execute(
        `update task set search_text = filled.text from json_to_recordset(?::json) as filled(id uuid, text text) where task.id = filled.id;`,
        [JSON.stringify(texts)],
      );
    }
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "task_label_newest";`);
    this.addSql(`create index "task_label_by_label" on "task_label" ("user_id", "label_id", "task_id");`);
    this.addSql(`alter table "task_label" drop column "created_at";`);
    this.addSql(`drop index "task_dated";`);
    this.addSql(`create index "task_trashed" on "task" ("user_id", "deleted_at") where "deleted_at" is not null;`);
    this.addSql(`drop index "task_trashed_newest";`);
    this.addSql(`drop index "task_search";`);
    this.addSql(`drop index "task_subtask_newest";`);
    this.addSql(`drop index "task_priority_newest";`);
    this.addSql(`drop index "task_list_newest";`);
    this.addSql(`drop index "task_completed_newest";`);
    this.addSql(`drop index "task_open_newest";`);
    this.addSql(`drop index "task_by_due_descending";`);
    this.addSql(`drop index "task_by_due";`);
    this.addSql(`alter table "task" drop column "due_date", drop column "due_time", drop column "due_time_zone", drop column "due_at", drop column "due_key", drop column "search_text";`);

    this.addSql(`alter table "user" drop column "time_zone";`);
  }

}

/** As search-text.ts was when this was written: what a migration does must not change with the program. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu, '$1')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u2044/g, '/')
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .replace(/[\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþħŧıς]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFKC');
}

const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ŧ: 't', ı: 'i', ς: 'σ',
};
