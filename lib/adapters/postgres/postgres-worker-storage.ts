import type { JsonObject } from '../../model/json';
import type { AttemptRef } from '../../model/run';
import { PortError } from '../../ports/errors';
import type {
  PoolClaim,
  RunAssignment,
  StoredMaterialization,
  WorkerInstruction,
  WorkerStorage,
} from '../../ports/worker-storage';
import { StaleAttemptError } from '../../ports/worker-storage';
import { completedSteps, type StepResult } from './completed-steps';
import type { Driver, SqlParameter } from './driver';
import { createPgDriver, type PgDriverOptions } from './pg-driver';
import { isUuid } from './run-filter';
import { cleanText, toJsonText } from './to-json-text';
import type { StoredPlan } from './to-run-batch';

/** One for the heartbeat beside one for the events. */
const CONNECTIONS = 2;

/** `WorkerStorage` that can be closed. */
export interface PostgresWorkerStorage extends WorkerStorage {
  close(): Promise<void>;
}

/**
 * What a worker may do with the database, through functions that check its token; the connection's role needs no
 * more than `headrace_worker`.
 *
 * @example const storage = createPostgresWorkerStorage({ url: 'postgresql://worker:…@…/headrace' });
 */
export function createPostgresWorkerStorage(
  options: PgDriverOptions | { readonly driver: Driver },
): PostgresWorkerStorage {
  const driver =
    'driver' in options
      ? options.driver
      : createPgDriver({ maxConnections: CONNECTIONS, applicationName: 'headrace-worker', ...options });

  /** Calls a worker function whose first four parameters are the attempt's. */
  async function call<Row>(
    ref: AttemptRef,
    name: string,
    casts = '',
    parameters: readonly SqlParameter[] = [],
  ) {
    if (!isUuid(ref.runId)) throw new StaleAttemptError(`${ref.runId} is no run id`);
    return driver.query<Row>(`select to_json(headrace.${name}($1::uuid, $2::integer, $3, $4${casts}))`, [
      ref.runId,
      ref.attempt,
      ref.workerId,
      ref.token,
      ...parameters,
    ]);
  }

  return {
    async startRun(ref) {
      const [row] = await call<Assignment>(ref, 'start_run');
      if (row === undefined)
        throw new PortError('permanent', `start_run answered nothing for run ${ref.runId}`);
      const { stepResults, partitionKeys, ...assignment } = row;
      const plan = { ...assignment.plan, partitionKeys };
      return { ...assignment, plan, completedSteps: completedSteps(plan, stepResults) };
    },
    async heartbeat(ref) {
      const [instruction] = await call<WorkerInstruction>(ref, 'heartbeat');
      return instruction ?? 'continue';
    },
    async appendEvents(ref, firstSeq, events) {
      if (events.length === 0) return;
      await callVoid(ref, 'append_events', ', $5::bigint, $6::json', [firstSeq, toJsonText(events)]);
    },
    async finishRun(ref, { status, failureReason, cause }) {
      await callVoid(ref, 'finish_run', ', $5, $6, $7', [
        status,
        failureReason,
        cause === null ? null : cleanText(cause),
      ]);
    },
    async suspendRun(ref, { resumeAt, cause, state }) {
      await callVoid(ref, 'suspend_run', ', $5::bigint, $6, $7::json', [
        Math.ceil(resumeAt),
        cleanText(cause),
        toJsonText(state),
      ]);
    },
    async suspendedState(ref) {
      const [state] = await call<JsonObject | null>(ref, 'suspended_state');
      return state ?? null;
    },
    async claimPoolSlot(ref, pool, stepKey, priority = 0) {
      const [claim] = await call<PoolClaim>(ref, 'claim_pool_slot', ', $5, $6, $7::integer', [
        pool,
        stepKey,
        priority,
      ]);
      if (claim === undefined)
        throw new PortError('permanent', `claim_pool_slot answered nothing for ${pool}`);
      return claim;
    },
    async releasePoolSlot(ref, pool, stepKey) {
      const [isAwaited] = await call<boolean>(ref, 'release_pool_slot', ', $5, $6', [pool, stepKey]);
      return isAwaited ?? false;
    },
    dynamicPartitionKeys: (ref, name) => call<string>(ref, 'worker_dynamic_partitions', ', $5', [name]),
    async materializations(ref, { asset, partition, limit, type = 'ASSET_MATERIALIZATION' }) {
      const rows = await call<StoredMaterialization>(
        ref,
        'worker_asset_events',
        ', $5, $6, $7, $8::integer',
        [asset, type, partition, limit],
      );
      // A row too long for even its shortened fields keeps the reference alone.
      return rows.map((row) => ({ ...row, metadata: row.metadata ?? {} }));
    },
    close: () => driver.close(),
  };

  async function callVoid(ref: AttemptRef, name: string, casts: string, parameters: readonly SqlParameter[]) {
    if (!isUuid(ref.runId)) throw new StaleAttemptError(`${ref.runId} is no run id`);
    await driver.query(`select to_json(headrace.${name}($1::uuid, $2::integer, $3, $4${casts})::text)`, [
      ref.runId,
      ref.attempt,
      ref.workerId,
      ref.token,
      ...parameters,
    ]);
  }
}

type Assignment = Omit<RunAssignment, 'completedSteps' | 'plan'> & {
  readonly plan: StoredPlan;
  readonly partitionKeys: readonly string[];
  readonly stepResults: readonly StepResult[];
};
