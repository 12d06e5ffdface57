import {
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  type VariableNode,
  visit,
} from 'graphql';

/** A value written in a document: where it stands below its field's arguments, and the type that is wanted there. */
export interface InputSite {
  readonly path: readonly (string | number)[];
  readonly type: GraphQLInputType | undefined;
}

/**
 * Finds values of a document: literals, their parts, and the variables that stand in for them. Only the way down to a value
 * is looked at: a look at every node takes longer than all of validation.
 */
export class InputSites {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  #uses: Map<string, VariableNode[]> | undefined;

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#document = document;
  }

  /** @returns undefined where the node is no value */
  of(wanted: ASTNode): InputSite | undefined {
    const typeInfo = new TypeInfo(this.#schema);
    const path: (string | number)[] = [];
    let child: Child | undefined = { node: this.#document, step: undefined };
    let parent: ASTNode | undefined;
    for (; child; child = childTowards(child.node, wanted)) {
      const { node, step } = child;
      typeInfo.enter(node);
      if (step !== undefined) path.push(step);
      if (node === wanted)
        return isInput(node, parent) ? { path, type: typeInfo.getInputType() ?? undefined } : undefined;
      parent = node;
    }
    return undefined;
  }

  /** Where a variable stands in for a value, in the order of the document, as far as anyone asks. */
  *ofVariable(name: string): Generator<InputSite, undefined> {
    this.#uses ??= usesOfVariables(this.#document);
    for (const node of this.#uses.get(name) ?? []) {
      const site = this.of(node);
      if (site) yield site;
    }
    return undefined;
  }
}

interface Child {
  readonly node: ASTNode;
  /** What the path to a value gains with this node: an argument's, field's or variable's name, or an index in a list. */
  readonly step: string | number | undefined;
}

function childTowards(parent: ASTNode, wanted: ASTNode): Child | undefined {
  for (const value of Object.values(parent) as unknown[]) {
    const index = Array.isArray(value) ? value.findIndex((item) => holds(item, wanted)) : -1;
    const node: unknown = index === -1 ? value : (value as unknown[])[index];
    if (holds(node, wanted)) return { node, step: stepOf(node, parent, index) };
  }
  return undefined;
}

function holds(node: unknown, { loc }: ASTNode): node is ASTNode {
  if (typeof node !== 'object' || node === null || !('kind' in node)) return false;
  const own = (node as ASTNode).loc;
  return own !== undefined && loc !== undefined && own.start <= loc.start && loc.end <= own.end;
}

function stepOf(node: ASTNode, parent: ASTNode, index: number): string | number | undefined {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  return parent.kind === Kind.LIST ? index : undefined;
}

function isInput(node: ASTNode, parent: ASTNode | undefined): boolean {
  if (node.kind === Kind.VARIABLE) return parent?.kind !== Kind.VARIABLE_DEFINITION;
  return node.kind === Kind.OBJECT_FIELD || node.kind.endsWith('Value');
}

function usesOfVariables(document: DocumentNode): Map<string, VariableNode[]> {
  const uses = new Map<string, VariableNode[]>();
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      uses.set(node.name.value, [...(uses.get(node.name.value) ?? []), node]);
    },
  });
  return uses;
}
