import { Migration } from '@mikro-orm/migrations';

export class Migration20261128102002_email_changes extends Migration {

  override name = 'Migration20261128102002_email_changes';

  override up(): void | Promise<void> {
    this.addSql(`alter table "security_event" drop constraint "security_event_kind_check";`);
    this.addSql(`alter table "security_event" add constraint "security_event_kind_check" check ("kind" in ('SIGNUP', 'LOGIN', 'LOGIN_FAILED', 'LOGIN_REFUSED', 'REFRESH_REPLAYED', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_VERIFIED', 'EMAIL_CHANGE_REQUESTED', 'EMAIL_CHANGED', 'SESSION_ENDED', 'ACCOUNT_DISABLED', 'ACCOUNT_ENABLED', 'SESSIONS_ENDED_BY_OPERATOR', 'PASSWORD_SET_BY_OPERATOR'));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "security_event" where "kind" in ('EMAIL_CHANGE_REQUESTED', 'EMAIL_CHANGED');`);
    this.addSql(`alter table "security_event" drop constraint "security_event_kind_check";`);
    this.addSql(`alter table "security_event" add constraint "security_event_kind_check" check ("kind" in ('SIGNUP', 'LOGIN', 'LOGIN_FAILED', 'LOGIN_REFUSED', 'REFRESH_REPLAYED', 'PASSWORD_CHANGED', 'PASSWORD_RESET', 'EMAIL_VERIFIED', 'SESSION_ENDED', 'ACCOUNT_DISABLED', 'ACCOUNT_ENABLED', 'SESSIONS_ENDED_BY_OPERATOR', 'PASSWORD_SET_BY_OPERATOR'));`);
  }

}
