import { type DocumentNode, Kind, type Location, TokenKind } from 'graphql';
import { formatInteger } from '../format-integer.ts';
import { comparisonsOf, selectionsOf } from './comparisons.ts';
import type { OperationMetrics } from './operation-metrics.ts';

/** The limits of one request. docs/security.md gives the reason for each. */
export const limits = {
  /** Characters of the document. */
  characters: 50_000,
  /** Comments, escape sequences and, if the document has block strings, its lines. */
  marks: 1_000,
  /** Lexical tokens of the document, counted by the parser. */
  tokens: 500,
  /** Fields, spreads and inline fragments of the document, at every depth. */
  selections: 350,
  /** Comparisons between selections during validation; see comparisons.ts. */
  comparisons: 1_500,
  /** Validation errors reported per document. */
  validationErrors: 5,
  /** Operations, fragments and variables that the document defines, including unused ones. */
  operations: 20,
  fragments: 40,
  variables: 100,
  /** Characters of any name in the document. */
  name: 200,
  depth: 12,
  /** Levels from `__schema` or `__type` down; the query that GraphiQL and code generators send is 15 deep. */
  introspectionDepth: 20,
  aliases: 30,
  rootFields: 20,
  directives: 10,
  cost: 5_000,
  /** Levels of nesting in the variables. */
  variablesDepth: 10,
  /** Objects, lists and scalars in all variables together. */
  variableValues: 2_500,
  /** Characters of the operation's name. */
  operationName: 100,
} as const;

/** Records per page without `first` or `last`. */
export const defaultPageSize = 50;
/** The largest `first` or `last`. */
export const maximumPageSize = 100;

const defined = ['operations', 'fragments', 'variables'] as const;

/** The limits that the document itself exceeds, regardless of which operation is executed. */
export function brokenDocumentLimits(document: DocumentNode): string[] {
  const { definitions, loc } = document;
  const counts = { operations: 0, fragments: 0, variables: 0 };
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) counts.operations += 1;
    if (definition.kind === Kind.FRAGMENT_DEFINITION) counts.fragments += 1;
    if ('variableDefinitions' in definition) counts.variables += definition.variableDefinitions?.length ?? 0;
  }
  const selections = selectionsOf(document);
  const broken = defined.filter((name) => counts[name] > limits[name]);
  return [
    ...broken.map((name) => `${name} ${counts[name]} of at most ${limits[name]}`),
    ...(hasLongName(loc) ? [`a name of more than ${limits.name} characters`] : []),
    ...(selections.length > limits.selections
      ? [`fields and fragments ${selections.length} of at most ${limits.selections}`]
      : []),
    ...(comparisonsOf(selections) > limits.comparisons ? [repeated] : []),
  ];
}

const repeated = `more than ${formatInteger(limits.comparisons)} pairs of fields or fragments that have to be compared`;

/** Validation compares an unknown name with all known ones, to suggest one: the work grows with the name's length. */
function hasLongName(loc: Location | undefined): boolean {
  for (let token = loc?.startToken ?? null; token; token = token.next) {
    if (token.kind === TokenKind.NAME && token.end - token.start > limits.name) return true;
  }
  return false;
}

const measured = [
  ['depth', 'depth'],
  ['introspectionDepth', 'introspection depth'],
  ['aliases', 'aliases'],
  ['rootFields', 'root fields'],
  ['directives', 'directives'],
  ['cost', 'cost'],
] as const;

/** The limits that an operation exceeds, each with the measured value. */
export function brokenLimits(metrics: OperationMetrics): string[] {
  return measured
    .filter(([name]) => metrics[name] > limits[name])
    .map(([name, words]) => `${words} ${format(metrics[name])} of at most ${format(limits[name])}`);
}

function format(count: number): string {
  return count > 1e9 ? 'over a billion' : formatInteger(count);
}

/** The limits that the variables exceed. Stops counting at the first one. */
export function brokenVariableLimits(variables: unknown): string[] {
  let values = 0;
  const isTooDeep = (value: unknown, levels: number): boolean => {
    values += 1;
    if (typeof value !== 'object' || value === null || values > limits.variableValues) return false;
    return levels === 0 || Object.values(value).some((item) => isTooDeep(item, levels - 1));
  };
  if (isTooDeep(variables, limits.variablesDepth)) {
    return [`variables nested deeper than ${limits.variablesDepth} levels`];
  }
  return values > limits.variableValues
    ? [`variables of more than ${formatInteger(limits.variableValues)} values`]
    : [];
}
