import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { measureOperation, type OperationSize } from './operation-size.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Sizes kept of one document at most: it is usually sent with one size of page, or a few. */
const maximumKept = 20;

/**
 * The sizes of a document's operations, measured once for each size of page that its variables ask for: nothing else of
 * the variables matters. Measuring took a twentieth of a small request.
 */
export class KnownSizes {
  readonly #document: DocumentNode;
  readonly #kept = new Map<string, OperationSize>();
  #pageVariables: readonly string[] | undefined;

  constructor(document: DocumentNode) {
    this.#document = document;
  }

  of(
    schema: GraphQLSchema,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): OperationSize {
    this.#pageVariables ??= pageVariablesOf(this.#document);
    const sizes = this.#pageVariables.map((name) => sizeGiven(name, variables));
    const key = `${operation.name?.value} ${sizes.join(' ')}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const size = measureOperation(schema, fragments, operation, variables);
    if (this.#kept.size === maximumKept) this.#kept.clear();
    this.#kept.set(key, size);
    return size;
  }
}

function pageVariablesOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Argument: ({ name, value }) => {
      if (value.kind === Kind.VARIABLE && (name.value === 'first' || name.value === 'last'))
        names.add(value.name.value);
    },
  });
  return [...names];
}

/** As far as a measure tells values apart: where none is given the variable's default counts. */
function sizeGiven(name: string, variables: Variables): unknown {
  if (!Object.hasOwn(variables, name)) return 'default';
  return Number.isInteger(variables[name]) ? variables[name] : 'none';
}
