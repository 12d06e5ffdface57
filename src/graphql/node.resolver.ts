import type { EntityClass } from '@mikro-orm/core';
import { Args, ArgsType, Authorized, Ctx, Field, ID, Query, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from './context.ts';
import { Id } from './field-rules.ts';
import { Node, type TypedNode } from './node.ts';
import { Selected, type Selection } from './selection.ts';

@ArgsType()
class NodeArgs {
  @Field(() => ID, { description: 'The id of any record of yours.' })
  @Id()
  id!: string;
}

/** Looks a record of one type up by its id, for the viewer it belongs to; null where there is none. */
export type FindNode = (
  database: Context['database'],
  viewer: Viewer,
  id: string,
  selection: Selection,
) => Promise<object | null>;

/** Looks entities of one type up. */
export function findEntity(entity: EntityClass<Node>): FindNode {
  return (database, viewer, id) => database.entities(viewer).findOne(entity, { id });
}

@Resolver()
export class NodeResolver {
  readonly #finders: Readonly<Record<string, FindNode>>;

  /** @param finders by type name, asked in this order */
  constructor(finders: Readonly<Record<string, FindNode>>) {
    this.#finders = finders;
  }

  @Authorized()
  @Query(() => Node, { nullable: true, description: 'Any record of yours by its id; null where you have none.' })
  async node(
    @Args(() => NodeArgs) { id }: NodeArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<TypedNode | null> {
    for (const [type, find] of Object.entries(this.#finders)) {
      const found = await find(database, viewer, id, selection);
      if (found) return { ...found, __typename: type };
    }
    return null;
  }
}
