import { Extensions, getMetadataStorage } from 'type-graphql';

/** The properties that a resolver reads from its record; undefined if it does not declare them. */
type FieldNeeds = ReadonlyMap<string, readonly string[] | undefined>;

/** Decorator of a field's resolver: the properties of its record that it reads. They are selected with the field. */
export function Needs(...properties: string[]) {
  return Extensions({ needs: properties });
}

const known = new WeakMap<object, FieldNeeds>();

/** The fields with resolvers of an entity's type. Complete once the schema has been built. */
export function needsOf(entity: object): FieldNeeds {
  const needs = known.get(entity) ?? findNeeds(entity);
  known.set(entity, needs);
  return needs;
}

export function findNeeds(entity: object): FieldNeeds {
  const resolvers = getMetadataStorage().fieldResolvers.filter(({ getObjectType }) => getObjectType?.() === entity);
  return new Map(resolvers.map(({ schemaName, extensions }) => [schemaName, Object(extensions).needs]));
}
