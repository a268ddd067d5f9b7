import type { Driver, SqlParameter } from '../../../lib/adapters/postgres/driver';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { PortError } from '../../../lib/ports/errors';
import { createTestDatabase } from '../../support/test-database';
import type { Network } from '../core/network';
import type { Process } from '../core/process';
import type { Timeline } from '../core/timeline';
import { HISTORY_SQL } from '../invariants/history';

/** A statement as a caller sends it, once it has arrived. */
export type Execute = <Row>(sql: string, parameters: readonly SqlParameter[]) => Promise<readonly Row[]>;

/** Stands between callers and the database, to break it on purpose. */
export type Sabotage = (
  execute: Execute,
  sql: string,
  parameters: readonly SqlParameter[],
) => Promise<unknown>;

/** The real database, with virtual time and a history of what happened to its runs. */
export class Database {
  private readonly timeline: Timeline;
  private readonly drop: () => Promise<void>;
  private readonly app: Connection;
  private readonly worker: Connection;
  statements = 0;
  sabotage: Sabotage | undefined;
  /** Told of statements that the database refused as wrong. */
  onRefused: (message: string) => void = () => {};

  private constructor(
    timeline: Timeline,
    connections: { app: Connection; worker: Connection },
    drop: () => Promise<void>,
  ) {
    this.timeline = timeline;
    this.app = connections.app;
    this.worker = connections.worker;
    this.drop = drop;
  }

  static async create(timeline: Timeline): Promise<Database> {
    const { url, workerUrl, drop } = await createTestDatabase();
    const app = new Connection(url);
    const worker = new Connection(workerUrl);
    const database = new Database(timeline, { app, worker }, async () => {
      await Promise.all([app.close(), worker.close()]);
      await drop();
    });
    // A clock that stands still between statements, and tables that nothing tidies meanwhile.
    for (const sql of [VIRTUAL_CLOCK, NO_AUTOVACUUM, HISTORY_SQL]) {
      await app.execute(`do $prepare$ begin execute $sql$ ${sql} $sql$; end $prepare$`, [], timeline.now);
    }
    await app.execute('select to_json(headrace.create_event_partitions(1))', [], timeline.now);
    return database;
  }

  /** The control plane's connection as one process sees it. */
  driverOf(process: Process, network: Network): Driver {
    return this.driver(this.app, process, network);
  }

  /** A worker's: its role may execute the worker functions and nothing else. */
  workerDriverOf(process: Process, network: Network): Driver {
    return this.driver(this.worker, process, network);
  }

  /** For the simulator's own eyes: at once, without faults. */
  ask<Row>(sql: string, parameters: readonly SqlParameter[] = []): Promise<readonly Row[]> {
    return this.app.execute<Row>(sql, parameters, this.timeline.now);
  }

  async close(): Promise<void> {
    await this.drop();
  }

  private driver(connection: Connection, process: Process, network: Network): Driver {
    const execute: Execute = async <Row>(sql: string, parameters: readonly SqlParameter[]) => {
      try {
        return await connection.execute<Row>(sql, parameters, this.timeline.now);
      } catch (error) {
        const isWrong = error instanceof PortError && error.fault === 'permanent';
        if (isWrong && !EXPECTED.test(error.message)) this.onRefused(error.message);
        throw error;
      }
    };
    const query = <Row>(sql: string, parameters: readonly SqlParameter[] = []): Promise<readonly Row[]> => {
      const name = nameOf(sql);
      const faults = {
        requestLost: 'database: request lost',
        replyLost: 'database: reply lost',
        repeated: 'database: statement repeated',
        slow: 'database: slow',
        error: () => new PortError('transient', 'The database did not answer: connection reset'),
        ...(name === 'issue_attempt_token' ? { describe: () => 'a token' } : {}),
      } as const;
      const isRead = READS.test(sql);
      return network.call(process, `${name} ${subjectOf(parameters)}`, { ...faults, isRead }, () => {
        this.statements += 1;
        return this.sabotage === undefined
          ? execute<Row>(sql, parameters)
          : (this.sabotage(execute, sql, parameters) as Promise<readonly Row[]>);
      });
    };
    return { query, close: async () => {} };
  }
}

/** One session, so that statements come one after another. */
class Connection {
  private readonly driver: Driver;
  private told: number | null = null;

  constructor(url: string) {
    this.driver = createPgDriver({ url, maxConnections: 1 });
  }

  async execute<Row>(sql: string, parameters: readonly SqlParameter[], now: number): Promise<readonly Row[]> {
    if (this.told === null || now - this.told > CLOCK_STEP) {
      await this.driver.query("select to_json(set_config('simulation.now', $1, false))", [
        String(Math.floor(now)),
      ]);
      this.told = now;
    }
    return this.driver.query<Row>(sql, parameters);
  }

  close(): Promise<void> {
    return this.driver.close();
  }
}

/** Requests that make no sense, and are told so. */
const EXPECTED = /would wait for each other/;

/** Milliseconds by which the database's clock may be behind, so that it need not be set for each statement. */
const CLOCK_STEP = 40;

const VIRTUAL_CLOCK = `
  create or replace function headrace.now_ms() returns bigint language sql volatile
  as $$ select current_setting('simulation.now')::bigint $$`;

const NO_AUTOVACUUM = `
  do $$ declare t record; begin
    for t in select c.oid::regclass as name from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'headrace'::regnamespace
    loop execute format('alter table %s set (autovacuum_enabled = off, toast.autovacuum_enabled = off)', t.name); end loop;
  end $$`;

/** Statements that change nothing: of tables, by functions that make JSON, and those that say when something is due. */
const READS = /^(?!\s*(insert|update|delete))(?!.*headrace\.(?!\w+_json|upkeep_due_at|run_waits)\w+\s*\()/s;

/** The function or table that a statement is about. */
function nameOf(sql: string): string {
  return /headrace\.(?!key_values)(\w+)\s*\(/.exec(sql)?.[1] ?? /headrace\.(\w+)/.exec(sql)?.[1] ?? 'sql';
}

/** The first words of what it is asked. */
function subjectOf(parameters: readonly SqlParameter[]): string {
  return parameters
    .slice(0, 2)
    .map((parameter) => String(parameter).slice(0, 24))
    .join(' ');
}
