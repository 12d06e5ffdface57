import type { FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

/** The root fields with an @Authorized resolver, such as `Query.me`. Call it after the schema has been built. */
export function authenticatedFields(): ReadonlySet<string> {
  const { queries, mutations, subscriptions } = getMetadataStorage();
  const authenticated = (type: string, handlers: typeof queries): string[] =>
    handlers.filter(({ roles }) => roles !== undefined).map(({ schemaName }) => `${type}.${schemaName}`);
  return new Set([
    ...authenticated('Query', queries),
    ...authenticated('Mutation', mutations),
    ...authenticated('Subscription', subscriptions),
  ]);
}

const rootTypes = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Whether an operation selects one of these root fields; @skip and @include are ignored. */
export function namesAny(
  fields: ReadonlySet<string>,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  const type = rootTypes[operation.operation];
  const visited = new Set<string>();
  const isNamed = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.kind === 'Field') return fields.has(`${type}.${selection.name.value}`);
      if (selection.kind === 'InlineFragment') return isNamed(selection.selectionSet);
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (!fragment || visited.has(name)) return false;
      visited.add(name);
      return isNamed(fragment.selectionSet);
    });
  return isNamed(operation.selectionSet);
}
