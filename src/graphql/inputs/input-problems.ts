import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import type { FieldProblem } from '../../errors.ts';
import { TimeZone } from '../scalars/time-scalars.ts';
import { illFormedTexts } from './ill-formed-texts.ts';
import { findInputSites, type InputSite, isLiteral } from './input-sites.ts';

type Path = readonly (string | number)[];

/** Per response: finding one takes as long as a small request. */
const maximumProblems = 10;

/**
 * Problems for those validation errors that are about literals. Their messages are made of path and type, because those of
 * graphql-js repeat the value, which may be a password.
 */
export function literalProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  errors: readonly Error[],
): Map<Error, FieldProblem> {
  // Computed only if an error is about a literal: this takes as long as validation.
  let sites: ReadonlyMap<ASTNode, InputSite> | undefined;
  const siteOf = (node: ASTNode): InputSite | undefined => {
    sites ??= findInputSites(schema, document);
    return sites.get(node);
  };
  return new Map(
    errors.flatMap((error) => {
      const problem = error instanceof GraphQLError ? literalProblem(siteOf, error) : null;
      return problem === null ? [] : [[error, problem] as const];
    }),
  );
}

function literalProblem(
  siteOf: (node: ASTNode) => InputSite | undefined,
  { nodes, message }: GraphQLError,
): FieldProblem | null {
  const node = nodes?.length === 1 ? nodes[0] : undefined;
  const site = node && isLiteral(node) ? siteOf(node) : undefined;
  if (!node || !site) return null;
  if (node.kind === Kind.OBJECT_FIELD) return unknownField(site.path);
  const missing = /^Field "\w+\.(\w+)" of required type/.exec(message)?.[1];
  if (missing) return required([...site.path, missing]);
  return node.kind === Kind.NULL ? required(site.path) : wrongType(site.path, site.type);
}

/** The first problems with the variables of an operation and the string literals of its document. */
export function inputProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  illFormedLiterals: readonly ASTNode[],
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let sites: ReadonlyMap<ASTNode, InputSite> | undefined;
  const sitesOf = (matches: (node: ASTNode) => boolean): InputSite[] => {
    sites ??= findInputSites(schema, document);
    return [...sites].filter(([node]) => matches(node)).map(([, site]) => site);
  };
  for (const definition of operation.variableDefinitions ?? []) {
    if (problems.length >= maximumProblems) break;
    const name = definition.variable.name.value;
    const uses = () => sitesOf((node) => node.kind === Kind.VARIABLE && node.name.value === name);
    const type = typeFromAST(schema, definition.type);
    if (isInputType(type)) problems.push(...variableProblems(definition, type, variables, uses));
  }
  if (illFormedLiterals.length > 0 && problems.length < maximumProblems) {
    const found = new Set(illFormedLiterals);
    const stored = sitesOf((node) => found.has(node)).filter(({ type }) => isStored(type));
    problems.push(...stored.map(({ path }) => illFormed(path)));
  }
  return problems.slice(0, maximumProblems);
}

/** @param uses where the document uses the variable */
function variableProblems(
  { variable, defaultValue }: VariableDefinitionNode,
  type: GraphQLInputType,
  variables: Readonly<Record<string, unknown>>,
  uses: () => InputSite[],
): FieldProblem[] {
  const name = variable.name.value;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  // Problems name the argument, not the variable: `input.email` for `$mail` in `email: $mail`.
  const pathAtUse = (): Path => uses()[0]?.path ?? [name];
  if (value === undefined) return isNonNullType(type) && !defaultValue ? [required(pathAtUse())] : [];
  if (value === null && defaultValue) {
    // With a default, a nullable variable may be used where null is not allowed; an explicit null is then an error.
    return uses().flatMap((use) => (isNonNullType(use.type) ? [required(use.path)] : []));
  }
  const misfits = misfitsIn(value, type);
  if (misfits.length > 0) {
    const path = pathAtUse();
    return misfits.map((misfit) => misfitProblem(misfit, path, typeAt(type, misfit.path)));
  }
  const texts = illFormedTexts(value, maximumProblems).filter((below) => isStored(typeAt(type, below)));
  return texts.map((below) => illFormed([...pathAtUse(), ...below]));
}

/** A part of a variable that does not fit its type, with the message of graphql-js. */
interface Misfit {
  readonly path: Path;
  readonly value: unknown;
  readonly message: string;
}

// Created once: capturing its stack took a thirtieth of a small request.
const enough = new Error('Enough misfits have been found.');

function misfitsIn(variable: unknown, type: GraphQLInputType): Misfit[] {
  const misfits: Misfit[] = [];
  try {
    coerceInputValue(variable, type, (path, value, { message }) => {
      misfits.push({ path, value, message });
      if (misfits.length === maximumProblems) throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return misfits;
}

function misfitProblem({ path: below, value, message }: Misfit, variable: Path, type?: GraphQLInputType): FieldProblem {
  const path = [...variable, ...below];
  // Not matched against the patterns below: the message repeats the value, which may be very long.
  if (typeof value === 'string') return wrongType(path, type);
  const unknown = /^Field "(.*?)" is not defined by type/s.exec(message)?.[1];
  if (unknown !== undefined) return unknownField([...path, unknown]);
  const missing = /^Field "(\w+)" of required type/.exec(message)?.[1];
  if (missing) return required([...path, missing]);
  return value === null || value === undefined ? required(path) : wrongType(path, type);
}

/** The type at a path below a variable. */
function typeAt(root: GraphQLInputType, path: Path): GraphQLInputType | undefined {
  return path.reduce<GraphQLInputType | undefined>((type, step) => {
    const nullable = getNullableType(type);
    if (typeof step === 'number') return isListType(nullable) ? (nullable.ofType as GraphQLInputType) : type;
    return isInputObjectType(nullable) ? nullable.getFields()[step]?.type : undefined;
  }, root);
}

/** Time zones are not stored as sent, but by the name that was found for them. */
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
  const expected = type === undefined ? 'another type' : `type ${String(getNullableType(type))}`;
  return { path, code: 'INVALID_VALUE', message: `${nameOf(path)} must be a value of ${expected}.` };
}

function illFormed(path: Path): FieldProblem {
  const message = `${nameOf(path)} contains characters that cannot be stored: NUL or an unpaired surrogate.`;
  return { path, code: 'ILL_FORMED_TEXT', message };
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'A value' : path.join('.');
}
