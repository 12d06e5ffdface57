import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { defaultPageSize, maximumPageSize } from './limits.ts';

/** What an operation asks for, fragments followed and counted each time that they are spread. */
export interface OperationSize {
  readonly depth: number;
  /** From `__schema` or `__type` down. */
  readonly introspectionDepth: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** An object counts 1, a list its objects times its length; a scalar what its field's complexity says, usually 0. */
  readonly cost: number;
}

/** A look at the whole schema takes as long as reading hundreds of records, and an operation needs one or two. */
const introspectionCost = 1_000;

const nothing: OperationSize = { depth: 0, introspectionDepth: 0, rootFields: 0, aliases: 0, directives: 0, cost: 0 };

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Variables = Readonly<Record<string, unknown>>;

/** Sizes kept of one document at most: it is usually sent with one size of page, or a few. */
const maximumKept = 20;

/**
 * The sizes of a document's operations, measured once for all variables that are the same whole numbers: nothing else of
 * them matters. Measuring took a twentieth of a small request.
 */
export class KnownSizes {
  readonly #kept = new Map<string, OperationSize>();

  of(schema: GraphQLSchema, fragments: Fragments, operation: OperationDefinitionNode, variables: Variables) {
    const given = operation.variableDefinitions?.map(({ variable }) => integerGiven(variable.name.value, variables));
    const key = `${operation.name?.value} ${given?.join(' ')}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const size = measureOperation(schema, fragments, operation, variables);
    if (this.#kept.size === maximumKept) this.#kept.clear();
    this.#kept.set(key, size);
    return size;
  }
}

/** As far as a measure tells values apart: where none is given the variable's default counts. */
function integerGiven(name: string, variables: Variables): unknown {
  if (!Object.hasOwn(variables, name)) return 'default';
  return Number.isInteger(variables[name]) ? variables[name] : 'none';
}

/**
 * Measures an operation, whether or not it is valid: what is not known counts nothing, and neither does a fragment within
 * itself. A fragment is measured once for each size of page that it is spread in: the work stays in proportion to the text,
 * however many objects the text multiplies to.
 */
export function measureOperation(
  schema: GraphQLSchema,
  fragments: Fragments,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationSize {
  const meter = new Meter(schema, fragments, { ...defaultsOf(operation), ...variables });
  return meter.ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, null);
}

class Meter {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #variables: Variables;
  readonly #measured = new Map<string, OperationSize>();

  constructor(schema: GraphQLSchema, fragments: Fragments, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /**
   * @param type undefined below introspection, whose types cost nothing
   * @param page how many records a list of this set has, where the set is a connection's
   */
  ofSet({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, page: number | null): OperationSize {
    const sum = { ...nothing };
    for (const selection of selections) {
      add(sum, this.#ofNode(selection, type, page));
      sum.directives += selection.directives?.length ?? 0;
    }
    return sum;
  }

  #ofNode(node: SelectionNode, type: GraphQLNamedType | undefined, page: number | null): OperationSize {
    if (node.kind === Kind.FIELD) return this.#ofField(node, type, page);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(node.name.value, page);
    const condition = node.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : type;
    return this.ofSet(node.selectionSet, condition, page);
  }

  #ofFragment(name: string, page: number | null): OperationSize {
    const key = `${name} ${page}`;
    const known = this.#measured.get(key);
    if (known) return known;
    this.#measured.set(key, nothing);
    const fragment = this.#fragments.get(name);
    const type = fragment && this.#schema.getType(fragment.typeCondition.name.value);
    const size = fragment ? this.ofSet(fragment.selectionSet, type, page) : nothing;
    this.#measured.set(key, size);
    return size;
  }

  #ofField(node: FieldNode, type: GraphQLNamedType | undefined, page: number | null): OperationSize {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const inner = field && getNamedType(field.type);
    const below = node.selectionSet ? this.ofSet(node.selectionSet, inner, this.#pageOf(node, field)) : nothing;
    const depth = 1 + below.depth;
    const isIntrospection = node.name.value === '__schema' || node.name.value === '__type';
    return {
      depth: isIntrospection ? 0 : depth,
      introspectionDepth: isIntrospection ? depth : below.introspectionDepth,
      rootFields: 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      directives: below.directives,
      cost: isIntrospection ? introspectionCost : costOf(field, page, below.cost),
    };
  }

  /** The size of the page that a connection's field asks for; what is out of range is refused with its own message. */
  #pageOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number | null {
    if (!field?.args.some(({ name }) => name === 'first')) return null;
    const size = this.#integer(node, 'first') ?? this.#integer(node, 'last') ?? defaultPageSize;
    return Math.min(Math.max(size, 0), maximumPageSize);
  }

  #integer(node: FieldNode, argument: string): number | null {
    const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
    const given = value?.kind === Kind.VARIABLE ? this.#variables[value.name.value] : value && integerOf(value);
    return Number.isInteger(given) ? Number(given) : null;
  }
}

function integerOf(value: { kind: string; value?: unknown }): number | undefined {
  return value.kind === Kind.INT ? Number(value.value) : undefined;
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && integerOf(defaultValue),
    ]),
  );
}

/** `rootFields` adds up to the fields of one set, its fragments' included: of the operation's own, the root fields. */
function add(sum: { -readonly [figure in keyof OperationSize]: number }, size: OperationSize): void {
  sum.depth = Math.max(sum.depth, size.depth);
  sum.introspectionDepth = Math.max(sum.introspectionDepth, size.introspectionDepth);
  sum.rootFields += size.rootFields;
  sum.aliases += size.aliases;
  sum.directives += size.directives;
  sum.cost += size.cost;
}

function costOf(field: GraphQLField<unknown, unknown> | undefined, page: number | null, below: number): number {
  if (!field) return 0;
  if (!isCompositeType(getNamedType(field.type))) return Number(field.extensions.complexity ?? 0);
  // Outside of connections, a field's complexity says how many are usual; no list is longer than the longest list of ids
  // that an input takes.
  const usual = Number(field.extensions.complexity ?? maximumPageSize);
  const length = isListType(getNullableType(field.type)) ? (page ?? usual) : 1;
  return length * (1 + below);
}
