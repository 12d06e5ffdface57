import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Whether a subscription may skip its root field. The specification forbids it, and graphql-js 16 fails on a variable there:
 * its rule for the single root field evaluates these directives without the variables.
 */
export function hasConditionalRoot(
  { definitions }: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  const visited = new Set<string>();
  const below = (selection: SelectionNode): SelectionSetNode | undefined => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet;
    if (selection.kind === Kind.FIELD || visited.has(selection.name.value)) return undefined;
    visited.add(selection.name.value);
    return fragments.get(selection.name.value)?.selectionSet;
  };
  const isConditional = (selection: SelectionNode): boolean =>
    selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include') ||
    below(selection)?.selections.some(isConditional) === true;
  return definitions.some(
    (each) =>
      each.kind === Kind.OPERATION_DEFINITION &&
      each.operation === 'subscription' &&
      each.selectionSet.selections.some(isConditional),
  );
}
