import type { Step } from '../operations.ts';
import { type CanonicalTask, type Dialect, type RelatedTask, writtenTask } from './dialect.ts';

const fields = 'rowId title description completedAt priority createdAt updatedAt version';

const documents: Readonly<Partial<Record<Step['kind'], string>>> = {
  page: `query Page($first: Int!) {
    allTasks(first: $first, condition: { deletedAt: null }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      nodes { ${fields} } pageInfo { hasNextPage endCursor }
    }
  }`,
  related: `query Related($first: Int!) {
    allTasks(first: $first, condition: { deletedAt: null }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      nodes {
        rowId title completedAt
        taskListByUserIdAndListId { rowId name }
        labels { nodes { rowId name color } }
        tasksByUserIdAndParentId(first: 5, condition: { deletedAt: null }, orderBy: [POSITION_ASC]) {
          nodes { rowId title completedAt }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  task: `query Task($id: UUID!) { taskByRowId(rowId: $id) { ${fields} } }`,
  create: `mutation Create($input: CreateTaskInput!) { createTask(input: $input) { result { ${fields} } } }`,
  complete: `mutation Complete($input: CompleteTaskInput!) { completeTask(input: $input) { result { ${fields} } } }`,
  reopen: `mutation Reopen($input: ReopenTaskInput!) { reopenTask(input: $input) { result { ${fields} } } }`,
  login: 'mutation Login($input: LoginInput!) { login(input: $input) { accessToken user { id email } } }',
};

/** The schema that PostGraphile derives from the tables: the same eight columns under other names. */
export const postgraphile: Dialect = {
  call(step) {
    return { method: 'POST', path: '/graphql', body: { query: documents[step.kind], variables: variablesOf(step) } };
  },
  read(step, { status, body }) {
    const { data, errors } = body as Response;
    if (status !== 200 || errors || !data) return null;
    const { allTasks, taskByRowId, login } = data;
    if (login) return { user: login.user, hasToken: login.accessToken.length > 100 };
    if (allTasks) {
      const { hasNextPage, endCursor } = allTasks.pageInfo;
      const present: (row: Row) => object = step.kind === 'related' ? relatedOf : taskOf;
      return { tasks: allTasks.nodes.map(present), hasNextPage, hasEndCursor: Boolean(endCursor) };
    }
    const payload = data[`${step.kind}Task`];
    if (payload?.result) return writtenTask(step, taskOf(payload.result));
    return taskByRowId ? taskOf(taskByRowId) : null;
  },
};

interface Row {
  readonly rowId: string;
  readonly title: string;
  readonly description: string;
  readonly completedAt: string | null;
  readonly priority: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
  readonly taskListByUserIdAndListId: Named | null;
  readonly labels: { readonly nodes: readonly (Named & { readonly color: string | null })[] };
  readonly tasksByUserIdAndParentId: { readonly nodes: readonly Row[] };
}

interface Named {
  readonly rowId: string;
  readonly name: string;
}

interface Response {
  readonly data?: {
    readonly [mutation: `${string}Task`]: { readonly result: Row | null } | null;
    readonly allTasks?: {
      readonly nodes: readonly Row[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
    readonly taskByRowId?: Row | null;
    readonly login?: { readonly accessToken: string; readonly user: object };
  } | null;
  readonly errors?: readonly unknown[];
}

const priorities = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'];

function taskOf({ rowId, completedAt, priority, createdAt, updatedAt, ...row }: Row): CanonicalTask {
  return {
    ...row,
    id: rowId,
    completed: completedAt !== null,
    priority: priorities[priority] ?? '',
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

function relatedOf(row: Row): RelatedTask {
  const list = row.taskListByUserIdAndListId;
  return {
    ...partOf(row),
    list: list && { id: list.rowId, name: list.name },
    labels: row.labels.nodes.map(({ rowId, name, color }) => ({ id: rowId, name, color })),
    subtasks: row.tasksByUserIdAndParentId.nodes.map(partOf),
  };
}

function partOf({ rowId, title, completedAt }: Row): RelatedTask['subtasks'][number] {
  return { id: rowId, title, completed: completedAt !== null };
}

function variablesOf(step: Step): object {
  switch (step.kind) {
    case 'page':
    case 'labels':
      return { first: 50 };
    case 'related':
      return { first: 20 };
    case 'task':
      return { id: step.id };
    case 'create':
      return { input: { title: step.title, description: step.description, priority: 2 } };
    case 'login':
      return { input: { email: step.email, password: step.password } };
    default:
      return { input: { id: step.id } };
  }
}
