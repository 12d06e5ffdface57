import { v7 as uuidv7 } from 'uuid';
import { find } from './errors.ts';
import { type connect, TodoqlError } from './fetch.ts';
import {
  CreateTaskDocument,
  type TaskRowFragment,
  TasksDocument,
  type TasksQuery,
  UpdateTaskDocument,
} from './generated/graphql.ts';

type Run = ReturnType<typeof connect>;

/** Yields all tasks, reading page after page. */
export async function* allTasks(run: Run, first: number): AsyncGenerator<TaskRowFragment> {
  let after: string | null = null;
  do {
    const { tasks }: TasksQuery = await run(TasksDocument, { first, after });
    for (const { node } of tasks?.edges ?? []) yield node;
    after = tasks?.pageInfo.hasNextPage ? tasks.pageInfo.endCursor : null;
  } while (after);
}

/** Retries once after a network failure. Safe, because the id is generated here, once. */
export async function createTask(run: Run, title: string) {
  const input = { id: uuidv7(), title };
  const send = () => run(CreateTaskDocument, { input });
  return send().catch((error: unknown) => {
    if (error instanceof TodoqlError) throw error;
    return send();
  });
}

/** If the task was changed in the meantime, the new title wins; an app may show both instead, and ask. */
export async function rename(run: Run, { id, version }: TaskRowFragment, title: string) {
  const send = (expectedVersion: number) => run(UpdateTaskDocument, { input: { id, title, expectedVersion } });
  return send(version).catch((error: unknown) => {
    const stale = error instanceof TodoqlError ? find(error.errors, 'STALE_VERSION') : undefined;
    if (stale?.currentVersion === undefined) throw error;
    return send(stale.currentVersion);
  });
}
