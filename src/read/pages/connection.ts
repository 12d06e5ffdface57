import { type ClassType, Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Information about a page, as Relay defines it.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is more before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first record; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last record; null on an empty page.' })
  endCursor!: string | null;
}

/** What a connection's resolver returns. */
export interface Page<Row> {
  readonly edges: readonly { readonly node: Row; readonly cursor: string }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
  /** Present only if it was selected, since counting reads every row. */
  readonly totalCount?: number;
}

/** Creates the connection and edge types of a node type: TaskConnection and TaskEdge for `Task`. */
export function connectionOf<Node extends object>(nodeType: ClassType<Node>): ClassType<Page<Node>> {
  const { name } = nodeType;

  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `A ${name} and its cursor in a connection.` })
  class Edge {
    @Field(() => nodeType, { description: 'The record.' })
    node!: Node;

    @Field(() => String, { description: 'Opaque. Valid for the same order and filter only.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${name} records.` })
  class Connection implements Page<Node> {
    @Field(() => [Edge], { description: 'The records with their cursors.' })
    edges!: Edge[];

    @Field(() => [nodeType], { description: 'The records without their cursors.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Information about the page.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many records match the filter. Counted only if selected.' })
    totalCount!: number;
  }

  return Connection;
}
