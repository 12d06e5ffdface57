import { type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import { type Named, printedColumns, printedShape, rowJson } from './printing/record-json.ts';
import type { Selection } from './selection.ts';

/** An SQL expression over the row that goes by this alias. */
type Expression = (row: string) => RawBuilder<unknown>;

/**
 * How a type's fields are read: those that are stored, and those that PostgreSQL makes of several columns or of other
 * rows, as JSON in the same statement, so that a page of records takes no further statement for each.
 */
export interface Columns {
  readonly stored: Readonly<Record<string, Expression>>;
  readonly composed?: Readonly<Record<string, Composed>>;
  readonly related?: Readonly<Record<string, Related>>;
  /** GraphQL fields that resolvers answer by themselves, with the stored fields that they need of the record. */
  readonly resolved?: Readonly<Record<string, readonly string[]>>;
  /** Those of them that are pages: the nodes that the resolver would find on the first page of this size. */
  readonly pages?: Readonly<Record<string, (size: number) => Related>>;
}

/** An object made of columns; null where it is not there. */
interface Composed {
  readonly isThere: Expression;
  readonly fields: Readonly<Record<string, Expression>>;
}

interface Related {
  readonly columns: () => Columns;
  /** Whether no two records share a related one. The pages of one that they share would be made once for each of them. */
  readonly isExclusive?: boolean;
  /**
   * One row with one column, the JSON.
   * @param row alias of the record that the field belongs to
   * @param alias one that is free, for the related row
   * @param value the JSON of one related row
   */
  readonly query: (row: string, alias: string, value: RawBuilder<unknown>) => RawBuilder<unknown>;
}

/** The selected fields that are columns, in a fixed order; a text that is the same for equal selections. */
export function shapeOf(columns: Columns, selection: Selection): string {
  if (selection.output) return printedShape(columns, selection.output);
  const { stored, composed, related } = chosen(columns, selection);
  const nested = related.map(([name, { columns: inner }, below]) => `${name}(${shapeOf(inner(), below)})`);
  return [...stored, ...composed.map(([name]) => name), ...nested].join(' ');
}

/** The selected fields as columns named like them. Never empty: asking for __typename alone still needs a row. */
export function selectedColumns(
  columns: Columns,
  selection: Selection,
  row: string,
): AliasedRawBuilder<unknown, string>[] {
  if (selection.output) return printedColumns(columns, selection.output, row);
  return fieldsOf(columns, selection, row).map(([name, expression]) => expression.as(name));
}

function fieldsOf(columns: Columns, selection: Selection, row: string): Named[] {
  const { stored, composed, related } = chosen(columns, selection);
  return [
    ...stored.map((name): Named => [name, expressionOf(columns, name)(row)]),
    ...composed.map(([name, { isThere, fields }]): Named => {
      const parts = Object.entries(fields).map(([key, part]): Named => [key, part(row)]);
      return [name, sql`case when ${isThere(row)} then ${rowJson(parts)} end`];
    }),
    ...related.map(([name, relation, below], index): Named => {
      const alias = `${row}_${index}`;
      return [name, sql`(${relation.query(row, alias, rowJson(fieldsOf(relation.columns(), below, alias)))})`];
    }),
  ];
}

interface Chosen {
  readonly stored: readonly string[];
  readonly composed: readonly [string, Composed][];
  readonly related: readonly [string, Related, Selection][];
}

function chosen({ stored, composed = {}, related = {}, resolved = {} }: Columns, selection: Selection): Chosen {
  const needed = new Set(Object.entries(resolved).flatMap(([name, needs]) => (selection.has(name) ? needs : [])));
  const names = Object.keys(stored).filter((name) => selection.has(name) || needed.has(name));
  return {
    stored: names.length > 0 ? names : ['id'],
    composed: Object.entries(composed).filter(([name]) => selection.has(name)),
    related: Object.entries(related).flatMap(([name, relation]) => {
      const below = selection.get(name);
      return below ? [[name, relation, below]] : [];
    }),
  };
}

function expressionOf({ stored }: Columns, name: string): Expression {
  const expression = stored[name];
  if (!expression) throw new Error(`No column is known for ${name}.`);
  return expression;
}

/** A stored column under its own name. */
export function column(name: string): Expression {
  return (row) => sql.ref(`${row}.${name}`);
}

const columnsByType = new WeakMap<GraphQLObjectType, Columns>();

/** Which types' records are read by columns. */
export function tellColumns(schema: GraphQLSchema, columns: Readonly<Record<string, Columns>>): void {
  for (const [name, known] of Object.entries(columns)) {
    const type = schema.getType(name);
    if (isObjectType(type)) columnsByType.set(type, known);
  }
}

export function columnsOf(type: GraphQLObjectType): Columns | undefined {
  return columnsByType.get(type);
}
