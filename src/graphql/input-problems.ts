import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { FieldProblem } from '../errors.ts';
import { illFormedTexts, isWellFormed } from './ill-formed-texts.ts';
import { InputSites, type Misfit, misfitsIn } from './input-values.ts';
import { TimeZone } from './time-scalars.ts';

type Path = readonly (string | number)[];

/** Named in one answer at most: finding out about each takes as long as a small request. */
const maximumProblems = 10;
/**
 * Picks from what validation found the errors about values that the document spells out, and rebuilds each from where the
 * value stands and the type that is wanted there: graphql-js's own messages repeat the value, and that may be a password.
 */
export function literalProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  errors: readonly Error[],
): Map<Error, FieldProblem> {
  const sites = new InputSites(schema, document);
  return new Map(
    errors.flatMap((error) => {
      const problem = error instanceof GraphQLError ? literalProblem(sites, error) : null;
      return problem === null ? [] : [[error, problem] as const];
    }),
  );
}

function literalProblem(sites: InputSites, { nodes, message }: GraphQLError): FieldProblem | null {
  const node = nodes?.length === 1 ? nodes[0] : undefined;
  const site = node && sites.of(node);
  if (!site || node.kind === Kind.VARIABLE) return null;
  if (node.kind === Kind.OBJECT_FIELD) return unknownField(site.path);
  const missing = /^Field "\w+\.(\w+)" of required type/.exec(message)?.[1];
  if (missing) return required([...site.path, missing]);
  return node.kind === Kind.NULL ? required(site.path) : wrongType(site.path, site.type);
}

/** Every problem with the variables of an operation and with the texts in its document; none of them was executed. */
export function inputProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  illFormedLiterals: readonly ASTNode[],
): FieldProblem[] {
  const sites = new InputSites(schema, document);
  const problems: FieldProblem[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    if (problems.length < maximumProblems) problems.push(...variableProblems(definition, variables, sites));
  }
  for (const node of illFormedLiterals) {
    if (problems.length >= maximumProblems) break;
    const site = sites.of(node);
    if (isStored(site?.type)) problems.push(illFormed(site?.path ?? []));
  }
  return problems.slice(0, maximumProblems);
}

function variableProblems(
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  sites: InputSites,
): FieldProblem[] {
  const name = variable.name.value;
  const type = sites.typeOf(typeNode);
  if (!type) return [];
  const isGiven = Object.hasOwn(variables, name) && variables[name] !== undefined;
  if (!isGiven) return isNonNullType(type) && !defaultValue ? [required(pathAtUse(name, sites)())] : [];
  if (variables[name] === null && defaultValue) return nullProblems(name, sites);
  const path = pathAtUse(name, sites);
  const misfits = misfitsIn(variables[name], type, maximumProblems);
  return misfits.length > 0
    ? misfits.map((misfit) => misfitProblem(misfit, path(), typeAt(type, misfit.path)))
    : illFormedTexts(variables[name], maximumProblems)
        .filter((below) => isStored(typeAt(type, below)))
        .map((below) => illFormed([...path(), ...below]));
}

/** A default lets a nullable variable stand at a non-null place, where an explicit null then does not fit. */
function nullProblems(variable: string, sites: InputSites): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const { path, type } of sites.ofVariable(variable)) {
    if (isNonNullType(type)) problems.push(required(path));
    if (problems.length === maximumProblems) break;
  }
  return problems;
}

/**
 * A client thinks in arguments, not in the names it gave to variables: `$mail` in `email: $mail` is `input.email`. Looked
 * up when it is asked for the first time.
 */
function pathAtUse(variable: string, sites: InputSites): () => Path {
  let found: Path | undefined;
  return () => {
    found ??= sites.ofVariable(variable).next().value?.path ?? [variable];
    return found;
  };
}

function misfitProblem({ path: below, value, message }: Misfit, variable: Path, type?: GraphQLInputType): FieldProblem {
  const path = [...variable, ...below];
  const unknown = /^Field "(.*?)" is not defined by type/s.exec(message)?.[1];
  if (unknown !== undefined) return unknownField([...path, unknown]);
  const missing = /^Field "(\w+)" of required type/.exec(message)?.[1];
  if (missing) return required([...path, missing]);
  return value === null || value === undefined ? required(path) : wrongType(path, type);
}

/** The type at a path below a variable. */
function typeAt(root: GraphQLInputType, path: Path): GraphQLInputType | undefined {
  let type: GraphQLInputType | undefined = root;
  for (const step of path) {
    const nullable = getNullableType(type) as unknown as {
      ofType?: GraphQLInputType;
      getFields?: () => Record<string, { type: GraphQLInputType }>;
    };
    type = typeof step === 'number' ? (nullable.ofType ?? type) : nullable.getFields?.()[step]?.type;
    if (!type) return undefined;
  }
  return type;
}

/** Texts of the document that cannot be stored; they depend on the document alone. */
export function findIllFormedLiterals(document: DocumentNode): ASTNode[] {
  const found: ASTNode[] = [];
  const text = document.loc?.source.body ?? '';
  if (isWellFormed(text) && !text.includes('\\u')) return found;
  visit(document, { StringValue: (node) => void (isWellFormed(node.value) || found.push(node)) });
  return found;
}

/** A time zone is looked up; what is stored is a name that was found. */
function isStored(type: GraphQLInputType | undefined): boolean {
  return getNullableType(type) !== TimeZone;
}

function required(path: Path): FieldProblem {
  return { path, code: 'REQUIRED', message: `${nameOf(path)} is required.` };
}

function unknownField(path: Path): FieldProblem {
  return { path, code: 'UNKNOWN_FIELD', message: `${nameOf(path)} is not a field of this input.` };
}

function wrongType(path: Path, type: GraphQLInputType | undefined): FieldProblem {
  const wanted = type === undefined ? 'another type' : `type ${String(getNullableType(type))}`;
  return { path, code: 'INVALID_VALUE', message: `${nameOf(path)} must be a value of ${wanted}.` };
}

function illFormed(path: Path): FieldProblem {
  const message = `${nameOf(path)} holds characters that cannot be stored: NUL, or half of a surrogate pair.`;
  return { path, code: 'ILL_FORMED_TEXT', message };
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'A value' : path.join('.');
}
