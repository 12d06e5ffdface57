import type { EntityClass } from '@mikro-orm/core';
import { Args, ArgsType, Authorized, Ctx, Field, getMetadataStorage, ID, Query, Resolver } from 'type-graphql';
import type { Database } from '../database/database.ts';
import { Id } from '../graphql/inputs/field-rules.ts';
import { Node, type TypedNode } from '../graphql/node.ts';
import type { Context } from '../graphql/server/context.ts';
import type { Columns } from './columns.ts';
import { Selected, type Selection } from './selection.ts';

@ArgsType()
class NodeArgs {
  @Field(() => ID, { description: 'The id of any record of yours.' })
  @Id()
  id!: string;
}

/** Finds a record of the viewer by id, or null. */
export interface FindNode {
  (db: Database, id: string, selection: Selection): Promise<object | null>;
  /** The columns that it reads, unless MikroORM does. */
  readonly columns?: Columns;
}

/** A FindNode for each entity that is a GraphQL type, in their order. @param finders of types that need more than findOne */
export function nodeFinders(
  entities: readonly EntityClass<object>[],
  finders: Readonly<Record<string, FindNode>>,
): Readonly<Record<string, FindNode>> {
  const types = new Set<unknown>(getMetadataStorage().objectTypes.map(({ target }) => target));
  const nodes = entities.filter((entity) => types.has(entity)) as EntityClass<Node>[];
  return Object.fromEntries(nodes.map((entity) => [entity.name, finders[entity.name] ?? findEntity(entity)]));
}

/** A FindNode for an entity that MikroORM reads. */
function findEntity(entity: EntityClass<Node>): FindNode {
  return ({ entities }, id) => entities.findOne(entity, { id });
}

@Authorized()
@Resolver()
export class NodeResolver {
  /** @param finders by type name, tried in this order */
  constructor(private readonly finders: Readonly<Record<string, FindNode>>) {}

  @Query(() => Node, { nullable: true, description: 'Any record of yours by its id; null where you have none.' })
  async node(
    @Args(() => NodeArgs) { id }: NodeArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<TypedNode | null> {
    for (const [type, find] of Object.entries(this.finders)) {
      const found = await find(db, id, selection);
      if (found) return { ...found, __typename: type };
    }
    return null;
  }
}
