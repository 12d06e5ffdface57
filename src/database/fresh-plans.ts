import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/**
 * Call it before deleting many rows of a user: for each row, PostgreSQL looks up the rows that refer to it. A cached plan
 * that this connection made while the tables were small scans whole tables: 85 s for 20,000 tasks, 0.7 s with a fresh plan.
 * The first five executions of a fresh plan are custom ones, which assume that a user unknown to the statistics has next to
 * no rows: each read all of the user's rows, two thirds of what a batch of 200 reads. Hence generic plans.
 */
export async function useFreshPlans(transaction: Transaction): Promise<void> {
  await sql`discard plans`.execute(transaction);
  await sql`set local plan_cache_mode = force_generic_plan`.execute(transaction);
}
