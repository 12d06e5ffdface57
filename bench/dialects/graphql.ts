import type { Step } from '../operations.ts';
import {
  type Answer,
  type CanonicalTask,
  type Dialect,
  type LabelPage,
  type Page,
  type RelatedTask,
  writtenTask,
} from './dialect.ts';

const fields = 'id title description completed priority createdAt updatedAt version';

const documents: Readonly<Record<Step['kind'], string>> = {
  page: `query Page($first: Int!) { tasks(first: $first) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
  related: `query Related($first: Int!) {
    tasks(first: $first) {
      nodes {
        id title completed
        list { id name }
        labels { id name color }
        subtasks(first: 5) { nodes { id title completed } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  labels: `query Labels($first: Int!) {
    labels(first: $first) {
      nodes { id name color version createdAt updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }`,
  task: `query Task($id: ID!) { task(id: $id) { ${fields} } }`,
  create: `mutation Create($input: CreateTaskInput!) { createTask(input: $input) { task { ${fields} } } }`,
  complete: `mutation Complete($input: CompleteTaskInput!) { completeTask(input: $input) { task { ${fields} } } }`,
  reopen: `mutation Reopen($input: ReopenTaskInput!) { reopenTask(input: $input) { task { ${fields} } } }`,
  login: 'mutation Login($input: LoginInput!) { login(input: $input) { accessToken user { id email } } }',
};

/** todoql's own schema, which most sides offer too. */
export const graphql: Dialect = {
  call(step) {
    return { method: 'POST', path: '/graphql', body: { query: documents[step.kind], variables: variablesOf(step) } };
  },
  read(step, { status, body }: Answer) {
    const { data, errors } = body as Response;
    if (status !== 200 || errors || !data) return null;
    switch (step.kind) {
      case 'page':
        return data.tasks ? readPage(data.tasks) : null;
      case 'related':
        return data.tasks ? readRelated(data.tasks) : null;
      case 'labels':
        return data.labels ? readLabels(data.labels) : null;
      case 'task':
        return data.task ?? null;
      case 'login':
        return data.login ? { user: data.login.user, hasToken: data.login.accessToken.length > 100 } : null;
      default: {
        const payload = data[`${step.kind}Task`];
        return payload ? writtenTask(step, payload.task) : null;
      }
    }
  },
};

type Node = CanonicalTask & Omit<RelatedTask, 'subtasks'> & { readonly subtasks: { readonly nodes: Subtasks } };
type Subtasks = RelatedTask['subtasks'];

interface Connection<Of = Node> {
  readonly nodes: readonly Of[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Response {
  readonly data?: {
    readonly [mutation: `${string}Task`]: { readonly task: CanonicalTask } | null;
    readonly tasks?: Connection | null;
    readonly labels?: Connection<object> | null;
    readonly task?: CanonicalTask;
    readonly login?: { readonly accessToken: string; readonly user: object };
  } | null;
  readonly errors?: readonly unknown[];
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
      return { input: { title: step.title, description: step.description, priority: 'MEDIUM' } };
    case 'login':
      return { input: { email: step.email, password: step.password } };
    default:
      return { input: { id: step.id } };
  }
}

function readPage({ nodes, pageInfo }: Connection): Page {
  return { tasks: nodes, hasNextPage: pageInfo.hasNextPage, hasEndCursor: Boolean(pageInfo.endCursor) };
}

function readLabels({ nodes, pageInfo }: Connection<object>): LabelPage {
  return { labels: nodes, hasNextPage: pageInfo.hasNextPage, hasEndCursor: Boolean(pageInfo.endCursor) };
}

function readRelated({ nodes, pageInfo }: Connection): object {
  const tasks = nodes.map(({ subtasks, ...task }) => ({ ...task, subtasks: subtasks.nodes }));
  return { tasks, hasNextPage: pageInfo.hasNextPage, hasEndCursor: Boolean(pageInfo.endCursor) };
}
