import { Migration20261127060000_initial } from './migrations/Migration20261127060000_initial.ts';
import { Migration20261128054836_disabled_users } from './migrations/Migration20261128054836_disabled_users.ts';
import { Migration20261128093627_refused_log_ins } from './migrations/Migration20261128093627_refused_log_ins.ts';
import { Migration20261128100201_email_tokens } from './migrations/Migration20261128100201_email_tokens.ts';
import { Migration20261128100934_email_verified } from './migrations/Migration20261128100934_email_verified.ts';
import { Migration20261128102002_email_changes } from './migrations/Migration20261128102002_email_changes.ts';
import { Migration20261128110359_ended_email_tokens } from './migrations/Migration20261128110359_ended_email_tokens.ts';
import { Migration20261128134912_emptied_trash } from './migrations/Migration20261128134912_emptied_trash.ts';
import { Migration20261128140700_user_changes } from './migrations/Migration20261128140700_user_changes.ts';

/** Every migration, oldest first. Listed, not searched for: a file that a build left behind must not run. */
// biome-ignore format: one a line, as migration:create adds them
export const migrations = [
  Migration20261127060000_initial,
  Migration20261128054836_disabled_users,
  Migration20261128093627_refused_log_ins,
  Migration20261128100201_email_tokens,
  Migration20261128100934_email_verified,
  Migration20261128102002_email_changes,
  Migration20261128110359_ended_email_tokens,
  Migration20261128134912_emptied_trash,
  Migration20261128140700_user_changes,
];
