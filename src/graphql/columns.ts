import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import type { Selection } from './selection.ts';

/** An SQL expression over the row that goes by this alias. */
type Expression = (row: string) => RawBuilder<unknown>;

/**
 * How a type's fields are read: those that are stored, and those that PostgreSQL makes of other rows, as JSON in the
 * same statement, so that a page of records takes no further statement for each.
 */
export interface Columns {
  readonly stored: Readonly<Record<string, Expression>>;
  readonly related?: Readonly<Record<string, Related>>;
  /** GraphQL fields that resolvers answer by themselves, with the stored fields that they need of the record. */
  readonly resolved?: Readonly<Record<string, readonly string[]>>;
}

interface Related {
  readonly columns: () => Columns;
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
  const { stored, related } = chosen(columns, selection);
  const nested = related.map(([name, { columns: inner }, below]) => `${name}(${shapeOf(inner(), below)})`);
  return [...stored, ...nested].join(' ');
}

/** The selected fields as columns named like them. Never empty: asking for __typename alone still needs a row. */
export function selectedColumns(
  columns: Columns,
  selection: Selection,
  row: string,
): AliasedRawBuilder<unknown, string>[] {
  return fieldsOf(columns, selection, row).map(([name, expression]) => expression.as(name));
}

function fieldsOf(columns: Columns, selection: Selection, row: string): [string, RawBuilder<unknown>][] {
  const { stored, related } = chosen(columns, selection);
  return [
    ...stored.map((name): [string, RawBuilder<unknown>] => [name, expressionOf(columns, name)(row)]),
    ...related.map(([name, relation, below], index): [string, RawBuilder<unknown>] => {
      const alias = `${row}_${index}`;
      const pairs = fieldsOf(relation.columns(), below, alias).flatMap(([key, value]) => [sql.lit(key), value]);
      return [name, sql`(${relation.query(row, alias, sql`json_build_object(${sql.join(pairs)})`)})`];
    }),
  ];
}

type Chosen = { stored: string[]; related: [string, Related, Selection][] };

function chosen({ stored, related = {}, resolved = {} }: Columns, selection: Selection): Chosen {
  const needed = new Set(Object.entries(resolved).flatMap(([name, needs]) => (selection.has(name) ? needs : [])));
  const names = Object.keys(stored).filter((name) => selection.has(name) || needed.has(name));
  return {
    stored: names.length > 0 ? names : ['id'],
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
