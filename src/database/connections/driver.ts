import { type AnyEntity, type EntityData, type QueryResult, raw, type Transaction } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AppError } from '../../errors.ts';

/** Runs a query whose parameters stand apart from its text, as $1 and on. */
type Run = (text: string, parameters: readonly unknown[]) => Promise<object[]>;

/** Stands in for the transaction of an EntityManager that only reads: its queries are run by `run`. */
export class Reads {
  constructor(readonly run: Run) {}

  /** The EntityManager does no more with it than to hand it to the connection below. */
  asTransaction(): Transaction {
    return this as unknown as Transaction;
  }
}

class Connection extends PostgreSqlConnection {
  override async execute<Rows extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[]>(
    ...given: Parameters<PostgreSqlConnection['execute']>
  ): Promise<Rows> {
    const [query, values, method, transaction] = given;
    const reads: unknown = transaction;
    if (!(reads instanceof Reads)) return super.execute<Rows>(...given);
    if (typeof query !== 'string' || !Array.isArray(values)) throw new Error('Only what the ORM builds can be read.');
    // MikroORM would write the values into the text, and no text would ever come again to be prepared.
    const parameters: unknown[] = [];
    const asParameter = (value: unknown) =>
      typeof value === 'string' || value instanceof Date ? raw(`$${parameters.push(value)}`) : value;
    const text = this.platform.formatQuery(query, values.map(asParameter));
    return this.transformRawResult<Rows>({ rows: await reads.run(text, parameters) }, method);
  }
}

/** MikroORM's own, but that EntityManagers which only read send their queries as `Reads` says. */
export class Driver extends PostgreSqlDriver {
  protected override readonly connection = new Connection(this.config);

  /** What a client is to be told already is kept as it is. */
  override convertException(error: Error) {
    return error instanceof AppError ? error : super.convertException(error);
  }
}
