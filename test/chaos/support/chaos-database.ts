import pg from 'pg';
import type { Driver } from '../../../lib/adapters/postgres/driver';
import { createPgDriver } from '../../../lib/adapters/postgres/pg-driver';
import { createTestDatabase } from '../../support/test-database';

/** A database whose clock can be put forward, so that leases and time-outs run out when a test says so. */
export interface ChaosDatabase {
  readonly url: string;
  readonly workerUrl: string;
  /** Of the control plane and of workers; closed with the database. */
  readonly control: Driver;
  readonly worker: Driver;
  /** A connection of the superuser, to look and to disturb. */
  readonly admin: pg.Client;
  /** Functions of the schema that may write. */
  readonly writers: ReadonlySet<string>;
  /** Milliseconds by which the database's clock is ahead of the machine's. */
  setClock(offset: number): Promise<void>;
  /** Removes every row. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

const SHIFTED_CLOCK = `
  create schema chaos;
  create table chaos.clock (ahead_by bigint not null);
  insert into chaos.clock values (0);
  create or replace function headrace.now_ms() returns bigint language sql volatile parallel safe
    as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint + (select ahead_by from chaos.clock) $$;
  grant usage on schema chaos to public;
  grant select on chaos.clock to public;`;

const EMPTY = `do $$
declare
  name text;
begin
  for name in
    select oid::regclass::text from pg_class
    where relnamespace = 'headrace'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations'
  loop
    execute 'delete from ' || name;
  end loop;
end $$`;

export async function openChaosDatabase(): Promise<ChaosDatabase> {
  const database = await createTestDatabase();
  const admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(SHIFTED_CLOCK);
  const volatile = await admin.query<{ proname: string }>(
    `select proname from pg_proc where pronamespace = 'headrace'::regnamespace and provolatile = 'v'`,
  );
  const control = createPgDriver({ url: database.url, maxConnections: 6 });
  const worker = createPgDriver({ url: database.workerUrl, maxConnections: 4 });
  return {
    url: database.url,
    workerUrl: database.workerUrl,
    control,
    worker,
    admin,
    writers: new Set(volatile.rows.map(({ proname }) => proname)),
    async setClock(offset) {
      await admin.query('update chaos.clock set ahead_by = $1', [offset]);
    },
    async empty() {
      await admin.query(EMPTY);
    },
    async close() {
      await Promise.all([control.close(), worker.close(), admin.end()]);
      await database.drop();
    },
  };
}
