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
  /** Under which each connection prepares it, once; undefined: it is parsed and planned anew every time. */
  readonly name: string | undefined;
  readonly text: string;
  /** The names of the values in the order of the statement's parameters. */
  readonly parameters: readonly string[];
  /** Whose query it was first; undefined: the service's own, for nobody in particular. */
  readonly owner: unknown;
}

/**
 * Characters of the texts that are kept: bounds what PostgreSQL keeps prepared for a connection, 50 to 70 bytes for each. A
 * usual client has a few dozen queries of a thousand characters.
 */
const maximumKept = 500_000;

/** Characters of one that is kept: what is longer would push out too many others. */
const longestKept = 50_000;

/** Stands for a value while a query is built, so that what comes of it fits every value. */
class Placeholder {
  constructor(readonly name: string) {}
}

/**
 * Builds each query once, and has PostgreSQL prepare it once for each connection. What one user alone asks for is kept apart
 * from what others ask for, too: who varies operations on purpose pushes out nothing of theirs.
 */
export class Statements {
  /** No statement of ours or of another instance ever has a name again: behind a pooler they may share a connection. */
  readonly #prefix = `todoql_${randomBytes(6).toString('base64url')}`;
  readonly #kept = new Set<string>();
  #named = 0;
  /** How many names are of no use any more. */
  dropped = 0;
  readonly #ofOne = this.#cache();
  readonly #ofMany = this.#cache();

  /** @param isPrepared false for poolers that do not pass named statements on */
  constructor(private readonly isPrepared: boolean) {}

  /** Whether queries still come under this name. */
  isKept(name: string): boolean {
    return this.#kept.has(name);
  }

  /**
   * @param shape tells apart queries of different text; `build` must depend on nothing else
   * @param build is given placeholders instead of values, and may pass them on as parameters only
   * @param isPlannedAnew whether it is planned for its values @param values `owner` among them is the user whose query it is
   */
  query<Values extends Record<string, unknown>, Row>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    isPlannedAnew = false,
  ): PreparedQuery {
    const { name, text, parameters } = this.#find(shape, values) ?? this.#compile(shape, build, values);
    const given = parameters.map((parameter) => values[parameter]);
    return name === undefined || isPlannedAnew ? { text, values: given } : { name, text, values: given };
  }

  #find(shape: string, { owner }: Record<string, unknown>): Statement | undefined {
    const shared = this.#ofMany.get(shape);
    if (shared !== undefined) return shared;
    const own = this.#ofOne.get(shape);
    if (own === undefined || own.owner === owner) return own;
    this.#ofMany.set(shape, own);
    this.#ofOne.delete(shape);
    return own;
  }

  #compile<Values extends Record<string, unknown>, Row>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
  ): Statement {
    // Kysely takes any object for a parameter; the type of the values is what the caller's code has to be checked with.
    const placeholders = Object.fromEntries(Object.keys(values).map((name) => [name, new Placeholder(name)])) as Values;
    const { sql, parameters } = build(placeholders).compile();
    const { owner } = values;
    const isKept = sql.length <= longestKept;
    const name = isKept && this.isPrepared ? this.#newName() : undefined;
    const statement = { name, text: sql, parameters: parameters.map(nameOf), owner };
    if (isKept) (owner === undefined ? this.#ofMany : this.#ofOne).set(shape, statement);
    return statement;
  }

  #newName(): string {
    const name = `${this.#prefix}_${this.#named++}`;
    this.#kept.add(name);
    return name;
  }

  /** Half of what is kept; what is used least recently goes first. */
  #cache(): LRUCache<string, Statement> {
    return new LRUCache<string, Statement>({
      maxSize: maximumKept / 2,
      sizeCalculation: ({ text }) => text.length,
      disposeAfter: ({ name }, _shape, reason) => {
        if (name === undefined || reason === 'delete') return;
        this.#kept.delete(name);
        this.dropped += 1;
      },
    });
  }
}

function nameOf(parameter: unknown): string {
  if (parameter instanceof Placeholder) return parameter.name;
  throw new Error('A prepared query must take all of its values through placeholders.');
}
