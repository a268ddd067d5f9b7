import type { Driver, SqlParameter } from '../../lib/adapters/postgres/driver';

/** What PostgreSQL says that a statement took. */
export interface StatementCost {
  /** Planning and execution, milliseconds. */
  readonly milliseconds: number;
  /** Pages of 8 kB that were looked at. */
  readonly buffers: number;
}

export interface ExplainingDriver extends Driver {
  /** What was asked before counts no more. */
  forget(): void;
  /** Runs some of what was asked again, by `explain (analyze, buffers)`. */
  costs(atMost: number): Promise<readonly StatementCost[]>;
}

interface Explained {
  readonly Plan: Readonly<Record<'Shared Hit Blocks' | 'Shared Read Blocks', number>>;
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

/** A driver that can say what its last statements cost the database, whatever else the machine does. */
export function explainingDriver(driver: Driver): ExplainingDriver {
  let asked: (readonly [string, readonly SqlParameter[]])[] = [];
  return {
    query(sql, parameters = []) {
      asked.push([sql, parameters]);
      return driver.query(sql, parameters);
    },
    forget() {
      asked = [];
    },
    async costs(atMost) {
      const costs: StatementCost[] = [];
      for (const [sql, parameters] of asked.slice(0, atMost)) {
        const [answer] = await driver.query<readonly [Explained]>(
          // Without the clock of each node, which would cost more than the nodes do.
          `explain (analyze, buffers, timing off, format json) ${sql}`,
          parameters,
        );
        if (answer === undefined) continue;
        const [{ Plan: plan, ...times }] = answer;
        costs.push({
          milliseconds: times['Planning Time'] + times['Execution Time'],
          buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
        });
      }
      return costs;
    },
    close: () => driver.close(),
  };
}
