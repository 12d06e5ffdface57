/** What versions before 0.2.0 applied one after another, and what the first migration now does at once. */
export const squashedMigrations: readonly string[] = [
  'Migration20261121090000_initial',
  'Migration20261121101355_exact_tasks',
  'Migration20261121131940_lists_labels_places',
  'Migration20261121134130_due_and_search',
  'Migration20261121152904_sessions',
  'Migration20261127042513_ids_of_one_user',
  'Migration20261127043912_dues_of_a_new_zone',
  'Migration20261127043920_undecided_tries',
  'Migration20261127044553_lists_and_labels_marked',
  'Migration20261127054821_deleted_accounts',
];
