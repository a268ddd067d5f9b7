import type { NewRun } from '../../model/run';
import { runPriority, TAG } from '../../model/tags';

/** A `Run` of lib/model from its row and its plan's, with the tables it is read from; append `where …`. */
export const RUN_JSON = `json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'status', r.status,
    'config', p.config, 'tags', r.tags, 'assetSelection', p.asset_selection, 'assetCheckSelection', p.asset_check_selection,
    'stepKeys', p.step_keys, 'parentRunId', r.parent_run_id, 'rootRunId', r.root_run_id,
    'origin', json_build_object('kind', r.origin_kind, 'name', r.origin_name, 'runKey', r.run_key),
    'attempt', r.attempt, 'createdAt', r.created_at, 'claimedAt', r.claimed_at, 'startedAt', r.started_at,
    'endedAt', r.ended_at, 'updatedAt', r.updated_at, 'cause', r.cause)
  from headrace.runs r join headrace.run_plans p on p.run_id = r.run_id`;

/** A run as `create_runs` takes it: with what its tags say worked out. */
export function toRunRow(run: NewRun): NewRun & {
  readonly priority: number;
  readonly maxRuntime: number | null;
} {
  return { ...run, priority: boundedPriority(runPriority(run.tags)), maxRuntime: maxRuntime(run.tags) };
}

function boundedPriority(priority: number): number {
  return Math.min(Math.max(priority, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** Seconds; null when the tag is absent or no positive number. */
function maxRuntime(tags: NewRun['tags']): number | null {
  const seconds = Number(tags[TAG.maxRuntime]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
