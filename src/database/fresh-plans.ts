import { sql } from 'kysely';
import type { Transaction } from './database.ts';

/**
 * To be called before very many rows of a user's go: PostgreSQL looks up, for each of them, what refers to it. A plan for
 * that which this connection made while the tables were small reads all of them each time: 85 s for 20,000 tasks, 0.7 s
 * with a new one. And the first five lookups of a new one are planned by its values, as if a user whom no statistics know
 * had next to nothing: each read all of the user's rows, two thirds of what a batch of 200 reads.
 */
export async function usePlansOfNow(transaction: Transaction): Promise<void> {
  await sql`discard plans`.execute(transaction);
  await sql`set local plan_cache_mode = force_generic_plan`.execute(transaction);
}
