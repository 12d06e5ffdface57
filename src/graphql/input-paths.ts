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

/** Finds every value of a document: literals, their parts, and the variables that stand in for them. */
export function inputSites(schema: GraphQLSchema, document: DocumentNode): Map<ASTNode, InputSite> {
  const sites = new Map<ASTNode, InputSite>();
  const typeInfo = new TypeInfo(schema);
  // One path for the whole walk: what a step adds on the way in, it takes away on the way out.
  const path: (string | number)[] = [];
  const added = new Set<ASTNode>();
  const visitor = {
    enter(node: ASTNode, key: string | number | undefined, parent: ASTNode | readonly ASTNode[] | undefined): void {
      const step = stepOf(node, key, parent);
      if (step !== undefined) {
        path.push(step);
        added.add(node);
      }
      if (isInput(node, parent)) sites.set(node, { path: [...path], type: typeInfo.getInputType() ?? undefined });
    },
    leave(node: ASTNode): void {
      if (added.delete(node)) path.pop();
    },
  };
  visit(document, visitWithTypeInfo(typeInfo, visitor));
  return sites;
}

type Parent = ASTNode | readonly ASTNode[] | undefined;

/** What the path to a value gains with this node: an argument's, field's or variable's name, or an index in a list. */
function stepOf(node: ASTNode, key: string | number | undefined, parent: Parent): string | number | undefined {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  // Of all lists of nodes, only a list value's hold values.
  return Array.isArray(parent) && isValue(node) ? Number(key) : undefined;
}

function isInput(node: ASTNode, parent: Parent): boolean {
  const isDefinition = parent !== undefined && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
  return isValue(node) ? !(isDefinition && node.kind === Kind.VARIABLE) : node.kind === Kind.OBJECT_FIELD;
}

function isValue(node: ASTNode): boolean {
  return node.kind === Kind.VARIABLE || node.kind.endsWith('Value');
}
