import 'reflect-metadata';
import type { MetadataStorage } from '@mikro-orm/core';
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isIntrospectionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { type BuildSchemaOptions, buildSchemaSync } from 'type-graphql';
import { AuthResolver } from './auth/auth.resolver.ts';
import type { AuthServices } from './auth/auth-services.ts';
import { EmailResolver } from './auth/email/email.resolver.ts';
import { findSession, SessionResolver } from './auth/sessions/session.resolver.ts';
import { checkRules } from './graphql/inputs/input-rules.ts';
import type { TypedNode } from './graphql/node.ts';
import type { Context } from './graphql/server/context.ts';
import { ErrorCodesResolver } from './graphql/server/error-codes.resolver.ts';
import { findLabelsById, LabelResolver } from './labels/label.resolver.ts';
import { ListResolver } from './lists/list.resolver.ts';
import { findList, findListsById } from './lists/list-queries.ts';
import { ChangesResolver } from './live/changes.resolver.ts';
import { LiveChangesResolver } from './live/live-changes.resolver.ts';
import type { RecordFinders } from './live/read-changes.ts';
import { type FindNode, NodeResolver, nodeFinders } from './read/node.resolver.ts';
import { requireReadable } from './read/readable.ts';
import { entities } from './records.ts';
import { TaskBulkResolver } from './tasks/bulk/task-bulk.resolver.ts';
import { changeTimeZone } from './tasks/due/change-time-zone.ts';
import { SubtasksResolver, TasksOfListResolver } from './tasks/reading/subtasks.resolver.ts';
import { findTask, findTasksById } from './tasks/reading/task-queries.ts';
import { TaskResolver } from './tasks/task.resolver.ts';
import { TrashResolver } from './tasks/trash/trash.resolver.ts';
import { findUser, readUser, UserResolver } from './users/user.resolver.ts';

/** How node(id) finds records that need more than MikroORM's findOne. */
const finders: Readonly<Record<string, FindNode>> = {
  Task: findTask,
  TaskList: findList,
  User: findUser,
  Session: findSession,
};

/** How `changes` reads the records of which clients keep a copy. */
const recordFinders: RecordFinders = {
  Task: findTasksById,
  TaskList: findListsById,
  Label: findLabelsById,
  User: readUser,
};

/** Add new resolvers here. */
function resolversWith(services: AuthServices): object[] {
  return [
    new AuthResolver(services),
    new EmailResolver(services),
    new SessionResolver(services),
    new UserResolver(changeTimeZone),
    new ListResolver(),
    new LabelResolver(),
    new TaskResolver(),
    new TaskBulkResolver(),
    new TrashResolver(),
    new SubtasksResolver(),
    new TasksOfListResolver(),
    new ChangesResolver(recordFinders),
    new LiveChangesResolver(recordFinders),
    new NodeResolver(nodeFinders(entities, finders)),
    new ErrorCodesResolver(),
  ];
}

/** The executable schema. */
export function createSchema(services: AuthServices, skipCheck = true): GraphQLSchema {
  const instances = new Map(resolversWith(services).map((resolver) => [resolver.constructor, resolver]));
  const schema = buildSchemaSync({
    // The type requires at least one.
    resolvers: [...instances.keys()] as unknown as BuildSchemaOptions['resolvers'],
    container: { get: (resolver) => instances.get(resolver) },
    validateFn: (value, _type, data) => checkRules(value, data),
    // Validating the schema takes a tenth of a start. The command that writes schema.graphql does it, and so does a test.
    skipCheck,
    // TypeGraphQL requires one, for subscriptions by topic. Ours read pages: see live-operation.ts.
    pubSub: { publish() {}, subscribe: () => [] as never },
    authChecker: ({ context }: { context: Context }) => context.viewer !== null,
  });
  resolveTypesByName(schema);
  useNestedSubtasks(schema);
  describeRoots(schema);
  return schema;
}

/** @throws StartError if a field of the schema could not be read */
export function requireReadableSchema(schema: GraphQLSchema, metadata: MetadataStorage): void {
  const columns = Object.values(finders).flatMap((find) => find.columns ?? []);
  requireReadable(schema, metadata, columns);
}

/**
 * The schema as SDL, sorted, so that its text changes only where the API does.
 * @param schema by default, one that can only be printed, since it has no services
 */
export function printApiSchema(schema = createSchema({} as AuthServices, false)): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** TypeGraphQL makes these types, and takes no descriptions of them. */
function describeRoots(schema: GraphQLSchema): void {
  Object.assign(schema.getQueryType() as GraphQLObjectType, {
    description:
      'Reads. All but errorCodes, mailEnabled and signupEnabled need a log-in, and answer with what belongs to its user.',
  });
  Object.assign(schema.getMutationType() as GraphQLObjectType, {
    description:
      'Changes, carried out one after another. All but signup, login, refreshSession, requestPasswordReset, resetPassword, verifyEmail and confirmEmailChange need a log-in.',
  });
  Object.assign(schema.getSubscriptionType() as GraphQLObjectType, {
    description:
      'Answered with a stream: by text/event-stream, multipart/mixed;subscriptionSpec="1.0" or WebSocket. All need a log-in.',
  });
}

/** Skips the resolver for subtasks that were read with their task: a call through TypeGraphQL costs more than the rest. */
function useNestedSubtasks(schema: GraphQLSchema): void {
  const { subtasks } = (schema.getType('Task') as GraphQLObjectType).getFields();
  const resolve = subtasks?.resolve;
  if (!resolve) return;
  subtasks.resolve = (task, ...rest) => (task.subtasks ? { nodes: task.subtasks } : resolve(task, ...rest));
}

/** Plain rows have no class for TypeGraphQL's own resolveType, which is also asynchronous for each record. */
function resolveTypesByName(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = ({ __typename }: TypedNode) => __typename;
    // Resolvers return the names of enum values.
    if (isEnumType(type) && !isIntrospectionType(type)) type.serialize = String;
  }
}
