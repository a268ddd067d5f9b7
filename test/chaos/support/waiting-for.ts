import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/**
 * The barrier that proves an interleaving: resolves once so many statements with this text wait for a lock of the kind
 * given, by default one that a function takes by its name and not one on a row.
 */
export async function waitingFor(
  admin: pg.Client,
  text: string,
  { count = 1, lock = 'advisory' }: { readonly count?: number; readonly lock?: 'advisory' | 'any' } = {},
): Promise<void> {
  for (;;) {
    const { rows } = await admin.query(
      `select from pg_stat_activity where datname = current_database() and query like $1
        and wait_event_type = 'Lock' and ($2 = 'any' or wait_event = $2)`,
      [`%${text}%`, lock],
    );
    if (rows.length >= count) return;
    await sleep(5);
  }
}
