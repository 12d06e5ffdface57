import { type AnyEntity, type EntityData, type QueryResult, raw, type Transaction } from '@mikro-orm/core';
import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AppError } from '../../errors.ts';

/** Runs a query with parameters $1, $2, … */
type Run = (text: string, parameters: readonly unknown[]) => Promise<object[]>;

/** Takes the place of a transaction in an EntityManager that only reads: `run` runs its queries. */
export class ReadOnlyTransaction {
  constructor(readonly run: Run) {}

  /** The EntityManager only passes it on to the connection below. */
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
    if (!(reads instanceof ReadOnlyTransaction)) return super.execute<Rows>(...given);
    if (typeof query !== 'string' || !Array.isArray(values))
      throw new Error('Only queries that the ORM built can be run here.');
    // MikroORM would write the values into the text, so that hardly any statement could be prepared.
    const parameters: unknown[] = [];
    const asParameter = (value: unknown) =>
      typeof value === 'string' || value instanceof Date ? raw(`$${parameters.push(value)}`) : value;
    const text = this.platform.formatQuery(query, values.map(asParameter));
    return this.transformRawResult<Rows>({ rows: await reads.run(text, parameters) }, method);
  }
}

/** MikroORM's driver, which sends the queries of a ReadOnlyTransaction through its `run`. */
export class Driver extends PostgreSqlDriver {
  protected override readonly connection = new Connection(this.config);

  /** An error that is meant for the client passes through unchanged. */
  override convertException(error: Error) {
    return error instanceof AppError ? error : super.convertException(error);
  }
}
