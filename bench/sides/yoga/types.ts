import SchemaBuilder from '@pothos/core';
import { encodeCursor, priorities } from '../support/tasks.ts';
import type { LabelRow, ListRow, TaskRow, UserRow } from './database.ts';
import type { Loaders } from './loaders.ts';

export interface Context {
  readonly viewer: UserRow | null;
  /** null where nobody is logged in. */
  readonly loaders: Loaders | null;
}

export const builder = new SchemaBuilder<{ Context: Context }>({});

const priorityValues = Object.fromEntries(priorities.map((name, value) => [name, { value }]));
export const TaskPriority = builder.enumType('TaskPriority', { values: priorityValues });

const TaskList = builder.objectRef<ListRow>('TaskList').implement({
  fields: (t) => ({ id: t.exposeID('id'), name: t.exposeString('name') }),
});

const Label = builder.objectRef<LabelRow>('Label').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    color: t.exposeString('color', { nullable: true }),
  }),
});

export const Task = builder.objectRef<TaskRow>('Task');

const PageInfo = builder.objectRef<{ hasNextPage: boolean; endCursor: string | null }>('PageInfo').implement({
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage'),
    endCursor: t.exposeString('endCursor', { nullable: true }),
  }),
});

/** Rows up to one more than `first`, which tells that there is a next page. */
export const TaskConnection = builder.objectRef<{ rows: TaskRow[]; first: number }>('TaskConnection').implement({
  fields: (t) => ({
    nodes: t.field({ type: [Task], resolve: ({ rows, first }) => rows.slice(0, first) }),
    pageInfo: t.field({
      type: PageInfo,
      resolve: ({ rows, first }) => {
        const last = rows.slice(0, first).at(-1);
        const endCursor = last ? encodeCursor(last.created_at.toISOString(), last.id) : null;
        return { hasNextPage: rows.length > first, endCursor };
      },
    }),
  }),
});

Task.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    title: t.exposeString('title'),
    description: t.exposeString('description'),
    completed: t.boolean({ resolve: (task) => task.completed_at !== null }),
    priority: t.expose('priority', { type: TaskPriority }),
    createdAt: t.string({ resolve: (task) => task.created_at.toISOString() }),
    updatedAt: t.string({ resolve: (task) => task.updated_at.toISOString() }),
    version: t.exposeInt('version'),
    list: t.field({
      type: TaskList,
      nullable: true,
      resolve: ({ list_id }, _, { loaders }) => (list_id === null ? null : (loaders?.list.load(list_id) ?? null)),
    }),
    labels: t.field({ type: [Label], resolve: ({ id }, _, { loaders }) => loaders?.labels.load(id) ?? [] }),
    subtasks: t.field({
      type: TaskConnection,
      args: { first: t.arg.int({ defaultValue: 50, required: true }) },
      resolve: async ({ id }, { first }, { loaders }) => ({
        rows: (await loaders?.subtasks.load({ id, first })) ?? [],
        first,
      }),
    }),
  }),
});

export const TaskPayload = builder.objectRef<{ task: TaskRow }>('TaskPayload').implement({
  fields: (t) => ({ task: t.expose('task', { type: Task }) }),
});

const User = builder.objectRef<UserRow>('User').implement({
  fields: (t) => ({ id: t.exposeID('id'), email: t.exposeString('email') }),
});

export const AuthPayload = builder.objectRef<{ accessToken: string; user: UserRow }>('AuthPayload').implement({
  fields: (t) => ({ accessToken: t.exposeString('accessToken'), user: t.expose('user', { type: User }) }),
});

export const CreateTaskInput = builder.inputType('CreateTaskInput', {
  fields: (t) => ({
    title: t.string({ required: true }),
    description: t.string(),
    priority: t.field({ type: TaskPriority }),
  }),
});

const idInput = (name: string) => builder.inputType(name, { fields: (t) => ({ id: t.id({ required: true }) }) });
export const CompleteTaskInput = idInput('CompleteTaskInput');
export const ReopenTaskInput = idInput('ReopenTaskInput');

export const LoginInput = builder.inputType('LoginInput', {
  fields: (t) => ({ email: t.string({ required: true }), password: t.string({ required: true }) }),
});
