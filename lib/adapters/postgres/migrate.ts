import { createHash } from 'node:crypto';
import { PortError } from '../../ports/errors';
import type { Driver } from './driver';
import type { Migration } from './migration';
import { MIGRATIONS } from './migrations.generated';

/** Months of event partitions that are kept ready. */
const MONTHS_AHEAD = 3;

/** The database and the code do not fit together. */
export class SchemaError extends PortError {
  override readonly name = 'SchemaError';
  /** The migration that does not fit. */
  readonly migration: number;

  constructor(migration: number, message: string) {
    super('permanent', message);
    this.migration = migration;
  }
}

/** What a database has had applied. */
export interface AppliedMigration {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  readonly breaking: boolean;
}

/**
 * Brings the schema up to this code: pending migrations in order, one transaction each, under a lock, so that
 * several processes may start at once. Needs a role that may create schemas and roles.
 *
 * @returns the migrations that were applied
 * @throws {SchemaError} when the database is from a newer, incompatible version, or a migration was edited
 */
export async function migrate(
  driver: Driver,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly Migration[]> {
  await driver.query(PREPARE);
  const pending = pendingMigrations(migrations, await appliedMigrations(driver));
  for (const migration of pending) {
    await driver.query('select to_json(headrace.apply_migration($1::integer, $2, $3, $4::boolean, $5))', [
      migration.id,
      migration.name,
      checksum(migration),
      migration.breaking,
      migration.sql,
    ]);
  }
  await driver.query('select to_json(headrace.create_event_partitions($1::integer))', [MONTHS_AHEAD]);
  return pending;
}

/** Decides what is to be applied; pure. */
export function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  for (const { id, name, checksum: before, breaking } of applied) {
    const migration = known.get(id);
    if (migration === undefined && breaking) {
      throw new SchemaError(
        id,
        `The database has migration ${id} (${name}), which this version of Headrace does not know and cannot run against. Install the version that applied it, or a newer one.`,
      );
    }
    if (migration !== undefined && checksum(migration) !== before) {
      throw new SchemaError(
        id,
        `Migration ${id} (${name}) is not the one that the database was built with: it was edited after it was applied. Restore it and put the change into a new migration, or start with an empty database.`,
      );
    }
  }
  const done = new Set(applied.map(({ id }) => id));
  return migrations.filter(({ id }) => !done.has(id));
}

export function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

async function appliedMigrations(driver: Driver): Promise<readonly AppliedMigration[]> {
  return driver.query<AppliedMigration>(
    `select json_build_object('id', id, 'name', name, 'checksum', checksum, 'breaking', breaking) from headrace.migrations order by id`,
  );
}

/** What the first migration needs. `execute` runs a file of many statements within the function's transaction. */
const PREPARE = `do $prepare$
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.migrate', 0));
  if to_regprocedure('headrace.apply_migration(integer, text, text, boolean, text)') is not null then return; end if;
  create schema headrace;
  create table headrace.migrations (
    id integer primary key,
    name text not null,
    checksum text not null,
    breaking boolean not null,
    applied_at timestamptz not null default now()
  );
  create function headrace.apply_migration(p_id integer, p_name text, p_checksum text, p_breaking boolean, p_sql text)
  returns boolean language plpgsql as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('headrace.migrate', 0));
    if exists (select from headrace.migrations where id = p_id) then return false; end if;
    execute p_sql;
    insert into headrace.migrations (id, name, checksum, breaking) values (p_id, p_name, p_checksum, p_breaking);
    return true;
  end $$;
end $prepare$`;
