import { ReferenceKind } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { extendSchema, type GraphQLSchema, parse } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { expect, test } from 'vitest';
import type { AuthServices } from '../../src/auth/auth-services.ts';
import { defaultLocation } from '../../src/database/location.ts';
import { ormOptions } from '../../src/database/orm.ts';
import { createSchema, requireReadableSchema } from '../../src/schema.ts';
import { Task } from '../../src/tasks/task.entity.ts';
import { User } from '../../src/users/user.entity.ts';
import { viewerColumns } from '../../src/users/viewer-columns.ts';

// Nothing is executed, and no connection opened.
const metadata = new MikroORM(ormOptions('postgresql://127.0.0.1/none', 1, defaultLocation)).getMetadata();
const schema = createSchema({} as AuthServices);
const start = (offered: GraphQLSchema) => () => requireReadableSchema(offered, metadata);
const startWith = (more: string) => start(extendSchema(schema, parse(more)));

test('everything in the schema can be answered', () => {
  expect(start(schema)).not.toThrow();
});

test.each([
  ['a field of what is read as rows', 'extend type Task { urgent: Boolean }', /^Task\.urgent cannot be read/],
  ['a field whose property is hidden', 'extend type Task { searchText: String }', /^Task\.searchText cannot be read/],
  ['a field of a related record', 'extend type Label { icon: String }', /^Label\.icon cannot be read/],
  [
    'a field of what is read as entities',
    'extend type Session { country: String }',
    /^Session\.country cannot be read/,
  ],
  ['a hidden property of such', 'extend type Session { family: String }', /^Session\.family cannot be read/],
  ['a scalar', 'scalar Money extend type Task { urgent: Money }', /The scalar Money has no serialize/],
  [
    'a type of records',
    'type Secret implements Node { id: ID! } extend type Query { secret: Secret }',
    /^Secret implements Node, but src\/records\.ts does not list it\.$/,
  ],
])('the start is refused where %s cannot be answered', (_what, more, sentence) => {
  expect(startWith(more)).toThrow(sentence);
});

test('a viewer has every column of the type User', () => {
  const { props } = metadata.get(User);
  const names = viewerColumns(metadata).map(({ alias }) => alias);
  expect(names).toEqual(expect.arrayContaining(['id', 'email', 'timeZone', 'createdAt']));
  expect(names).not.toContain('passwordHash');
  const added = { name: 'language', fieldNames: ['language'], kind: ReferenceKind.SCALAR };
  props.push(added as (typeof props)[number]);
  try {
    expect(viewerColumns(metadata).map(({ alias }) => alias)).toContain('language');
  } finally {
    props.pop();
  }
});

test('the start is refused where a field of User is no column', () => {
  const { properties } = metadata.get(User);
  Object.assign(properties, { inbox: { name: 'inbox', kind: ReferenceKind.MANY_TO_ONE } });
  try {
    expect(startWith('extend type User { inbox: TaskList }')).toThrow(/^User\.inbox cannot be read/);
  } finally {
    Reflect.deleteProperty(properties, 'inbox');
  }
});

test.each([
  ['does not say what it needs', undefined, /^The resolver of Task\.votes must say what it reads/],
  ['needs what is no column', ['id', 'labels'], /^The resolver of Task\.votes needs "labels", which is no column/],
])('the start is refused where a resolver %s', (_what, needs, sentence) => {
  const { fieldResolvers } = getMetadataStorage();
  const resolver = { schemaName: 'votes', getObjectType: () => Task, extensions: { needs } };
  fieldResolvers.push(resolver as unknown as (typeof fieldResolvers)[number]);
  try {
    expect(startWith('extend type Task { votes: [String!] }')).toThrow(sentence);
  } finally {
    fieldResolvers.pop();
  }
});
