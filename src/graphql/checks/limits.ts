import { type DocumentNode, Kind, type Location, TokenKind } from 'graphql';
import { formatInteger } from '../format-integer.ts';
import { comparisonsOf, selectionsOf } from './comparisons.ts';
import type { OperationSize } from './operation-cost.ts';

/** What one operation may ask for. docs/security.md says why each is where it is. */
export const limits = {
  /** Of the document, whatever they are. */
  characters: 50_000,
  /** Comments, escape sequences and, where there are block strings, lines of the document. */
  marks: 1_000,
  /** Lexical tokens of the document, counted by the parser. */
  tokens: 500,
  /** Fields and fragments that the document selects, wherever they stand. */
  selections: 350,
  /** Of fields that answer to one name, and of fragments with the places that lead to them. */
  comparisons: 1_500,
  /** Reported of one document. */
  validationErrors: 5,
  /** Operations, fragments and variables that the document defines, used or not. */
  operations: 20,
  fragments: 40,
  variables: 100,
  /** Characters of a name, whatever it names. */
  name: 200,
  depth: 12,
  /** Levels from `__schema` or `__type` down; the query that GraphiQL and code generators send is 15 deep. */
  introspectionDepth: 20,
  aliases: 30,
  rootFields: 20,
  directives: 10,
  cost: 5_000,
  /** Nesting of the variables. */
  variablesDepth: 10,
  /** Objects, lists and scalars in all variables together. */
  variableValues: 2_500,
  /** Characters. */
  operationName: 100,
} as const;

/** Records in a page that names no size. */
export const defaultPageSize = 50;
/** Records in a page at most. */
export const maximumPageSize = 100;

const defined = ['operations', 'fragments', 'variables'] as const;

/** Which limits a document breaks by itself, whichever of its operations is to run. */
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

const repeated = `more than ${printed(limits.comparisons)} pairs of fields or fragments that have to be compared`;

/** Validation compares a name that is not known with all that are. */
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

/** Which limits an operation breaks, each with its figure; empty where it keeps to all. */
export function brokenLimits(size: OperationSize): string[] {
  return measured
    .filter(([name]) => size[name] > limits[name])
    .map(([name, words]) => `${words} ${printed(size[name])} of at most ${printed(limits[name])}`);
}

function printed(figure: number): string {
  return figure > 1e9 ? 'over a billion' : formatInteger(figure);
}

/** Which limits the variables break; a look that ends as soon as it has seen too much. */
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
  return values > limits.variableValues ? [`variables of more than ${printed(limits.variableValues)} values`] : [];
}
