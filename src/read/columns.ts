import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { type ArgumentNode, Kind } from 'graphql';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { Reader } from '../database/database.ts';
import { defaultPageSize, maximumPageSize } from '../graphql/checks/limits.ts';
import { needsOf } from './needs.ts';
import { type Selection, selectionAt } from './selection.ts';

/** How a type's fields are read: as columns of the entity, except for what is declared here. */
export interface Columns {
  readonly entity: new () => object;
  /** Fields computed by SQL from the row with the given alias. */
  readonly computed?: Readonly<Record<string, (row: string) => RawBuilder<unknown>>>;
  /** Fields that are other records: read as JSON in the same statement, not by one more for each. */
  readonly related?: Readonly<Record<string, Related>>;
}

interface Related {
  readonly columns: () => Columns;
  /**
   * For a list: where to find its records, and their order, as in `from … where … order by …`. Absent for a reference of the
   * entity.
   * @param alias of the related row, unique in the statement
   * @param size of a page: its maximum number of records
   */
  readonly from?: (row: string, alias: string, size: RawBuilder<unknown>) => RawBuilder<unknown>;
  /**
   * Whether the field is a connection with a resolver. If the operation selects only its nodes, with a literal
   * size, they are read with the row as an array; otherwise the resolver reads them.
   */
  readonly isPage?: boolean;
}

const cacheKeys = new WeakMap<Columns, WeakMap<Selection, string>>();

/** The same key for selections of the same columns. Cached: a repeated operation has the same selection object. */
export function columnsCacheKey(database: Reader, columns: Columns, selection: Selection): string {
  const known = cacheKeys.get(columns) ?? new WeakMap<Selection, string>();
  const cacheKey = known.get(selection) ?? buildCacheKey(database, columns, selection);
  cacheKeys.set(columns, known.set(selection, cacheKey));
  return cacheKey;
}

function buildCacheKey(database: Reader, columns: Columns, selection: Selection): string {
  const { stored, computed, related } = selectedParts(database, columns, selection);
  const nested = related.map(([name, { columns: inner }, below, size]) => {
    return `${name}${size ?? ''}(${columnsCacheKey(database, inner(), below)})`;
  });
  return [...stored.map(({ name }) => name), ...computed.map(([name]) => name), ...nested].join(' ');
}

/** The selected fields as columns of the same names. @param row alias of the record's row */
export function selectedColumns(
  database: Reader,
  columns: Columns,
  selection: Selection,
  row: string,
): AliasedRawBuilder<unknown, string>[] {
  const { meta, stored, computed, related } = selectedParts(database, columns, selection);
  return [
    ...stored.map(({ name, fieldNames }) => sql.ref(`${row}.${fieldNames[0]}`).as(name)),
    ...computed.map(([name, expression]) => expression(row).as(name)),
    ...related.map(([name, { columns: inner, from }, below, size], index) => {
      const alias = `${row}_${index}`;
      const fields = sql.join(selectedColumns(database, inner(), below, alias));
      if (from) return jsonArrayFrom(sql`(select ${fields} from ${from(row, alias, sql.lit(size))})`).as(name);
      return jsonObjectFrom(sql`(select ${fields} from ${referencedRow(meta, name, row, alias)})`).as(name);
    }),
  ];
}

/** Related records that are read with the row, and the maximum number of them. */
type Read = readonly [name: string, relation: Related, below: Selection, size: number | null];

/** In a fixed order. Never empty: selecting only __typename still needs a row. */
function selectedParts(database: Reader, columns: Columns, selection: Selection) {
  const { entity, computed = {}, related = {} } = columns;
  const read = Object.entries(related).flatMap(([name, relation]): Read[] => {
    const below = selection.get(name);
    if (!below) return [];
    if (!relation.isPage) return [[name, relation, below, null]];
    const size = pageSize(below);
    return size === null ? [] : [[name, relation, selectionAt(below, 'nodes'), size]];
  });
  const isRead = new Set(read.map(([name]) => name));
  const needed = [...needsOf(entity)].flatMap(([name, needs = []]) => {
    return selection.has(name) && !isRead.has(name) ? needs : [];
  });
  const asked = new Set([...selection.keys(), ...needed]);
  const meta: EntityMetadata = database.metadata.get(entity);
  const stored = meta.props.filter((property) => {
    return asked.has(property.name) && isColumn(property) && !(property.name in computed);
  });
  return {
    meta,
    stored: stored.length > 0 ? stored : meta.props.filter(({ name }) => name === 'id'),
    computed: Object.entries(computed).filter(([name]) => asked.has(name)),
    related: read,
  };
}

/** The size of a page of which only nodes are selected; null if its resolver has to read it. */
function pageSize(page: Selection): number | null {
  const [size = null, ...others] = new Set(page.fieldNodes.map(({ arguments: given = [] }) => sizeOf(given)));
  const isOfNodes = page.has('nodes') && [...page.keys()].every((name) => name === 'nodes' || name === '__typename');
  return isOfNodes && others.length === 0 ? size : null;
}

/** null: left to the resolver, which handles cursors and variables, and rejects sizes out of range. */
function sizeOf([first, ...others]: readonly ArgumentNode[]): number | null {
  if (first === undefined) return defaultPageSize;
  if (others.length > 0 || first.name.value !== 'first' || first.value.kind !== Kind.INT) return null;
  const size = Number(first.value.value);
  return size >= 0 && size <= maximumPageSize ? size : null;
}

/** Hidden properties are not fields of any type. */
export function isColumn({ kind, hidden, persist }: EntityProperty): boolean {
  return kind === ReferenceKind.SCALAR && hidden !== true && persist !== false;
}

/** The row that a reference refers to. */
function referencedRow({ properties }: EntityMetadata, name: string, row: string, alias: string): RawBuilder<unknown> {
  const { targetMeta, joinColumns, referencedColumnNames } = properties[name] as EntityProperty;
  const same = joinColumns.map((column, index) => {
    return sql`${sql.ref(`${alias}.${referencedColumnNames[index]}`)} = ${sql.ref(`${row}.${column}`)}`;
  });
  return sql`${sql.table(targetMeta?.tableName ?? '')} as ${sql.id(alias)} where ${sql.join(same, sql` and `)}`;
}

/** The table of the records. */
export function tableOf(database: Reader, { entity }: Columns): string {
  return database.metadata.get(entity).tableName;
}
