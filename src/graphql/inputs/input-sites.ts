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

/** A value written in a document: where it stands below its field's arguments, and the type that is wanted there. */
export interface InputSite {
  readonly path: readonly (string | number)[];
  readonly type: GraphQLInputType | undefined;
}

type Parent = ASTNode | readonly ASTNode[] | undefined;

/** The values of a document in its order: literals, their parts, and the variables that stand in for them. */
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

/** Most nodes are names and plain fields. */
function hasNoValues(node: ASTNode): boolean {
  if (node.kind !== Kind.FIELD) return node.kind === Kind.NAME;
  return !node.selectionSet && !node.arguments?.length && !node.directives?.length;
}

/** What the path to a value gains with this node: an argument's, field's or variable's name, or an index in a list. */
function stepOf(node: ASTNode, key: string | number | undefined, above: Parent): string | number | undefined {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  return typeof key === 'number' && above && 'kind' in above && above.kind === Kind.LIST ? key : undefined;
}

function isInput(node: ASTNode, parent: Parent): boolean {
  if (node.kind === Kind.VARIABLE) return !(parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION);
  return isLiteral(node);
}

/** A value that is written out, or a part of one. */
export function isLiteral({ kind }: ASTNode): boolean {
  return kind === Kind.OBJECT_FIELD || kind.endsWith('Value');
}
