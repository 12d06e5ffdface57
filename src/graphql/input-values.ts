import {
  type ASTNode,
  type ASTVisitor,
  BREAK,
  coerceInputValue,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  Kind,
  TypeInfo,
  type TypeNode,
  typeFromAST,
  type VariableNode,
  visit,
  visitWithTypeInfo,
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
    let site: InputSite | undefined;
    const visitor: ASTVisitor = {
      enter(node, key, parent, _path, ancestors) {
        if (!holds(node, wanted)) return false;
        const step = stepOf(node, key, ancestors.at(-1));
        if (step !== undefined) path.push(step);
        if (node !== wanted) return undefined;
        if (isInput(node, parent)) site = { path, type: typeInfo.getInputType() ?? undefined };
        return BREAK;
      },
    };
    visit(this.#document, visitWithTypeInfo(typeInfo, visitor));
    return site;
  }

  /** @returns undefined where there is no such type, or none that can be given */
  typeOf(written: TypeNode): GraphQLInputType | undefined {
    const type = typeFromAST(this.#schema, written);
    return isInputType(type) ? type : undefined;
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

type Around = ASTNode | readonly ASTNode[] | undefined;

function holds({ loc }: ASTNode, { loc: wanted }: ASTNode): boolean {
  return loc !== undefined && wanted !== undefined && loc.start <= wanted.start && wanted.end <= loc.end;
}

/** What the path to a value gains with this node: an argument's, field's or variable's name, or an index in a list. */
function stepOf(node: ASTNode, key: string | number | undefined, above: Around): string | number | undefined {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  if (node.kind === Kind.VARIABLE_DEFINITION) return node.variable.name.value;
  return above && 'kind' in above && above.kind === Kind.LIST ? key : undefined;
}

function isInput(node: ASTNode, parent: Around): boolean {
  if (node.kind === Kind.VARIABLE) return !(parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION);
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

/** A part of a variable that does not fit, and what graphql-js says of it. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  readonly message: string;
}

// Made once: its stack is never read, and took one part in thirty of a small request.
const enough = new Error('There are misfits enough.');

/** The parts of a variable that do not fit its type, the first of them. */
export function misfitsIn(variable: unknown, type: GraphQLInputType, maximum: number): Misfit[] {
  const misfits: Misfit[] = [];
  try {
    coerceInputValue(variable, type, (path, value, { message }) => {
      misfits.push({ path, value, message });
      if (misfits.length === maximum) throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return misfits;
}
