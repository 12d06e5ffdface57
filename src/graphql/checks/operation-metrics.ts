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

/** Depth, cost and counts of an operation. A fragment counts once for every spread. */
export interface OperationMetrics {
  readonly depth: number;
  /** From `__schema` or `__type` down. */
  readonly introspectionDepth: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** An object costs 1, a list the cost of its objects times its length, a scalar its field's complexity, usually 0. */
  readonly cost: number;
}

/** Introspecting the whole schema takes as long as reading hundreds of records; an operation needs it once or twice. */
const introspectionCost = 1_000;

const nothing: OperationMetrics = {
  depth: 0,
  introspectionDepth: 0,
  rootFields: 0,
  aliases: 0,
  directives: 0,
  cost: 0,
};

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Variables = Readonly<Record<string, unknown>>;

/** Entries per document: clients usually send a document with one or a few page sizes. */
const maximumCached = 20;

/**
 * Caches the metrics of a document's operations by their integer variables: no other variables affect them. Measuring took
 * a twentieth of the time of a small request.
 */
export class MetricsCache {
  readonly #cached = new Map<string, OperationMetrics>();

  of(schema: GraphQLSchema, fragments: Fragments, operation: OperationDefinitionNode, variables: Variables) {
    const given = operation.variableDefinitions?.map(({ variable }) => integerGiven(variable.name.value, variables));
    const key = `${operation.name?.value} ${given?.join(' ')}`;
    const cached = this.#cached.get(key);
    if (cached) return cached;
    const metrics = measureOperation(schema, fragments, operation, variables);
    if (this.#cached.size === maximumCached) this.#cached.clear();
    this.#cached.set(key, metrics);
    return metrics;
  }
}

/** The part of the cache key for one variable. Without a value, the variable's default applies. */
function integerGiven(name: string, variables: Variables): unknown {
  if (!Object.hasOwn(variables, name)) return 'default';
  return Number.isInteger(variables[name]) ? variables[name] : 'none';
}

/**
 * Measures an operation that has not been validated: unknown fields count 0, and so does a fragment inside itself. A
 * fragment is measured once for each page size around its spreads, so that the work stays proportional to the length of the
 * document, however many objects it asks for.
 */
export function measureOperation(
  schema: GraphQLSchema,
  fragments: Fragments,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationMetrics {
  const meter = new Meter(schema, fragments, { ...defaultsOf(operation), ...variables });
  return meter.ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, null);
}

class Meter {
  readonly #schema: GraphQLSchema;
  readonly #fragments: Fragments;
  readonly #variables: Variables;
  readonly #measured = new Map<string, OperationMetrics>();

  constructor(schema: GraphQLSchema, fragments: Fragments, variables: Variables) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#variables = variables;
  }

  /**
   * @param type undefined below introspection, whose types cost 0
   * @param page the page size, if this is the selection set of a connection
   */
  ofSet({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, page: number | null): OperationMetrics {
    const sum = { ...nothing };
    for (const selection of selections) {
      add(sum, this.#ofNode(selection, type, page));
      sum.directives += selection.directives?.length ?? 0;
    }
    return sum;
  }

  #ofNode(node: SelectionNode, type: GraphQLNamedType | undefined, page: number | null): OperationMetrics {
    if (node.kind === Kind.FIELD) return this.#ofField(node, type, page);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(node.name.value, page);
    const condition = node.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : type;
    return this.ofSet(node.selectionSet, condition, page);
  }

  #ofFragment(name: string, page: number | null): OperationMetrics {
    const key = `${name} ${page}`;
    const measured = this.#measured.get(key);
    if (measured) return measured;
    this.#measured.set(key, nothing);
    const fragment = this.#fragments.get(name);
    const type = fragment && this.#schema.getType(fragment.typeCondition.name.value);
    const metrics = fragment ? this.ofSet(fragment.selectionSet, type, page) : nothing;
    this.#measured.set(key, metrics);
    return metrics;
  }

  #ofField(node: FieldNode, type: GraphQLNamedType | undefined, page: number | null): OperationMetrics {
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

  /** The page size that a connection field asks for. One out of range is rejected later, with a message of its own. */
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

/** `rootFields` counts the fields of one selection set; for the operation's own set, these are the root fields. */
function add(sum: { -readonly [name in keyof OperationMetrics]: number }, metrics: OperationMetrics): void {
  sum.depth = Math.max(sum.depth, metrics.depth);
  sum.introspectionDepth = Math.max(sum.introspectionDepth, metrics.introspectionDepth);
  sum.rootFields += metrics.rootFields;
  sum.aliases += metrics.aliases;
  sum.directives += metrics.directives;
  sum.cost += metrics.cost;
}

function costOf(field: GraphQLField<unknown, unknown> | undefined, page: number | null, below: number): number {
  if (!field) return 0;
  if (!isCompositeType(getNamedType(field.type))) return Number(field.extensions.complexity ?? 0);
  // Outside connections, the complexity of a list field is its usual length. Without one, the maximum applies: inputs take
  // at most as many ids as a page has records.
  const usualLength = Number(field.extensions.complexity ?? maximumPageSize);
  const length = isListType(getNullableType(field.type)) ? (page ?? usualLength) : 1;
  return length * (1 + below);
}
