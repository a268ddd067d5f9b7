import pg from 'pg';
import type { Driver, SqlParameter } from '../../../lib/adapters/postgres/driver';
import { toPortError } from '../../../lib/adapters/postgres/to-port-error';
import { PortError } from '../../../lib/ports/errors';
import { createTestDatabase } from '../../support/test-database';
import type { Network } from '../core/network';
import type { Process } from '../core/process';
import type { Timeline } from '../core/timeline';
import { type Change, HISTORY_SQL } from '../invariants/history';

export interface HistoryRow {
  readonly seq: number;
  readonly change: Change;
}

/** The real database, with virtual time and a history of what happened to its runs. */
export class Database {
  private readonly timeline: Timeline;
  private readonly drop: () => Promise<void>;
  private readonly app: Connection;
  private readonly worker: Connection;
  statements = 0;
  private history: HistoryRow[] = [];
  private seen = 0;
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
    for (const sql of [VIRTUAL_CLOCK, NEW_PARTITIONS, NO_AUTOVACUUM, HISTORY_SQL]) {
      await app.execute(`do $prepare$ begin execute $sql$ ${sql} $sql$; end $prepare$`, [], timeline.now);
    }
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

  /** What has happened to runs, ticks and slots since it was last asked for. */
  takeHistory(): readonly HistoryRow[] {
    const taken = this.history;
    this.history = [];
    return taken;
  }

  async close(): Promise<void> {
    await this.drop();
  }

  private driver(connection: Connection, process: Process, network: Network): Driver {
    const execute = async <Row>(sql: string, parameters: readonly SqlParameter[], isRead: boolean) => {
      try {
        return await connection.execute<Row>(
          sql,
          parameters,
          this.timeline.now,
          isRead ? undefined : this.look(),
        );
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
        return execute<Row>(sql, parameters, isRead);
      });
    };
    return { query, close: async () => {} };
  }

  /** Reads on in the history, right after the statement with which it is sent. */
  private look(): After {
    return {
      sql: `select json_build_object('seq', seq, 'change', change) from simulation.history where seq > $1::bigint order by seq`,
      parameters: [this.seen],
      onAnswer: (rows) => {
        this.history.push(...(rows as readonly HistoryRow[]));
        this.seen = this.history.at(-1)?.seq ?? this.seen;
      },
    };
  }
}

/** One session for the life of the world, so that statements come one after another and always find its clock. */
class Connection {
  private readonly client: pg.Client;
  private readonly connected: Promise<unknown>;
  private told: number | null = null;
  private readonly names = new Map<string, string>();

  constructor(url: string) {
    this.client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
    this.connected = this.client.connect();
  }

  /** @param after a statement that is sent with it, whatever becomes of it */
  async execute<Row>(
    sql: string,
    parameters: readonly SqlParameter[],
    now: number,
    after?: After,
  ): Promise<readonly Row[]> {
    await this.connected;
    // All are on their way before the first is answered.
    const sent: Promise<unknown>[] = [];
    if (this.told === null || now - this.told > CLOCK_STEP) {
      sent.push(this.query("select set_config('simulation.now', $1, false)", [String(Math.floor(now))]));
      this.told = now;
    }
    const answer = this.query<Row>(sql, parameters);
    sent.push(answer);
    if (after !== undefined) sent.push(this.query(after.sql, after.parameters).then(after.onAnswer));
    await Promise.allSettled(sent);
    return answer;
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** As the driver over a pool does it. */
  private async query<Row>(sql: string, parameters: readonly SqlParameter[]): Promise<readonly Row[]> {
    // Prepared: a seed sends the same hundred statements thousands of times.
    const name = this.names.get(sql) ?? `s${this.names.size}`;
    this.names.set(sql, name);
    try {
      const { rows } = await this.client.query<[Row]>({
        ...{ name, text: sql },
        values: [...parameters],
        rowMode: 'array',
      });
      return rows.map(([row]) => row);
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? error.code : undefined;
      throw toPortError(code, error instanceof Error ? error.message : String(error), error);
    }
  }
}

interface After {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  onAnswer(rows: readonly unknown[]): void;
}

/** Requests that make no sense, and are told so. */
const EXPECTED = /would wait for each other/;

/** Milliseconds by which the database's clock may be behind, so that it need not be set for each statement. */
const CLOCK_STEP = 200;

const VIRTUAL_CLOCK = `
  create or replace function headrace.now_ms() returns bigint language sql volatile
  as $$ select current_setting('simulation.now')::bigint $$`;

/** Before autovacuum is turned off: what it gathers while a seed is played would change plans, and with them the order of rows. */
const NEW_PARTITIONS = 'select headrace.create_event_partitions(1)';

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
