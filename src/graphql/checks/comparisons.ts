import { type DocumentNode, type FieldNode, Kind, type SelectionNode } from 'graphql';

/** Of the time that a pair of other fields takes: a pair of fields without arguments and selections. Measured. */
const leafPair = 1 / 40;

/** Of that time: a fragment's fields, compared with those of a place that spreads it or leads to it. Measured. */
const fragmentAtPlace = 1 / 2;

/**
 * How many comparisons validation makes at most to find out whether fields can be merged (GraphQL 5.3.2): of fields that
 * answer to one name in pairs, and of each spread with all fragments that it leads to. Counted over the whole document,
 * because fragments may bring together what stands at any two places.
 */
export function comparisonsOf(nodes: readonly SelectionNode[]): number {
  const spreads = nodes.filter((node) => node.kind === Kind.FRAGMENT_SPREAD).map(({ name }) => name.value);
  const names = new Map<string, { all: number; leaves: number }>();
  for (const node of nodes) {
    if (node.kind !== Kind.FIELD) continue;
    const name = (node.alias ?? node.name).value;
    const { all, leaves } = names.get(name) ?? { all: 0, leaves: 0 };
    names.set(name, { all: all + 1, leaves: leaves + (isPlainLeaf(node) ? 1 : 0) });
  }
  const fields = [...names.values()].map(({ all, leaves }) => pairs(all) - pairs(leaves) * (1 - leafPair));
  return fields.reduce((sum, some) => sum + some, spreads.length * new Set(spreads).size * fragmentAtPlace);
}

/** The fields and fragments that a document selects, wherever they stand. */
export function selectionsOf({ definitions }: DocumentNode): SelectionNode[] {
  const nodes = definitions.flatMap((node) => ('selectionSet' in node ? node.selectionSet.selections : []));
  // Goes on through what is added.
  for (const node of nodes) if ('selectionSet' in node) nodes.push(...(node.selectionSet?.selections ?? []));
  return nodes;
}

/** Those of one name are all the same field, and can be merged. */
function isPlainLeaf({ alias, arguments: given, selectionSet }: FieldNode): boolean {
  return !alias && !selectionSet && !given?.length;
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
