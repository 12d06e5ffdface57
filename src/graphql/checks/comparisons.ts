import { type DocumentNode, type FieldNode, Kind, type SelectionNode } from 'graphql';

/** The cost of a pair of fields without arguments and selections, relative to any other pair of fields. Measured. */
const leafPair = 1 / 40;

/** The cost of comparing a fragment's fields with those around one of its spreads, in the same unit. Measured. */
const fragmentAtSpread = 1 / 2;

/**
 * An upper bound of the comparisons by which validation finds out whether fields can be merged (GraphQL 5.3.2): each pair
 * of fields with the same response name, and each spread with each fragment. Counted over the whole document, because
 * fragments can bring any two of its selections together.
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
  return fields.reduce((sum, some) => sum + some, spreads.length * new Set(spreads).size * fragmentAtSpread);
}

/** All fields, spreads and inline fragments of a document, at every depth. */
export function selectionsOf({ definitions }: DocumentNode): SelectionNode[] {
  const nodes = definitions.flatMap((node) => ('selectionSet' in node ? node.selectionSet.selections : []));
  // The loop also visits the nodes that it appends.
  for (const node of nodes) if ('selectionSet' in node) nodes.push(...(node.selectionSet?.selections ?? []));
  return nodes;
}

/** Two of these with the same name can always be merged. */
function isPlainLeaf({ alias, arguments: given, selectionSet }: FieldNode): boolean {
  return !alias && !selectionSet && !given?.length;
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}
