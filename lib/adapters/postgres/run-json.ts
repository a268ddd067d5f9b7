/**
 * Statement that answers `Run`s of lib/model. The page is cut before the records are built, which are wide.
 *
 * @param page what follows `from`: `headrace.runs r` and others, conditions, order and limit
 */
export const selectRuns = (page: string): string => `
  select json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'status', r.status,
    'config', p.config, 'tags', r.tags, 'assetSelection', p.asset_selection, 'assetCheckSelection', p.asset_check_selection,
    'stepKeys', p.step_keys, 'parentRunId', r.parent_run_id, 'rootRunId', r.root_run_id,
    'origin', json_build_object('kind', r.origin_kind, 'name', r.origin_name, 'runKey', r.run_key),
    'attempt', r.attempt, 'createdAt', r.created_at, 'claimedAt', r.claimed_at, 'startedAt', r.started_at,
    'endedAt', r.ended_at, 'updatedAt', r.updated_at, 'cause', r.cause,
    'resumeAt', r.resume_at, 'suspensions', r.suspensions, 'pools', r.pools)
  from (select r.* from ${page}) r join headrace.run_plans p on p.run_id = r.run_id
  order by r.seq desc`;
