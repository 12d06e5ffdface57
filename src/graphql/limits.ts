import { printFigure } from './figures.ts';
import type { OperationSize } from './operation-size.ts';

/** What one operation may ask for. docs/security.md says why each is where it is. */
export const limits = {
  /** Of the document, whatever they are. */
  characters: 50_000,
  /** Comments, escape sequences and, where there are block strings, lines of the document. */
  marks: 1_000,
  /** Lexical tokens of the document, counted by the parser. */
  tokens: 1_000,
  /** Of fields that answer to one name, and of fragments that are spread at one place. */
  comparisons: 1_000,
  /** Reported of one document. */
  validationErrors: 5,
  /** Declared in the document. */
  variables: 100,
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
  variableValues: 1_000,
  /** Characters. */
  operationName: 100,
} as const;

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
  return figure > 1e9 ? 'over a billion' : printFigure(figure);
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
