import type { Driver } from '../../lib/adapters/postgres/driver';

/** One value of the database: `expression` stands in `select to_json((…))`. */
export async function ask<Value>(database: Driver, expression: string): Promise<Value> {
  const [value] = await database.query<Value>(`select to_json((${expression}))`);
  return value as Value;
}

/** Ids of the newest runs that a condition holds for, in the order of the list. */
export function idsOf(database: Driver, where: string, limit: number): Promise<string[]> {
  return ask(
    database,
    `select coalesce(json_agg(run_id order by seq desc), '[]') from (
      select run_id, seq from headrace.runs where ${where} order by seq desc limit ${limit}) newest`,
  );
}

/** How many runs a condition holds for. */
export function countOf(database: Driver, where: string): Promise<number> {
  return ask(database, `select count(*) from headrace.runs where ${where}`);
}
