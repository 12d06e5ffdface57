/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation SignUp($input: SignupInput!) {\n  signup(input: $input) {\n    accessToken\n    user {\n      id\n      email\n    }\n  }\n}\n\nquery Tasks($first: Int = 50, $after: String, $filter: TaskFilter) {\n  tasks(first: $first, after: $after, filter: $filter) {\n    edges {\n      node {\n        ...TaskRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateTask($input: CreateTaskInput!) {\n  createTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation UpdateTask($input: UpdateTaskInput!) {\n  updateTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation CompleteTask($input: CompleteTaskInput!) {\n  completeTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation DeleteTask($input: DeleteTaskInput!) {\n  deleteTask(input: $input) {\n    deletedIds\n  }\n}\n\nquery AnyNode($id: ID!) {\n  node(id: $id) {\n    id\n    ... on Task {\n      ...TaskRow\n    }\n  }\n}\n\nquery ErrorCodes {\n  errorCodes\n}\n\nfragment TaskRow on Task {\n  id\n  title\n  completed\n  priority\n  version\n  createdAt\n}\n\nquery Changes($after: String) {\n  changes(after: $after, first: 500) {\n    changes {\n      kind\n      id\n      typeName\n      record {\n        id\n        ... on Task {\n          ...TaskRow\n          position\n          deletedAt\n          list {\n            id\n          }\n          parent {\n            id\n          }\n          labels {\n            id\n          }\n        }\n        ... on TaskList {\n          name\n          archived\n          position\n          deletedAt\n        }\n        ... on Label {\n          name\n          color\n        }\n        ... on User {\n          email\n          timeZone\n        }\n      }\n    }\n    cursor\n    hasMore\n  }\n}": typeof types.SignUpDocument,
};
const documents: Documents = {
    "mutation SignUp($input: SignupInput!) {\n  signup(input: $input) {\n    accessToken\n    user {\n      id\n      email\n    }\n  }\n}\n\nquery Tasks($first: Int = 50, $after: String, $filter: TaskFilter) {\n  tasks(first: $first, after: $after, filter: $filter) {\n    edges {\n      node {\n        ...TaskRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateTask($input: CreateTaskInput!) {\n  createTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation UpdateTask($input: UpdateTaskInput!) {\n  updateTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation CompleteTask($input: CompleteTaskInput!) {\n  completeTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation DeleteTask($input: DeleteTaskInput!) {\n  deleteTask(input: $input) {\n    deletedIds\n  }\n}\n\nquery AnyNode($id: ID!) {\n  node(id: $id) {\n    id\n    ... on Task {\n      ...TaskRow\n    }\n  }\n}\n\nquery ErrorCodes {\n  errorCodes\n}\n\nfragment TaskRow on Task {\n  id\n  title\n  completed\n  priority\n  version\n  createdAt\n}\n\nquery Changes($after: String) {\n  changes(after: $after, first: 500) {\n    changes {\n      kind\n      id\n      typeName\n      record {\n        id\n        ... on Task {\n          ...TaskRow\n          position\n          deletedAt\n          list {\n            id\n          }\n          parent {\n            id\n          }\n          labels {\n            id\n          }\n        }\n        ... on TaskList {\n          name\n          archived\n          position\n          deletedAt\n        }\n        ... on Label {\n          name\n          color\n        }\n        ... on User {\n          email\n          timeZone\n        }\n      }\n    }\n    cursor\n    hasMore\n  }\n}": types.SignUpDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignUp($input: SignupInput!) {\n  signup(input: $input) {\n    accessToken\n    user {\n      id\n      email\n    }\n  }\n}\n\nquery Tasks($first: Int = 50, $after: String, $filter: TaskFilter) {\n  tasks(first: $first, after: $after, filter: $filter) {\n    edges {\n      node {\n        ...TaskRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateTask($input: CreateTaskInput!) {\n  createTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation UpdateTask($input: UpdateTaskInput!) {\n  updateTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation CompleteTask($input: CompleteTaskInput!) {\n  completeTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation DeleteTask($input: DeleteTaskInput!) {\n  deleteTask(input: $input) {\n    deletedIds\n  }\n}\n\nquery AnyNode($id: ID!) {\n  node(id: $id) {\n    id\n    ... on Task {\n      ...TaskRow\n    }\n  }\n}\n\nquery ErrorCodes {\n  errorCodes\n}\n\nfragment TaskRow on Task {\n  id\n  title\n  completed\n  priority\n  version\n  createdAt\n}\n\nquery Changes($after: String) {\n  changes(after: $after, first: 500) {\n    changes {\n      kind\n      id\n      typeName\n      record {\n        id\n        ... on Task {\n          ...TaskRow\n          position\n          deletedAt\n          list {\n            id\n          }\n          parent {\n            id\n          }\n          labels {\n            id\n          }\n        }\n        ... on TaskList {\n          name\n          archived\n          position\n          deletedAt\n        }\n        ... on Label {\n          name\n          color\n        }\n        ... on User {\n          email\n          timeZone\n        }\n      }\n    }\n    cursor\n    hasMore\n  }\n}"): (typeof documents)["mutation SignUp($input: SignupInput!) {\n  signup(input: $input) {\n    accessToken\n    user {\n      id\n      email\n    }\n  }\n}\n\nquery Tasks($first: Int = 50, $after: String, $filter: TaskFilter) {\n  tasks(first: $first, after: $after, filter: $filter) {\n    edges {\n      node {\n        ...TaskRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nmutation CreateTask($input: CreateTaskInput!) {\n  createTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation UpdateTask($input: UpdateTaskInput!) {\n  updateTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation CompleteTask($input: CompleteTaskInput!) {\n  completeTask(input: $input) {\n    task {\n      ...TaskRow\n    }\n  }\n}\n\nmutation DeleteTask($input: DeleteTaskInput!) {\n  deleteTask(input: $input) {\n    deletedIds\n  }\n}\n\nquery AnyNode($id: ID!) {\n  node(id: $id) {\n    id\n    ... on Task {\n      ...TaskRow\n    }\n  }\n}\n\nquery ErrorCodes {\n  errorCodes\n}\n\nfragment TaskRow on Task {\n  id\n  title\n  completed\n  priority\n  version\n  createdAt\n}\n\nquery Changes($after: String) {\n  changes(after: $after, first: 500) {\n    changes {\n      kind\n      id\n      typeName\n      record {\n        id\n        ... on Task {\n          ...TaskRow\n          position\n          deletedAt\n          list {\n            id\n          }\n          parent {\n            id\n          }\n          labels {\n            id\n          }\n        }\n        ... on TaskList {\n          name\n          archived\n          position\n          deletedAt\n        }\n        ... on Label {\n          name\n          color\n        }\n        ... on User {\n          email\n          timeZone\n        }\n      }\n    }\n    cursor\n    hasMore\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;