import {
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  Kind,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A value written in a document: where it stands below its field's arguments, and the type that is wanted there. */
export interface InputSite {
  readonly path: readonly (string | number)[];
  readonly type: GraphQLInputType | undefined;
}

/** Finds every value of a document: literals, their parts, and the variables that stand in for them. */
export function inputSites(schema: GraphQLSchema, document: DocumentNode): Map<ASTNode, InputSite> {
  const sites = new Map<ASTNode, InputSite>();
  const typeInfo = new TypeInfo(schema);
  const enter = (node: ASTNode, _key: unknown, parent: unknown, _way: unknown, ancestors: readonly unknown[]): void => {
    if (!isValue(node) && node.kind !== Kind.OBJECT_FIELD) return;
    const isDefined = (parent as ASTNode | undefined)?.kind === Kind.VARIABLE_DEFINITION && node.kind === Kind.VARIABLE;
    if (isDefined) return;
    const type = typeInfo.getInputType();
    sites.set(node, { path: pathOf([...ancestors, parent, node]), type: isInputType(type) ? type : undefined });
  };
  visit(document, visitWithTypeInfo(typeInfo, { enter }));
  return sites;
}

function isValue(node: ASTNode): node is ValueNode {
  return node.kind === Kind.VARIABLE || node.kind.endsWith('Value');
}

/** Argument and field names and list indices, from the innermost argument or variable default down. */
function pathOf(chain: readonly unknown[]): (string | number)[] {
  const path: (string | number)[] = [];
  chain.forEach((step, index) => {
    const next = chain[index + 1];
    if (Array.isArray(step)) {
      const holder = chain[index - 1] as ASTNode | undefined;
      if (holder?.kind === Kind.LIST) path.push(step.indexOf(next));
      return;
    }
    const node = step as ASTNode;
    if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) path.push(node.name.value);
    if (node.kind === Kind.VARIABLE_DEFINITION) path.push(node.variable.name.value);
  });
  return path;
}
