/** What happened to runs and slots, change by change, written by the database itself in the same transactions. */
export const HISTORY_SQL = `
  create schema simulation;
  create table simulation.history (seq bigint generated always as identity primary key, at bigint not null, change json not null);
  grant usage on schema simulation to public;
  grant select on simulation.history to public;
  create function simulation.note_lease() returns trigger language plpgsql security definer as $$
  begin
    insert into simulation.history (at, change) values (headrace.now_ms(), json_build_object('table', 'lease', 'kind', tg_op,
      'pool', coalesce(new.pool, old.pool), 'runId', coalesce(new.run_id, old.run_id), 'stepKey', coalesce(new.step_key, old.step_key),
      'attempt', coalesce(new.attempt, old.attempt)));
    return null;
  end $$;
  create function simulation.note_reservation() returns trigger language plpgsql security definer as $$
  begin
    insert into simulation.history (at, change) values (headrace.now_ms(), json_build_object('table', 'reservation', 'kind', tg_op,
      'pools', old.reserved_pools, 'runId', old.run_id));
    return null;
  end $$;
  create function simulation.note_tick() returns trigger language plpgsql security definer as $$
  begin
    insert into simulation.history (at, change) values (headrace.now_ms(), json_build_object('table', 'tick', 'kind', tg_op,
      'tickId', new.tick_id, 'status', new.status, 'before', case tg_op when 'UPDATE' then old.status end));
    return null;
  end $$;
  create function simulation.note_run() returns trigger language plpgsql security definer as $$
  begin
    insert into simulation.history (at, change) values (headrace.now_ms(), json_build_object('table', 'run', 'kind', tg_op,
      'runId', coalesce(new.run_id, old.run_id), 'before', case when tg_op <> 'INSERT' then old.status end, 'status', new.status,
      'attempt', new.attempt, 'tags', new.tags, 'jobName', new.job_name, 'parentRunId', new.parent_run_id, 'idempotencyKey', new.idempotency_key,
      'origin', json_build_object('kind', new.origin_kind, 'name', new.origin_name, 'runKey', new.run_key)));
    return null;
  end $$;
  create trigger simulation_inserted after insert on headrace.runs for each row execute function simulation.note_run();
  create trigger simulation_deleted after delete on headrace.runs for each row execute function simulation.note_run();
  create trigger simulation_updated after update on headrace.runs for each row
    when (old.status is distinct from new.status or old.attempt is distinct from new.attempt) execute function simulation.note_run();
  create trigger simulation_leases after insert or update or delete on headrace.pool_leases for each row execute function simulation.note_lease();
  create trigger simulation_reservations after update on headrace.attempts for each row
    when (old.reserved_pools <> '{}' and new.reserved_pools is null) execute function simulation.note_reservation();
  create trigger simulation_ticks after insert or update on headrace.ticks for each row execute function simulation.note_tick()`;

export type Change =
  | {
      readonly table: 'run';
      readonly kind: 'INSERT' | 'UPDATE' | 'DELETE';
      readonly runId: string;
      readonly before: string | null;
      readonly status: string;
      readonly attempt: number;
      readonly tags: Readonly<Record<string, string>>;
      readonly jobName: string;
      readonly parentRunId: string | null;
      readonly idempotencyKey: string | null;
      readonly origin: { readonly kind: string; readonly name: string; readonly runKey: string | null };
    }
  | {
      readonly table: 'lease';
      readonly kind: 'INSERT' | 'UPDATE' | 'DELETE';
      readonly pool: string;
      readonly runId: string;
      readonly stepKey: string;
      readonly attempt: number;
    }
  /** Slots that were reserved for first steps and are no longer. */
  | {
      readonly table: 'reservation';
      readonly kind: 'UPDATE';
      readonly pools: readonly string[];
      readonly runId: string;
    }
  | {
      readonly table: 'tick';
      readonly kind: 'INSERT' | 'UPDATE';
      readonly tickId: number;
      readonly status: string;
      readonly before: string | null;
    };
