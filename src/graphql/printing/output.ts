import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';

/** A field as the answer holds it. */
export interface OutputField {
  /** Its alias where it has one. */
  readonly key: string;
  readonly name: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** null: __typename. */
  readonly definition: GraphQLField<unknown, unknown> | null;
  /** What is asked of the object, or of each of the objects; null for leaves. */
  readonly below: Output | null;
}

/** What an operation asks of an object of one type, in the order of the answer. */
export interface Output {
  readonly type: GraphQLObjectType;
  readonly fields: readonly OutputField[];
}

type Fragments = GraphQLResolveInfo['fragments'];

/**
 * Merges what is asked for under one key, as GraphQL 6.3.2 does. Knows no @skip and no @include.
 * @param nodes fields of this type, or the operation itself
 * @returns null where an abstract type, or introspection, leaves open what the answer will hold
 */
export function outputOf(
  type: GraphQLObjectType,
  nodes: readonly { readonly selectionSet?: SelectionSetNode | undefined }[],
  fragments: Fragments,
): Output | null {
  const byKey = new Map<string, [FieldNode, ...FieldNode[]]>();
  if (!nodes.every(({ selectionSet }) => collect(type, selectionSet, fragments, byKey))) return null;
  const fields: OutputField[] = [];
  for (const [key, same] of byKey) {
    const field = fieldOf(type, key, same, fragments);
    if (field === null) return null;
    fields.push(field);
  }
  return { type, fields };
}

/** @returns false where it cannot be told whether a fragment applies */
function collect(
  type: GraphQLObjectType,
  selectionSet: SelectionSetNode | undefined,
  fragments: Fragments,
  into: Map<string, [FieldNode, ...FieldNode[]]>,
): boolean {
  return (selectionSet?.selections ?? []).every((selection) => {
    if (selection.kind === 'Field') {
      const key = selection.alias?.value ?? selection.name.value;
      const known = into.get(key);
      if (known) known.push(selection);
      else into.set(key, [selection]);
      return true;
    }
    const fragment = selection.kind === 'InlineFragment' ? selection : fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value ?? type.name;
    const applies = condition === type.name || type.getInterfaces().some(({ name }) => name === condition);
    return applies && collect(type, fragment?.selectionSet, fragments, into);
  });
}

function fieldOf(
  parent: GraphQLObjectType,
  key: string,
  nodes: readonly [FieldNode, ...FieldNode[]],
  fragments: Fragments,
): OutputField | null {
  const name = nodes[0].name.value;
  if (name === '__typename') return { key, name, nodes, definition: null, below: null };
  const definition = parent.getFields()[name];
  if (!definition) return null;
  const type = getNamedType(definition.type);
  if (isAbstractType(type)) return null;
  const below = isObjectType(type) ? outputOf(type, nodes, fragments) : null;
  return isObjectType(type) && below === null ? null : { key, name, nodes, definition, below };
}
