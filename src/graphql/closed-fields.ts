import type { FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

/** The root fields whose resolvers are @Authorized, as `Query.me`. Complete once the schema has been built. */
export function closedRootFields(): ReadonlySet<string> {
  const { queries, mutations } = getMetadataStorage();
  const closed = (type: string, handlers: typeof queries): string[] =>
    handlers.filter(({ roles }) => roles !== undefined).map(({ schemaName }) => `${type}.${schemaName}`);
  return new Set([...closed('Query', queries), ...closed('Mutation', mutations)]);
}

/**
 * Whether an operation names a root field that only a signed-in user may use. Directives are not weighed: an anonymous
 * document that names one is refused, whatever @skip would have done.
 */
export function namesClosedField(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  closed: ReadonlySet<string>,
): boolean {
  const type = operation.operation === 'query' ? 'Query' : 'Mutation';
  const visited = new Set<string>();
  const names = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.kind === 'Field') return closed.has(`${type}.${selection.name.value}`);
      if (selection.kind === 'InlineFragment') return names(selection.selectionSet);
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (!fragment || visited.has(name)) return false;
      visited.add(name);
      return names(fragment.selectionSet);
    });
  return names(operation.selectionSet);
}
