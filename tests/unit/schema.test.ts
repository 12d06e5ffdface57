import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { expect, test } from 'vitest';
import { printApiSchema } from '../../src/schema.ts';

const schema = buildSchema(printApiSchema());
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** `Type`, `Type.field`, `Type.field(argument)` and `Enum.VALUE` for all that is in a type, with its description. */
function* partsOf(type: GraphQLNamedType): Generator<[string, string | null | undefined]> {
  yield [type.name, type.description];
  if (isEnumType(type)) for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description];
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) yield [`${type.name}.${field.name}`, field.description];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field.description];
    for (const argument of field.args) yield [`${type.name}.${field.name}(${argument.name})`, argument.description];
  }
}

test('everything in the schema has a description that ends as a sentence does', () => {
  const parts = types.flatMap((type) => [...partsOf(type)]);
  expect(parts.length).toBeGreaterThan(100);
  expect(parts.filter(([, description]) => !description?.endsWith('.')).map(([name]) => name)).toEqual([]);
});

test('every scalar names its specification', () => {
  const scalars = types.filter((type) => isScalarType(type));
  expect(scalars.map(({ name }) => name)).toEqual(['DateTime', 'LocalDate', 'LocalTime', 'TimeZone']);
  expect(scalars.filter(({ specifiedByURL }) => !specifiedByURL?.startsWith('https://'))).toEqual([]);
});

test('what is deprecated says when it will be removed', () => {
  const fields = types.flatMap((type) => ('getFields' in type ? Object.values(type.getFields()) : []));
  const others = [
    ...fields.flatMap((field) => ('args' in field ? field.args : [])),
    ...types.flatMap((type) => (isEnumType(type) ? type.getValues() : [])),
  ];
  const reasons = [...fields, ...others].flatMap(({ deprecationReason }) => deprecationReason ?? []);
  expect(reasons.filter((reason) => !/\b20\d\d-[01]\d-[0-3]\d\b/.test(reason))).toEqual([]);
});

test('every root field needs a log-in, except those that are public on purpose', () => {
  const { queries, mutations } = getMetadataStorage();
  const open = [...queries, ...mutations]
    .filter(({ roles }) => roles === undefined)
    .map(({ schemaName }) => schemaName);
  const ofMails = ['confirmEmailChange', 'requestPasswordReset', 'resetPassword', 'verifyEmail'];
  const others = ['errorCodes', 'login', 'mailEnabled', 'refreshSession', 'signup', 'signupEnabled'];
  expect(open.sort()).toEqual([...ofMails, ...others].sort());
  const descriptions = `${schema.getQueryType()?.description} ${schema.getMutationType()?.description}`.split(/\W+/);
  expect(open.filter((name) => !descriptions.includes(name))).toEqual([]);
});

test('mutation fields and root connections are nullable, so that one failure leaves its neighbours alone', () => {
  const fields = [
    ...Object.values(schema.getMutationType()?.getFields() ?? {}),
    ...Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ type }) =>
      String(type).includes('Connection'),
    ),
  ];
  expect(fields.map(({ name, type }) => `${name}: ${type}`).filter((field) => field.endsWith('!'))).toEqual([]);
});
