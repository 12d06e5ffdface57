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
  /**
   * An object costs 1, a list the cost of its objects times its length, a scalar its field's complexity, usually 0. An object of
   * a field with a `flatCost` costs that, whatever it is asked for, plus its pages and what is below the objects and lists in it.
   */
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

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
export type Variables = Readonly<Record<string, unknown>>;

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
  const type = schema.getRootType(operation.operation) ?? undefined;
  return meter.ofSet(operation.selectionSet, { type, page: null, isFlat: false });
}

/** Where a selection set is. */
interface Place {
  /** undefined below introspection, whose types cost 0. */
  readonly type: GraphQLNamedType | undefined;
  /** The page size, if this is the selection set of a connection. */
  readonly page: number | null;
  /** Whether the fields themselves cost nothing. */
  readonly isFlat: boolean;
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

  ofSet({ selections }: SelectionSetNode, place: Place): OperationMetrics {
    const sum = { ...nothing };
    for (const selection of selections) {
      add(sum, this.#ofNode(selection, place));
      sum.directives += selection.directives?.length ?? 0;
    }
    return sum;
  }

  #ofNode(node: SelectionNode, place: Place): OperationMetrics {
    if (node.kind === Kind.FIELD) return this.#ofField(node, place);
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(node.name.value, place);
    const type = node.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : place.type;
    return this.ofSet(node.selectionSet, { ...place, type });
  }

  #ofFragment(name: string, place: Place): OperationMetrics {
    const key = `${name} ${place.page} ${place.isFlat}`;
    const measured = this.#measured.get(key);
    if (measured) return measured;
    this.#measured.set(key, nothing);
    const fragment = this.#fragments.get(name);
    const type = fragment && this.#schema.getType(fragment.typeCondition.name.value);
    const metrics = fragment ? this.ofSet(fragment.selectionSet, { ...place, type }) : nothing;
    this.#measured.set(key, metrics);
    return metrics;
  }

  #ofField(node: FieldNode, place: Place): OperationMetrics {
    const { type } = place;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const inner = {
      type: field && getNamedType(field.type),
      page: this.#pageOf(node, field),
      isFlat: field?.extensions.flatCost !== undefined,
    };
    // Once each: a page, and what is asked for again under another name, are work of their own.
    const isFlat = place.isFlat && !node.alias && inner.page === null;
    const below = node.selectionSet ? this.ofSet(node.selectionSet, inner) : nothing;
    const depth = 1 + below.depth;
    const isIntrospection = node.name.value === '__schema' || node.name.value === '__type';
    return {
      depth: isIntrospection ? 0 : depth,
      introspectionDepth: isIntrospection ? depth : below.introspectionDepth,
      rootFields: 1,
      aliases: below.aliases + (node.alias ? 1 : 0),
      directives: below.directives,
      cost: isIntrospection ? introspectionCost : costOf(field, { ...place, isFlat }, below.cost),
    };
  }

  /** The page size that a connection field asks for. One out of range is rejected later, with a message of its own. */
  #pageOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number | null {
    if (!field?.args.some(({ name }) => name === 'first')) return null;
    const { usual, maximum } = Object(
      field.extensions.pageSizes ?? { usual: defaultPageSize, maximum: maximumPageSize },
    );
    const size = this.#integer(node, 'first') ?? this.#integer(node, 'last') ?? usual;
    return Math.min(Math.max(size, 0), maximum);
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

function costOf(field: GraphQLField<unknown, unknown> | undefined, { page, isFlat }: Place, below: number): number {
  if (!field) return 0;
  if (!isCompositeType(getNamedType(field.type))) return isFlat ? 0 : Number(field.extensions.complexity ?? 0);
  // Outside connections, the complexity of a list field is its usual length. Without one, the maximum applies: inputs take
  // at most as many ids as a page has records.
  const usualLength = Number(field.extensions.complexity ?? maximumPageSize);
  const length = isListType(getNullableType(field.type)) ? (page ?? usualLength) : 1;
  return length * (isFlat ? below : Number(field.extensions.flatCost ?? 1) + below);
}
