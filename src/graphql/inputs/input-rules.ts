import type { ResolverData } from 'type-graphql';
import { badUserInput, type FieldProblem } from '../../errors.ts';

interface FieldRule {
  readonly property: string;
  readonly code: string;
  readonly message: string;
  readonly holds: (value: unknown) => boolean;
  readonly isForEach: boolean;
}

type Normalize = (text: string) => string;

interface Declarations {
  readonly rules: FieldRule[];
  readonly normalizations: { readonly property: string; readonly normalize: Normalize }[];
}

// By the prototype of the class that declares the field: subclasses inherit.
const declarations = new Map<unknown, Declarations>();

function declarationsOf(prototype: object): Declarations {
  const declared = declarations.get(prototype) ?? { rules: [], normalizations: [] };
  declarations.set(prototype, declared);
  return declared;
}

/**
 * Property decorator: a rule for one field of an input or arguments class. Rules are not checked for omitted fields.
 * @param code for `extensions.fields[].code`; clients may switch on it
 * @param message for the person who filled in the form
 * @param isForEach checks each item of a list, and reports bad ones by index
 */
export function Rule(
  code: string,
  message: string,
  holds: (value: unknown) => boolean,
  isForEach = false,
): PropertyDecorator {
  return (prototype, property) => {
    declarationsOf(prototype).rules.push({ property: String(property), code, message, holds, isForEach });
  };
}

/** Combines decorators of one field. */
export function Rules(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}

/** Property decorator: replaces the text by its normalized form, before the field's rules are checked. */
export function Normalized(normalize: Normalize): PropertyDecorator {
  return (prototype, property) => {
    declarationsOf(prototype).normalizations.push({ property: String(property), normalize });
  };
}

/**
 * TypeGraphQL calls it for every argument of every resolver, with an instance of the argument's class.
 * @throws AppError BAD_USER_INPUT with every field that breaks a rule
 */
export function checkRules(value: unknown, { args }: Pick<ResolverData, 'args'>): void {
  // A resolver has either one argument named `input` or a class of arguments, whose fields are arguments in GraphQL.
  const problems = problemsIn(value, 'input' in args ? ['input'] : []);
  if (problems.length > 0) throw badUserInput(problems);
}

type Path = FieldProblem['path'];

function problemsIn(value: unknown, path: Path): FieldProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const { rules, normalizations } = inheritedBy(Object.getPrototypeOf(value));
  for (const { property, normalize } of normalizations) fields[property] = normalized(fields[property], normalize);
  const problems: FieldProblem[] = [];
  for (const rule of rules) {
    // At most one problem per field.
    const isReported = problems.some(({ path: broken }) => broken[path.length] === rule.property);
    if (!isReported) problems.push(...problemsWith(rule, fields[rule.property], path));
  }
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === 'object')
      problems.push(...problemsIn(field, [...path, Array.isArray(value) ? Number(name) : name]));
  }
  return problems;
}

// A cache, by the prototype of the value's class.
const inherited = new Map<object | null, Declarations>([[null, { rules: [], normalizations: [] }]]);

/** The declarations of a class and its base classes, base classes first. */
function inheritedBy(prototype: object | null): Declarations {
  const cached = inherited.get(prototype);
  if (cached) return cached;
  const base = inheritedBy(Object.getPrototypeOf(prototype));
  const own = declarations.get(prototype);
  const all = {
    rules: [...base.rules, ...(own?.rules ?? [])],
    normalizations: [...base.normalizations, ...(own?.normalizations ?? [])],
  };
  inherited.set(prototype, all);
  return all;
}

function normalized(value: unknown, normalize: Normalize): unknown {
  if (Array.isArray(value)) return value.map((item) => normalized(item, normalize));
  return typeof value === 'string' ? normalize(value) : value;
}

function problemsWith(rule: FieldRule, value: unknown, path: Path): FieldProblem[] {
  const { property, code, message, holds, isForEach } = rule;
  if (value === undefined) return [];
  if (!isForEach) return holds(value) ? [] : [{ path: [...path, property], code, message }];
  const items = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) => (holds(item) ? [] : [{ path: [...path, property, index], code, message }]));
}
