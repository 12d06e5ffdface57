import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { type GraphQLObjectType, GraphQLScalarType, type GraphQLSchema, isObjectType, isScalarType } from 'graphql';
import { StartError } from '../errors.ts';
import { type Columns, isColumn } from './columns.ts';
import { findNeeds } from './needs.ts';

/**
 * Requires that everything in the schema can be answered. Otherwise it would be null without an error.
 * @param columns of the records that are read as rows; related records are included
 * @throws StartError with one sentence for each field, type or scalar
 */
export function requireReadable(schema: GraphQLSchema, metadata: MetadataStorage, columns: readonly Columns[]): void {
  const rows = withRelated(columns);
  const problems = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isScalarType(type)) return scalarProblems(type);
    return isObjectType(type) ? typeProblems(type, metadata, rows) : [];
  });
  if (problems.length > 0) throw new StartError(problems.join('\n'));
}

function withRelated(columns: readonly Columns[], found = new Set<Columns>()): ReadonlySet<Columns> {
  for (const each of columns) {
    if (found.has(each)) continue;
    const related = Object.values(each.related ?? {});
    withRelated(
      related.map(({ columns: below }) => below()),
      found.add(each),
    );
  }
  return found;
}

const { serialize: unchanged } = new GraphQLScalarType({ name: 'Any' });

function scalarProblems({ name, serialize }: GraphQLScalarType): string[] {
  return serialize === unchanged
    ? [`The scalar ${name} has no serialize: clients would get what the database has.`]
    : [];
}

function typeProblems(type: GraphQLObjectType, metadata: MetadataStorage, all: ReadonlySet<Columns>): string[] {
  const entity = [...metadata].find(({ className }) => className === type.name);
  const isNode = type.getInterfaces().some(({ name }) => name === 'Node');
  if (!entity) return isNode ? [`${type.name} implements Node, but src/records.ts does not list it.`] : [];
  const rows = [...all].filter((columns) => columns.entity === entity.class);
  const needs = findNeeds(entity.class);
  const unread = Object.keys(type.getFields()).filter((name) => !needs.has(name) && !isRead(name, entity, rows));
  return [
    ...unread.map(
      (name) =>
        `${type.name}.${name} cannot be read: it is no property of the entity, is not in its Columns, and has no resolver.`,
    ),
    ...(rows.length > 0
      ? [...needs].flatMap(([name, needed]) => needProblems(`${type.name}.${name}`, needed, entity))
      : []),
  ];
}

/** @param rows empty if the records are read as entities, which have all properties */
function isRead(name: string, { properties }: EntityMetadata, rows: readonly Columns[]): boolean {
  const property = properties[name];
  if (rows.length === 0) return property !== undefined && !property.hidden;
  return (property && isColumn(property)) || rows.every(({ computed, related }) => name in { ...computed, ...related });
}

function needProblems(field: string, needed: readonly string[] | undefined, { properties }: EntityMetadata): string[] {
  if (!needed)
    return [`The resolver of ${field} must say what it reads of its record: add @Needs, such as @Needs('id').`];
  const missing = needed.filter((name) => !properties[name] || !isColumn(properties[name]));
  return missing.map((name) => `The resolver of ${field} needs "${name}", which is no column of the entity.`);
}
