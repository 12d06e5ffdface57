import 'reflect-metadata';
import { type GraphQLSchema, isAbstractType, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AuthResolver } from './auth/auth.resolver.ts';
import type { Doors } from './auth/doors.ts';
import { findSession } from './auth/nodes.ts';
import { SecurityEvent } from './auth/security-event.entity.ts';
import { SessionResolver } from './auth/session.resolver.ts';
import type { Context } from './graphql/context.ts';
import { ErrorCodesResolver } from './graphql/error-codes.resolver.ts';
import { checkRules } from './graphql/input-rules.ts';
import { findEntity, NodeResolver } from './graphql/node.resolver.ts';
import type { TypedNode } from './graphql/node.ts';
import { Label } from './labels/label.entity.ts';
import { LabelResolver } from './labels/label.resolver.ts';
import { ListResolver } from './lists/list.resolver.ts';
import { findList } from './lists/list-queries.ts';
import { ListTrashResolver } from './tasks/list-trash.resolver.ts';
import { SubtasksResolver, TasksOfListResolver } from './tasks/subtasks.resolver.ts';
import { TaskResolver } from './tasks/task.resolver.ts';
import { TaskBulkResolver } from './tasks/task-bulk.resolver.ts';
import { findTask } from './tasks/task-queries.ts';
import { TimeZoneResolver } from './tasks/time-zone.resolver.ts';
import { findUser, UserResolver } from './users/user.resolver.ts';

/** The executable schema. A new resolver is one line here. */
export function createSchema(doors: Doors): GraphQLSchema {
  const resolvers = new Map<unknown, object>([
    [AuthResolver, new AuthResolver(doors)],
    [SessionResolver, new SessionResolver(doors)],
    [UserResolver, new UserResolver()],
    [ListResolver, new ListResolver()],
    [LabelResolver, new LabelResolver()],
    [TaskResolver, new TaskResolver()],
    [TaskBulkResolver, new TaskBulkResolver()],
    [SubtasksResolver, new SubtasksResolver()],
    [TasksOfListResolver, new TasksOfListResolver()],
    [ListTrashResolver, new ListTrashResolver()],
    [TimeZoneResolver, new TimeZoneResolver()],
    [
      NodeResolver,
      new NodeResolver({
        Task: findTask,
        TaskList: findList,
        Label: findEntity(Label),
        User: findUser,
        Session: findSession,
        SecurityEvent: findEntity(SecurityEvent),
      }),
    ],
    [ErrorCodesResolver, new ErrorCodesResolver()],
  ]);
  return buildSchema(resolvers);
}

/** The schema as SDL, sorted, so that its text changes only where the API does. */
export function printApiSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildSchema(new Map())))}\n`;
}

function buildSchema(instances: ReadonlyMap<unknown, object>): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AuthResolver,
      SessionResolver,
      UserResolver,
      ListResolver,
      LabelResolver,
      TaskResolver,
      TaskBulkResolver,
      SubtasksResolver,
      TasksOfListResolver,
      ListTrashResolver,
      TimeZoneResolver,
      NodeResolver,
      ErrorCodesResolver,
    ],
    container: { get: (resolver) => instances.get(resolver) },
    validateFn: (value, _type, data) => checkRules(value, data),
    // Asks the schema about all of itself, a tenth of a start. The command that writes schema.graphql does, and a test.
    skipCheck: instances.size > 0,
    authChecker: ({ context }: { context: Context }) => context.viewer !== null,
  });
  tellTypesByName(schema);
  return schema;
}

/** Plain rows have no class to tell their type by; and TypeGraphQL's own way is asynchronous for each record. */
function tellTypesByName(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = ({ __typename }: TypedNode) => __typename;
  }
}
