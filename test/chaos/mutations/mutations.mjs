/**
 * The guards that everything rests on, each with what takes it away and the tests that must then be red.
 *
 * - `functions`: guard texts of SQL functions, and what stands in their place (nothing unless given).
 * - `sql`: statements for the scratch database, for keys and views.
 * - `source`: a text of a source file, and what stands in its place.
 */

const STORAGE = 'test/adapters/postgres/postgres-storage.test.ts';
const WORKER = 'test/adapters/postgres/postgres-worker-storage.test.ts';
const RUNS = 'test/engine/runs.test.ts';
const TICKS = 'test/engine/evaluate-ticks.test.ts';
const WAKE_UPS = 'test/chaos/lost-wake-ups.test.ts';
const COMPARE = 'test/chaos/compare-and-set.test.ts';

const CLAIM_LOCK = "perform pg_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0));";

export const MUTATIONS = [
  {
    name: 'claim: without its lock',
    functions: { claim_runs: [[CLAIM_LOCK]] },
    tests: [
      {
        file: STORAGE,
        title: 'limits hold in the database at every instant while claimers and finishers race',
      },
    ],
  },
  {
    name: 'claim: with a lock that is only tried',
    functions: {
      claim_runs: [
        [
          CLAIM_LOCK,
          "if not pg_try_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0)) then return; end if;",
        ],
      ],
    },
    tests: [{ file: STORAGE, title: 'no wake-up is lost: runs enqueued while others claim are all claimed' }],
  },
  {
    name: 'claim: of what is not queued any more',
    functions: {
      claim_runs: [
        ["where run_id = v_run.run_id and status = 'QUEUED' and not waits", 'where run_id = v_run.run_id'],
      ],
    },
    tests: [
      {
        file: STORAGE,
        title: 'a queued run that is canceled while it is claimed is either canceled or claimed',
      },
    ],
  },
  {
    name: 'run key: not unique',
    sql: 'drop index headrace.runs_run_key',
    tests: [{ file: STORAGE, title: 'a run key is unique for ever within its location' }],
  },
  {
    name: 'idempotency key: not unique',
    sql: 'alter table headrace.runs drop constraint runs_idempotency_key_key',
    tests: [{ file: RUNS, title: 'makes one run of one idempotency key, however often it is asked' }],
  },
  {
    name: 'tick: not unique',
    sql: 'alter table headrace.ticks drop constraint ticks_location_kind_name_scheduled_at_key',
    functions: {
      start_tick: [
        [
          /on conflict \(location, kind, name, scheduled_at\) do update set started_at = excluded.started_at\s+where [^\n]*/,
          '',
        ],
      ],
    },
    tests: [{ file: TICKS, title: 'launch their run at the tick, once, however many evaluate it' }],
  },
  {
    name: 'tick: may be due by an older state',
    functions: { start_next_tick: [[/if p_last is distinct from[\s\S]*?then return null; end if;/, '']] },
    tests: [{ file: STORAGE, title: 'a tick that is due by an older state than is stored is not opened' }],
  },
  {
    name: 'tick: one that has ended may end again',
    functions: { finish_tick: [["if v_tick.status <> 'STARTED' then return tick_json(v_tick); end if;"]] },
    tests: [
      {
        file: TICKS,
        title:
          'leaves a sensor tick that fails; the next one asks from the same cursor, and late words change nothing',
      },
    ],
  },
  {
    name: 'tick: its lease does not count',
    functions: { start_tick: [[/and t\.started_at \+ p_lease_seconds \* 1000 (<=|>) p_now/g, 'and true']] },
    tests: [
      {
        file: TICKS,
        title: 'leaves a schedule tick that is evaluated again, once, by all who wake up after its lease',
      },
    ],
  },
  {
    name: 'backfill: advanced whatever its version',
    functions: { advance_backfill: [['or v_backfill.version <> p_version ']] },
    tests: [
      {
        file: COMPARE,
        title:
          'of those who decided on one version of a backfill the first counts, and the others’ runs are not made',
      },
    ],
  },
  {
    name: 'retry: decided without the lock on the failed run',
    functions: { decide_retry: [['where run_id = p_run_id for update;', 'where run_id = p_run_id;']] },
    tests: [
      {
        file: COMPARE,
        title: 'is decided once: who comes second to say that it is not hears of the retry',
      },
    ],
  },
  {
    name: 'retry: made of a run that is said not to be retried',
    functions: {
      decide_retry: [["if v_run.tags ->> 'dagster/will_retry' = 'false' then return null; end if;"]],
    },
    tests: [
      {
        file: COMPARE,
        title: 'is decided once: who comes second with a retry makes none where it was declined, or made',
      },
    ],
  },
  {
    name: 'small value: replaced whatever it is',
    source: {
      file: 'lib/adapters/postgres/key-value-storage.ts',
      replace: [['and value::jsonb = $4::jsonb', 'and $4::jsonb is not null']],
    },
    tests: [{ file: STORAGE, title: 'a small value is replaced only where it is what was expected' }],
  },
  {
    name: 'fence: any token',
    functions: {
      require_live_attempt: [["or not sha256(convert_to(p_token, 'UTF8')) = any (v_attempt.token_hashes)"]],
    },
    tests: [{ file: WORKER, title: 'every call of a stranger, a wrong attempt or a wrong token is refused' }],
  },
  {
    name: 'fence: an attempt that was replaced',
    functions: { require_live_attempt: [['if v_run.attempt <> p_attempt then', 'if false then']] },
    tests: [
      { file: STORAGE, title: 'finalizing applies the choice once; what is finished or newer is left alone' },
    ],
  },
  {
    name: 'fence: any worker',
    functions: {
      require_live_attempt: [['if v_attempt.worker_id is distinct from p_worker_id then', 'if false then']],
    },
    tests: [{ file: WORKER, title: 'every call of a stranger, a wrong attempt or a wrong token is refused' }],
  },
  {
    name: 'fence: tokens of workers that were not first',
    functions: { start_run: [['token_hashes = array[v_hash]', 'token_hashes = token_hashes']] },
    tests: [
      { file: WORKER, title: 'of two workers for one attempt one starts, whichever token it was given' },
    ],
  },
  {
    name: 'fence: a run that has ended',
    functions: {
      require_live_attempt: [["if v_run.status not in ('STARTED', 'CANCELING') then", 'if false then']],
    },
    tests: [{ file: WORKER, title: 'a run is finished once; its worker may say so again, but nothing else' }],
  },
  {
    name: 'fence: without the lock on the run',
    functions: {
      require_live_attempt: [['where run_id = p_run_id for update;', 'where run_id = p_run_id;']],
    },
    tests: [
      {
        file: 'test/chaos/fences.test.ts',
        title:
          'a batch that is sent again while its first sending is not committed waits for it, and is stored once',
      },
    ],
  },
  {
    name: 'events: a gap in their sequence',
    functions: { append_events: [['if p_first_seq > v_attempt.last_seq + 1 then', 'if false then']] },
    tests: [
      {
        file: WORKER,
        title:
          'a repeated batch is accepted once, one joined with newer events for its new part, a gap is a conflict',
      },
    ],
  },
  {
    name: 'events: a batch again',
    functions: {
      append_events: [
        ['if v_last <= v_attempt.last_seq then return; end if;'],
        ['if p_first_seq <= v_attempt.last_seq then', 'if false then'],
      ],
    },
    tests: [
      {
        file: WORKER,
        title:
          'a repeated batch is accepted once, one joined with newer events for its new part, a gap is a conflict',
      },
    ],
  },
  {
    name: 'end of a run: finalized after it',
    functions: {
      finalize_attempt: [
        ["if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'already-finished'; end if;"],
      ],
    },
    tests: [
      { file: STORAGE, title: 'finalizing applies the choice once; what is finished or newer is left alone' },
    ],
  },
  {
    name: 'end of a run: finalized without the lock on it',
    functions: { finalize_attempt: [['where run_id = p_run_id for update;', 'where run_id = p_run_id;']] },
    tests: [
      {
        file: STORAGE,
        title: 'however cancel, finish and finalize race, a run has one end and one event that says so',
      },
    ],
  },
  {
    name: 'end of a run: canceled after it',
    functions: {
      cancel_run: [["if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'finished'; end if;"]],
    },
    tests: [
      {
        file: STORAGE,
        title: 'canceling: a queued run at once, an active one through its worker, a finished one not at all',
      },
    ],
  },
  {
    name: 'pool: claimed without its lock',
    functions: {
      claim_pool_slot: [["perform pg_advisory_xact_lock(hashtextextended('headrace.pool:' || p_pool, 0));"]],
    },
    tests: [
      {
        file: 'test/chaos/fences.test.ts',
        title:
          'who asks for the last slot of a pool while another’s claim of it is not committed waits for it, and gets none',
      },
    ],
  },
  {
    name: 'outbox: taken although another has it',
    functions: { take_outbox: [['where leased_until <= headrace.now_ms()', 'where true']] },
    tests: [{ file: STORAGE, title: 'many callers take each side effect once' }],
  },
  {
    name: 'outbox: looked at once only',
    source: {
      file: 'lib/engine/deliver-outbox.ts',
      replace: [[/if \(failure !== undefined && .*\) throw failure\.reason;/, '$&\n    return;']],
    },
    tests: [
      {
        file: WAKE_UPS,
        title:
          'wherever in a delivery another run is enqueued, whoever enqueued it or the delivery itself starts it',
      },
    ],
  },
  {
    name: 'event log: read past a writer that has not committed',
    functions: { safe_storage_id: [['return least(v_last, v_open);', 'return v_last;']] },
    tests: [
      {
        file: 'test/adapters/postgres/late-commits.test.ts',
        title: 'followers wait for a writer that took a lower id and has not committed',
      },
    ],
  },
  {
    name: 'lost worker: replaced before it is known to have stopped',
    source: {
      file: 'lib/engine/monitor-runs.ts',
      replace: [['  await instance.runLauncher.stop(runId, attempt);\n', '']],
    },
    tests: [{ file: RUNS, title: 'starts nothing new before the old worker is confirmed stopped' }],
  },
  {
    name: 'execution: a start that was stored and not heard is left',
    source: {
      file: 'lib/adapters/local/asl-run-coordinator.ts',
      replace: [["if (known?.status === 'RUNNING') await this.carryOn(name, known);", '']],
    },
    tests: [
      {
        file: 'test/adapters/local/asl-run-coordinator.test.ts',
        title: 'carries an execution on whose start was stored, though the answer was lost',
      },
    ],
  },
];

/** Those that `npm test` shows: a lock, a unique key and a fence. */
export const SAMPLE = ['claim: with a lock that is only tried', 'run key: not unique', 'fence: any token'];
