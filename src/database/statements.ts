import type { CompiledQuery } from 'kysely';

/** A query built by Kysely, typed by its row. */
export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/** What pg is given to run. */
interface PreparedQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

interface Statement {
  /** Under which each connection prepares it, once; undefined: it is parsed and planned anew every time. */
  readonly name: string | undefined;
  readonly text: string;
  /** The names of the values in the order of the statement's parameters. */
  readonly parameters: readonly string[];
}

/**
 * Characters of all texts together: bounds what a connection keeps prepared, of which PostgreSQL was seen to take 50 to 70
 * bytes for each. Queries are told apart by shape, not by value, so that a usual client has a few dozen of a thousand
 * characters; a client that varies its operations on purpose gets slower, and nothing grows.
 */
const maximumPrepared = 1_000_000;

/** Stands for a value while a query is built, so that what comes of it fits every value. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** Builds each shape of query once, and has PostgreSQL prepare it once for each connection. */
export class Statements {
  readonly #byShape = new Map<string, Statement>();
  readonly #isPrepared: boolean;
  /** Characters. */
  #prepared = 0;

  /** @param isPrepared false for poolers that do not pass named statements on */
  constructor(isPrepared: boolean) {
    this.#isPrepared = isPrepared;
  }

  /**
   * @param shape tells apart queries of different text; `build` must depend on nothing else
   * @param isPlannedAnew whether PostgreSQL shall look at the values before it decides how to find the rows
   * @param build is given placeholders instead of values, and may pass them on as parameters only
   */
  query<Values extends Record<string, unknown>, Row>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    isPlannedAnew = false,
  ): PreparedQuery {
    const { name, text, parameters } = this.#byShape.get(shape) ?? this.#compile(shape, build, values);
    const given = parameters.map((parameter) => values[parameter]);
    return name === undefined || isPlannedAnew ? { text, values: given } : { name, text, values: given };
  }

  #compile<Values extends Record<string, unknown>, Row>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
  ): Statement {
    // Kysely takes any object for a parameter; the type of the values is what the caller's code has to be checked with.
    const placeholders = Object.fromEntries(Object.keys(values).map((name) => [name, new Placeholder(name)])) as Values;
    const { sql, parameters } = build(placeholders).compile();
    const hasRoom = this.#prepared + sql.length <= maximumPrepared;
    const name = this.#isPrepared && hasRoom ? `todoql_${this.#byShape.size}` : undefined;
    const statement = { name, text: sql, parameters: parameters.map(nameOf) };
    if (hasRoom) {
      this.#byShape.set(shape, statement);
      this.#prepared += sql.length;
    }
    return statement;
  }
}

function nameOf(parameter: unknown): string {
  if (parameter instanceof Placeholder) return parameter.name;
  throw new Error('A prepared query must take all of its values through placeholders.');
}
