import {
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Where a document has a literal or a variable: the path below the field's arguments, and the expected type. */
export interface InputSite {
  readonly path: readonly (string | number)[];
  readonly type: GraphQLInputType | undefined;
}

type Parent = ASTNode | readonly ASTNode[] | undefined;

/** The literals of a document with their parts, and the uses of variables, in document order. */
export function findInputSites(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<ASTNode, InputSite> {
  const sites = new Map<ASTNode, InputSite>();
  const typeInfo = new TypeInfo(schema);
  const path: (string | number)[] = [];
  const visitor = visitWithTypeInfo(typeInfo, {
    enter(node, key, parent, _path, ancestors) {
      if (hasNoValues(node)) return false;
      const step = stepOf(node, key, ancestors.at(-1));
      if (step !== undefined) path.push(step);
      if (isInput(node, parent)) sites.set(node, { path: [...path], type: typeInfo.getInputType() ?? undefined });
      return undefined;
    },
    leave(node, key, _parent, _path, ancestors) {
      if (stepOf(node, key, ancestors.at(-1)) !== undefined) path.pop();
    },
  });
  visit(document, visitor);
  return sites;
}

/** Skips most nodes: names and plain fields. */
function hasNoValues(node: ASTNode): boolean {
  if (node.kind !== Kind.FIELD) return node.kind === Kind.NAME;
  return !node.selectionSet && !node.arguments?.length && !node.directives?.length;
}

/** What this node adds to the path: the name of an argument, field or variable, or an index in a list. */
function stepOf(node: ASTNode, key: string | number | undefined, above: Parent): string | number | undefined {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  return typeof key === 'number' && above && 'kind' in above && above.kind === Kind.LIST ? key : undefined;
}

function isInput(node: ASTNode, parent: Parent): boolean {
  if (node.kind === Kind.VARIABLE) return !(parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION);
  return isLiteral(node);
}

/** A literal or a part of one. */
export function isLiteral({ kind }: ASTNode): boolean {
  return kind === Kind.OBJECT_FIELD || kind.endsWith('Value');
}
