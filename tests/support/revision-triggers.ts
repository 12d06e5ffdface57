import { query } from './databases.ts';

/** Columns that are computed from others: nobody reads them. */
const derived = `array['due_key', 'search_text']`;

/**
 * Makes a database refuse to commit a change of records without a new revision of their user, so that every test also shows that
 * no change is missed. It applies to the server's connections alone, which a setting of theirs tells: what a test prepares by SQL
 * has no revisions.
 */
export async function requireRevisions(url: string): Promise<void> {
  await query(
    url,
    `
    create function require_revision(whose uuid, revision bigint) returns void language plpgsql as $$
    declare
      counter record;
    begin
      if current_setting('lock_timeout') <> '3s' then return; end if;
      if not exists (select from "user" where id = whose and purged_at is null) then return; end if;
      select c.revision, c.xmin = pg_current_xact_id()::xid as is_raised into counter from user_change c where user_id = whose;
      if counter.is_raised and counter.revision = revision then return; end if;
      raise exception 'A record has the revision %, but the counter of this change is at %.', revision, counter;
    end $$;

    create function check_record() returns trigger language plpgsql as $$
    begin
      if to_jsonb(new) - ${derived} <> to_jsonb(old) - ${derived} or old is null then
        perform require_revision(new.user_id, new.revision);
      end if;
      return null;
    end $$;

    create function check_removal() returns trigger language plpgsql as $$
    begin
      if current_setting('lock_timeout') = '3s'
          and exists (select from "user" where id = old.user_id and purged_at is null)
          and not exists (select from retired_id where user_id = old.user_id and id = old.id) then
        raise exception 'A record was removed, but its id is not retired.';
      end if;
      return null;
    end $$;

    create function check_label_link() returns trigger language plpgsql as $$
    declare
      link record := coalesce(new, old);
    begin
      -- Of an account that is removed, thousands go at once.
      if not exists (select from "user" where id = link.user_id and purged_at is null) then return null; end if;
      perform require_revision(link.user_id, task.revision) from task join label on label.user_id = task.user_id
        where task.user_id = link.user_id and task.id = link.task_id and label.id = link.label_id and label.purged_at is null;
      return null;
    end $$;

    create function check_user() returns trigger language plpgsql as $$
    begin
      if (new.email, new.email_verified, new.time_zone) <> (old.email, old.email_verified, old.time_zone) then
        perform require_revision(new.id, new.revision);
      end if;
      return null;
    end $$;

    create constraint trigger check_user after update on "user" deferrable initially deferred
      for each row execute function check_user();
    create constraint trigger check_link after insert or delete on task_label deferrable initially deferred
      for each row execute function check_label_link();
    ${['task', 'task_list', 'label']
      .map(
        (table) => `
        create constraint trigger check_record after insert or update on ${table} deferrable initially deferred
          for each row execute function check_record();
        create constraint trigger check_removal after delete on ${table} deferrable initially deferred
          for each row execute function check_removal();`,
      )
      .join('')}
    `,
  );
}
