import { Migration20261121090000_initial } from './migrations/Migration20261121090000_initial.ts';
import { Migration20261121101355_exact_tasks } from './migrations/Migration20261121101355_exact_tasks.ts';
import { Migration20261121131940_lists_labels_places } from './migrations/Migration20261121131940_lists_labels_places.ts';
import { Migration20261121134130_due_and_search } from './migrations/Migration20261121134130_due_and_search.ts';
import { Migration20261121152904_sessions } from './migrations/Migration20261121152904_sessions.ts';
import { Migration20261127042513_ids_of_one_user } from './migrations/Migration20261127042513_ids_of_one_user.ts';
import { Migration20261127043912_dues_of_a_new_zone } from './migrations/Migration20261127043912_dues_of_a_new_zone.ts';
import { Migration20261127043920_undecided_tries } from './migrations/Migration20261127043920_undecided_tries.ts';
import { Migration20261127044553_lists_and_labels_marked } from './migrations/Migration20261127044553_lists_and_labels_marked.ts';
import { Migration20261127054821_deleted_accounts } from './migrations/Migration20261127054821_deleted_accounts.ts';
import { Migration20261128054836_disabled_users } from './migrations/Migration20261128054836_disabled_users.ts';

/** Every migration, oldest first. Listed, not searched for: a file that a build left behind must not run. */
export const migrations = [
  Migration20261121090000_initial,
  Migration20261121101355_exact_tasks,
  Migration20261121131940_lists_labels_places,
  Migration20261121134130_due_and_search,
  Migration20261121152904_sessions,
  Migration20261127042513_ids_of_one_user,
  Migration20261127043912_dues_of_a_new_zone,
  Migration20261127043920_undecided_tries,
  Migration20261127044553_lists_and_labels_marked,
  Migration20261127054821_deleted_accounts,
  Migration20261128054836_disabled_users,
];
