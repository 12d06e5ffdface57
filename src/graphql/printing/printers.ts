import {
  type GraphQLEnumType,
  type GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { columnsOf } from '../columns.ts';
import type { Context } from '../context.ts';
import { readAsPrinted } from '../selection.ts';
import type { Output, OutputField } from './output.ts';
import { isPrintable, memberPrinter, type Printed, partsOf } from './record-json.ts';

/** What the fields of one request share, and what becomes of them. */
export interface Run {
  readonly context: Context;
  readonly info: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues' | 'rootValue'>;
  /** The arguments of each field, the same for all the objects that have it. */
  readonly args: Map<OutputField, Record<string, unknown>>;
  /** What has failed, where the answer holds null instead. */
  readonly errors: GraphQLError[];
}

type Path = GraphQLResolveInfo['path'];

/** Prints a value as JSON: at once, or when the resolvers below it have answered. Throws for what does not fit its type. */
export type Printer =
  | { readonly isReady: true; print(value: unknown): string }
  | { readonly isReady: false; print(value: unknown, run: Run, path: Path | undefined): Promise<string> };

/** What is being printed: the fragments of its document, and the records that PostgreSQL prints. */
interface Scope {
  readonly fragments: GraphQLResolveInfo['fragments'];
  readonly printed?: Output | null;
}

export function objectPrinter(output: Output, scope: Scope): Printer {
  const columns = output === scope.printed ? columnsOf(output.type) : undefined;
  const members = columns
    ? partsOf(columns, output).map((part) =>
        'resolved' in part ? member(output.type, part.resolved, scope) : printedMember(part),
      )
    : output.fields.map((field) => member(output.type, field, scope));
  const ready = members.flatMap((printer) => (printer.isReady ? [printer.print] : []));
  if (ready.length === members.length) {
    return { isReady: true, print: (object) => `{${ready.map((print) => print(object)).join()}}` };
  }
  return {
    isReady: false,
    async print(object, run, path) {
      // Each by itself, so that what fails in one leaves no other unheard.
      const texts = await Promise.all(members.map(async (printer) => printer.print(object, run, path)));
      return `{${texts.join()}}`;
    },
  };
}

/** What PostgreSQL has printed of a record. */
function printedMember(part: Printed): Printer {
  const print = memberPrinter(part);
  return {
    isReady: true,
    print(row) {
      const json = (row as Readonly<Record<string, unknown>>)[part.column];
      if (typeof json !== 'string') throw new Error('This record was not read as PostgreSQL prints it.');
      return print(json);
    },
  };
}

function member(parentType: GraphQLObjectType, field: OutputField, scope: Scope): Printer {
  const printer = fieldPrinter(parentType, field, scope);
  const name = `${JSON.stringify(field.key)}:`;
  if (printer.isReady) return { isReady: true, print: (object) => name + printer.print(object) };
  return { isReady: false, print: async (object, run, path) => name + (await printer.print(object, run, path)) };
}

function fieldPrinter(parentType: GraphQLObjectType, field: OutputField, scope: Scope): Printer {
  const { definition, name, nodes, below, key } = field;
  if (definition === null) return { isReady: true, print: () => JSON.stringify(parentType.name) };
  const { resolve, type } = definition;
  const printer = valuePrinter(type, below, resolve ? { ...scope, printed: printedBelow(field, scope) } : scope);
  const property = (object: unknown) => (object as Readonly<Record<string, unknown>>)[name];
  if (printer.isReady && !resolve) return { isReady: true, print: (object) => printer.print(property(object)) };
  return {
    isReady: false,
    async print(object, run, above) {
      const path = { prev: above, key, typename: parentType.name };
      try {
        if (!resolve) return await printer.print(property(object), run, path);
        const info = { ...run.info, fieldName: name, fieldNodes: nodes, returnType: type, parentType, path };
        const value = await resolve(object, argumentsOf(field, definition, run), run.context, info);
        return await printer.print(value, run, path);
      } catch (error) {
        // GraphQL 6.4.4: null in its place, or in that of the next one above that may be null.
        const located = locatedError(error, nodes, responsePathAsArray(path));
        if (isNonNullType(type)) throw located;
        run.errors.push(located);
        return 'null';
      }
    },
  };
}

/** Has the records that a resolver reads printed by PostgreSQL, be they a page's or the answer itself, where it can. */
function printedBelow({ nodes, below }: OutputField, { fragments }: Scope): Output | null {
  if (below === null) return null;
  const [only, ...others] = recordsBelow(below);
  const columns = only && columnsOf(only.output.type);
  if (!columns || others.length > 0 || !isPrintable(columns, only.output)) return null;
  readAsPrinted({ fieldNodes: nodes, fragments, variableValues: {} }, only.path, only.output);
  return only.output;
}

/** Where a resolver's answer holds the records: as such, or in a connection, which may be asked for them twice. */
function recordsBelow(output: Output, path: readonly string[] = []): { path: readonly string[]; output: Output }[] {
  if (columnsOf(output.type)) return [{ path, output }];
  return output.fields.flatMap(({ name, below, definition }) => {
    return below && !definition?.resolve ? recordsBelow(below, [...path, name]) : [];
  });
}

function argumentsOf(
  field: OutputField,
  definition: NonNullable<OutputField['definition']>,
  { args, info }: Run,
): Record<string, unknown> {
  const known = args.get(field) ?? getArgumentValues(definition, field.nodes[0], info.variableValues);
  args.set(field, known);
  return known;
}

function valuePrinter(type: GraphQLOutputType, below: Output | null, scope: Scope): Printer {
  if (isNonNullType(type)) return presentPrinter(type.ofType, below, scope);
  const printer = presentPrinter(type, below, scope);
  const isNull = (value: unknown) => value === null || value === undefined;
  if (printer.isReady) return { isReady: true, print: (value) => (isNull(value) ? 'null' : printer.print(value)) };
  return {
    isReady: false,
    print: async (value, run, path) => (isNull(value) ? 'null' : printer.print(value, run, path)),
  };
}

function presentPrinter(type: GraphQLOutputType, below: Output | null, scope: Scope): Printer {
  if (isListType(type)) return listPrinter(valuePrinter(type.ofType, below, scope));
  if (below !== null) return objectPrinter(below, scope);
  if (isEnumType(type)) return { isReady: true, print: enumPrinter(type) };
  if (isLeafType(type)) return { isReady: true, print: (value) => JSON.stringify(serialized(type, value)) };
  throw new Error(`Nothing is known of how to print ${type}.`);
}

function listPrinter(printer: Printer): Printer {
  if (printer.isReady) {
    return { isReady: true, print: (list) => `[${(list as unknown[]).map((item) => printer.print(item)).join()}]` };
  }
  return {
    isReady: false,
    async print(list, run, path) {
      const items = (list as unknown[]).map(async (item, key) =>
        printer.print(item, run, { prev: path, key, typename: undefined }),
      );
      return `[${(await Promise.all(items)).join()}]`;
    },
  };
}

function serialized(type: GraphQLLeafType, value: unknown): unknown {
  const plain = type.serialize(value);
  if (plain === undefined || plain === null) throw new Error(`A ${type.name} is missing.`);
  return plain;
}

/** The values of an enum are printed again and again. */
function enumPrinter(type: GraphQLEnumType): (value: unknown) => string {
  const known = new Map<unknown, string>();
  return (value) => {
    const text = known.get(value) ?? JSON.stringify(serialized(type, value));
    known.set(value, text);
    return text;
  };
}
