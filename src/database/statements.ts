import { randomBytes } from 'node:crypto';
import type { CompiledQuery } from 'kysely';
import { LRUCache } from 'lru-cache';

/** A query built by Kysely, typed by its row. */
export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/** What pg is given to run. */
export interface PreparedQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

interface Statement {
  /** The name of the prepared statement; undefined: it is parsed and planned at every execution. */
  readonly name: string | undefined;
  readonly text: string;
  /** The names of the values in the order of the statement's parameters. */
  readonly parameters: readonly string[];
  /** The user who sent it first; undefined: a query of the service itself. */
  readonly owner: unknown;
}

/**
 * Characters of SQL that are cached. Bounds the memory of prepared statements in PostgreSQL: 50 to 70 bytes per character
 * and connection. A typical client has a few dozen queries of a thousand characters.
 */
const maximumKept = 500_000;

/** Characters of one cached query: a longer one would evict too many others. */
const longestKept = 50_000;

/** Stands for a value while a query is built, so that the compiled query fits every value. */
class Placeholder {
  constructor(readonly name: string) {}
}

/**
 * Builds each query once, and has PostgreSQL prepare it once per connection. Queries that only one user sends have a cache
 * separate from those that several send: a user who varies operations on purpose evicts nobody else's.
 */
export class Statements {
  /** Names are unique across instances and restarts: behind a pooler they may share a connection. */
  readonly #prefix = `todoql_${randomBytes(6).toString('base64url')}`;
  readonly #kept = new Set<string>();
  #named = 0;
  /** How many names have been evicted. */
  evicted = 0;
  readonly #ownQueries = this.#cache();
  readonly #sharedQueries = this.#cache();

  /** @param isPrepared false for poolers that do not pass named statements on */
  constructor(readonly isPrepared: boolean) {}

  /** Whether a cached query has this name. */
  isKept(name: string): boolean {
    return this.#kept.has(name);
  }

  /**
   * @param cacheKey must differ wherever the text of the query differs
   * @param build receives placeholders instead of values, and may only pass them on as parameters
   * @param values `owner` among them is the user who sends the query
   * @param customPlan whether PostgreSQL plans it for these values
   */
  query<Values extends Record<string, unknown>, Row>(
    cacheKey: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    customPlan = false,
  ): PreparedQuery {
    const { name, text, parameters } = this.#find(cacheKey, values) ?? this.#compile(cacheKey, build, values);
    const given = parameters.map((parameter) => values[parameter]);
    return name === undefined || customPlan ? { text, values: given } : { name, text, values: given };
  }

  #find(cacheKey: string, { owner }: Record<string, unknown>): Statement | undefined {
    const shared = this.#sharedQueries.get(cacheKey);
    if (shared !== undefined) return shared;
    const own = this.#ownQueries.get(cacheKey);
    if (own === undefined || own.owner === owner) return own;
    this.#sharedQueries.set(cacheKey, own);
    this.#ownQueries.delete(cacheKey);
    return own;
  }

  #compile<Values extends Record<string, unknown>, Row>(
    cacheKey: string,
    build: (values: Values) => Query<Row>,
    values: Values,
  ): Statement {
    // Kysely accepts any object as a parameter; the cast keeps the caller's code checked against the values' types.
    const placeholders = Object.fromEntries(Object.keys(values).map((name) => [name, new Placeholder(name)])) as Values;
    const { sql, parameters } = build(placeholders).compile();
    const { owner } = values;
    const isKept = sql.length <= longestKept;
    const name = isKept && this.isPrepared ? this.#newName() : undefined;
    const statement = { name, text: sql, parameters: parameters.map(nameOf), owner };
    if (isKept) (owner === undefined ? this.#sharedQueries : this.#ownQueries).set(cacheKey, statement);
    return statement;
  }

  #newName(): string {
    const name = `${this.#prefix}_${this.#named++}`;
    this.#kept.add(name);
    return name;
  }

  /** Half of the cached characters; the least recently used query is evicted first. */
  #cache(): LRUCache<string, Statement> {
    return new LRUCache<string, Statement>({
      maxSize: maximumKept / 2,
      sizeCalculation: ({ text }) => text.length,
      disposeAfter: ({ name }, _cacheKey, reason) => {
        if (name === undefined || reason === 'delete') return;
        this.#kept.delete(name);
        this.evicted += 1;
      },
    });
  }
}

function nameOf(parameter: unknown): string {
  if (parameter instanceof Placeholder) return parameter.name;
  throw new Error('A prepared query must take all of its values through placeholders.');
}
