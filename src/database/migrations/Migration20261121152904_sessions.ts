import { Migration } from '@mikro-orm/migrations';

export class Migration20261121152904_sessions extends Migration {

  override name = 'Migration20261121152904_sessions';

  override up(): void | Promise<void> {
    this.addSql(`create table "throttle" ("key" text collate "C" not null, "count" int not null, "ends_at" timestamptz(3) not null, primary key ("key"));`);
    this.addSql(`create index "throttle_by_end" on "throttle" ("ends_at");`);

    this.addSql(`create table "security_event" ("user_id" uuid not null, "id" uuid not null, "kind" text not null, "at" timestamptz(3) not null, "ip_address" text null, "network" text null, "user_agent" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "security_event" add constraint "security_event_id_unique" unique ("id");`);
    this.addSql(`create index "security_event_known_network" on "security_event" ("user_id", "network", "at") where "kind" in ('LOGIN', 'SIGNUP');`);
    this.addSql(`create index "security_event_by_time" on "security_event" ("at");`);
    this.addSql(`create index "security_event_newest" on "security_event" ("user_id", "at", "id");`);

    this.addSql(`create table "refresh_token" ("user_id" uuid not null, "id" uuid not null, "session_id" uuid not null, "hash" text not null, "created_at" timestamptz(3) not null, "used_at" timestamptz(3) null, "used_by" text null, primary key ("user_id", "id"));`);
    this.addSql(`alter table "refresh_token" add constraint "refresh_token_hash_unique" unique ("hash");`);
    this.addSql(`create index "refresh_token_of_session" on "refresh_token" ("user_id", "session_id");`);

    this.addSql(`alter table "session" add "last_used_at" timestamptz(3) null, add "user_agent" text null, add "ip_address" text null, add "family" text null;`);
    this.addSql(`alter table "session" add constraint "session_family_unique" unique ("family");`);
    // Nobody knows when it was; the next request does.
    this.addSql(`update "session" set "last_used_at" = "created_at";`);
    this.addSql(`alter table "session" alter "last_used_at" set not null;`);

    this.addSql(`alter table "security_event" add constraint "security_event_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
    this.addSql(`alter table "security_event" add constraint "security_event_kind_check" check ("kind" in ('SIGNUP', 'LOGIN', 'LOGIN_FAILED', 'REFRESH_REPLAYED', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_VERIFIED', 'SESSION_ENDED'));`);

    this.addSql(`alter table "refresh_token" add constraint "refresh_token_user_id_foreign" foreign key ("user_id") references "user" ("id") on delete cascade;`);
    this.addSql(`alter table "refresh_token" add constraint "refresh_token_user_id_session_id_foreign" foreign key ("user_id", "session_id") references "session" ("user_id", "id") on update cascade on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "throttle" cascade;`);
    this.addSql(`drop table if exists "security_event" cascade;`);
    this.addSql(`drop table if exists "refresh_token" cascade;`);

    this.addSql(`alter table "session" drop column "last_used_at", drop column "user_agent", drop column "ip_address", drop column "family";`);
  }

}
