// Storage of ab61f30, which knows 14 migrations: written by test/support/freeze-storage.mjs.
// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/stored-event-row.ts
function toStoredEvent(row) {
  return Object.fromEntries(
    Object.entries(row).filter(([key, value]) => value !== null || key === "runId")
  );
}
async function queryEvents(driver, sql, parameters) {
  return (await driver.query(sql, parameters)).map(toStoredEvent);
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/to-json-text.ts
function toJsonText(value) {
  const text = JSON.stringify(value);
  return /\\u(0000|[dD][89a-fA-F])/.test(text) ? JSON.stringify(clean(value)) : text;
}
function clean(value) {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), clean(item)]));
  }
  return value;
}
function cleanText(text) {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/asset-storage.ts
function createAssetStorage(driver) {
  return {
    async assetRecords(keys) {
      const rows = await driver.query(ASSET_RECORDS, [
        keys === void 0 ? null : toJsonText(keys)
      ]);
      return rows.map((row) => ({
        ...row,
        lastMaterialization: row.lastMaterialization && toStoredEvent(row.lastMaterialization),
        lastObservation: row.lastObservation && toStoredEvent(row.lastObservation)
      }));
    },
    assetEvents: ({ key, types, partition, before, limit }) => queryEvents(driver, partition === void 0 ? ASSET_EVENTS : ASSET_PARTITION_EVENTS, [
      key,
      toJsonText(types),
      before ?? null,
      limit,
      ...partition === void 0 ? [] : [partition]
    ]),
    partitionStates: (keys) => driver.query(PARTITION_STATES, [toJsonText(keys)]),
    checkRecords: (keys) => driver.query(CHECK_RECORDS, [toJsonText(keys)]),
    checkHistory: ({ asset, name }, limit, before) => driver.query(
      `select ${CHECK_JSON} from headrace.asset_checks c
         where c.asset_key = $1 and c.check_name = $2 and ($4::bigint is null or c.storage_id < $4::bigint)
         order by c.storage_id desc limit $3::integer`,
      [asset, name, limit, before ?? null]
    ),
    dynamicPartitionKeys: (location, name) => driver.query(
      "select to_json(key) from headrace.dynamic_partitions where location = $1 and name = $2 order by seq",
      [location, name]
    ),
    async changeDynamicPartitions(location, kind, name, keys) {
      await driver.query("select to_json(headrace.change_dynamic_partitions($1, $2, $3, $4::jsonb)::text)", [
        location,
        kind,
        name,
        toJsonText(keys)
      ]);
    },
    async wipeAsset(key, partitions) {
      await driver.query("select to_json(headrace.wipe_asset($1, $2::jsonb)::text)", [
        key,
        partitions === null ? null : toJsonText(partitions)
      ]);
    }
  };
}
var LIVE_PLANS = `
  live_plans as materialized (
    select a.asset_key, a.partition, a.run_id, r.seq, r.claimed_at
    from headrace.runs r join headrace.run_assets a on a.run_id = r.run_id
    where r.status in ('STARTING', 'STARTED', 'CANCELING', 'SUSPENDED') and not a.done
  )`;
var ASSET_RECORDS = `
  with recursive ${LIVE_PLANS}, planned_keys as (
    (select asset_key from headrace.run_assets where $1::jsonb is null order by asset_key limit 1)
    union all
    select (select a.asset_key from headrace.run_assets a where a.asset_key > k.asset_key order by a.asset_key limit 1)
      from planned_keys k where k.asset_key is not null
  ), keys as (
    select asset_key from planned_keys where asset_key is not null
    union select asset_key from headrace.asset_records where $1::jsonb is null
    union select jsonb_array_elements_text($1::jsonb)
  )
  select json_build_object(
    'key', k.asset_key, 'lastMaterialization', s.last_materialization, 'lastObservation', s.last_observation,
    'lastRunId', l.run_id, 'lastRunStatus', l.status, 'inProgressRunIds', coalesce(p.run_ids, '[]'),
    'lastFailureAt', s.last_failure_at)
  from keys k
  left join headrace.asset_records s on s.asset_key = k.asset_key
  left join lateral (
    select r.run_id, r.status from headrace.run_assets a join headrace.runs r on r.run_id = a.run_id
    where a.asset_key = k.asset_key order by a.seq desc limit 1) l on true
  left join (
    select asset_key, json_agg(run_id order by seq) as run_ids
    from (select distinct asset_key, run_id, seq from live_plans) d group by asset_key) p on p.asset_key = k.asset_key
  where s.asset_key is not null or l.run_id is not null
  order by k.asset_key`;
var ASSET_EVENT_TYPES = `('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')`;
var assetEvents = (extra) => `
  select headrace.event_json(page.e) from (
    select e from headrace.events e
    where e.asset_key = $1 and e.type in ${ASSET_EVENT_TYPES} and e.type in (select jsonb_array_elements_text($2::jsonb))
      and ($3::bigint is null or e.storage_id < $3::bigint) ${extra}
      and e.storage_id > coalesce((select wiped_through from headrace.asset_records where asset_key = $1), 0)
    order by e.storage_id desc limit $4::integer
  ) page order by (page.e).storage_id desc`;
var ASSET_EVENTS = assetEvents("");
var ASSET_PARTITION_EVENTS = assetEvents(`and e.partition = $5
    and e.storage_id > coalesce((select wiped_through from headrace.asset_partitions where asset_key = $1 and partition = $5), 0)`);
var PARTITION_STATES = `
  with ${LIVE_PLANS}, keys as (
    select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)
  ), live as (
    select distinct on (asset_key, partition) asset_key, partition, run_id, claimed_at
    from live_plans join keys using (asset_key)
    where partition <> '' order by asset_key, partition, seq desc
  ), settled as (
    select p.* from headrace.asset_partitions p join keys using (asset_key) where p.materialization_id > 0 or p.failure_id > 0
  )
  select json_build_object(
    'key', coalesce(l.asset_key, s.asset_key),
    'partition', coalesce(l.partition, s.partition),
    'status', case when l.partition is not null then 'IN_PROGRESS' when s.failure_id > s.materialization_id then 'FAILED' else 'MATERIALIZED' end,
    'runId', case when l.partition is not null then l.run_id when s.failure_id > s.materialization_id then s.failure_run_id else s.materialization_run_id end,
    'timestamp', case when l.partition is not null then l.claimed_at when s.failure_id > s.materialization_id then s.failed_at else s.materialized_at end)
  from settled s full join live l on l.asset_key = s.asset_key and l.partition = s.partition
  order by coalesce(l.asset_key, s.asset_key), coalesce(l.partition, s.partition)`;
var CHECK_JSON = `json_build_object(
  'check', json_build_object('asset', c.asset_key, 'name', c.check_name), 'status', c.status, 'evaluation', c.evaluation,
  'runId', coalesce(c.run_id::text, ''), 'storageId', c.storage_id, 'timestamp', c.timestamp)`;
var CHECK_RECORDS = `
  with recursive checks as (
    select k.asset_key, (select c.check_name from headrace.asset_checks c where c.asset_key = k.asset_key order by c.check_name limit 1) as check_name
      from (select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)) k
    union all
    select k.asset_key, (select c.check_name from headrace.asset_checks c
        where c.asset_key = k.asset_key and c.check_name > k.check_name order by c.check_name limit 1)
      from checks k where k.check_name is not null
  )
  select latest.record from checks k cross join lateral (
    select ${CHECK_JSON} from headrace.asset_checks c
    where c.asset_key = k.asset_key and c.check_name = k.check_name order by c.storage_id desc limit 1
  ) latest (record)
  where k.check_name is not null
  order by k.asset_key, k.check_name`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/model/automation-evaluation.ts
function unpackEvaluation({ entities, values, since }, shape2) {
  let next = 0;
  return unpack(shape2, "0");
  function unpack(node, uniqueId) {
    const index = next;
    next += 1;
    const value = values[index] ?? 0;
    const [asset, check] = entities[node.entity] ?? ["", null];
    const [truth, candidates, numTrue, numCandidates] = typeof value === "number" ? [value === 2, value > 0, value === 2 ? 1 : 0, value > 0 ? 1 : 0] : value;
    const metadata = since[index];
    const children = node.children.map((child, at) => unpack(child, `${uniqueId}.${at}`));
    const [only] = children;
    return {
      uniqueId,
      label: node.label,
      name: node.name ?? (only === void 0 ? "" : nameOf(only)),
      operatorType: node.operatorType,
      asset,
      check,
      isPartitioned: node.isPartitioned,
      numTrue,
      numCandidates,
      truth,
      candidates,
      ...metadata === void 0 ? {} : { since: metadata },
      children
    };
  }
}
var nameOf = ({ asset, check }) => check === null ? asset : `${asset}:${check}`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/automation-storage.ts
function createAutomationStorage(driver) {
  return {
    automationStates: (location) => driver.query(
      `select json_build_object('key', asset_key, 'state', state) from headrace.automation_states
         where location = $1 order by asset_key`,
      [location]
    ),
    automationAssets: ({ keys, partitioned, failures }) => driver.query(ASSETS, [
      toJsonText(keys),
      toJsonText(partitioned),
      toJsonText(failures)
    ]),
    automationUpdates: ({ keys, after, through, limit }) => driver.query(UPDATES, [toJsonText(keys), after, through, limit]),
    automationRuns: async (runIds) => runIds.length === 0 ? [] : driver.query(RUNS, [toJsonText(runIds)]),
    async automationEvaluations({ key, evaluationId, before, limit }) {
      const rows = await driver.query(EVALUATIONS, [
        key ?? null,
        evaluationId ?? null,
        before ?? null,
        limit
      ]);
      return rows.map(({ packed: packed2, shape: shape2, ...row }) => ({ ...row, root: unpackEvaluation(packed2, shape2) }));
    },
    async purgeAutomationEvaluations(before, limit) {
      const [count2] = await driver.query(
        "select to_json(headrace.purge_automation_evaluations($1::bigint, $2::integer))",
        [before, limit]
      );
      return count2 ?? 0;
    },
    freshnessRecords: (keys) => driver.query(FRESHNESS, [toJsonText(keys)]),
    async recordFreshness(changes) {
      if (changes.length === 0) return 0;
      const [count2] = await driver.query("select to_json(headrace.record_freshness($1::json))", [
        toJsonText(changes)
      ]);
      return count2 ?? 0;
    }
  };
}
var ASSETS = `
  with keys as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)
  ), partitioned as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($2::jsonb)
  ), in_runs as (
    select a.asset_key, bool_or(a.partition = '') as whole,
        coalesce(json_agg(distinct a.partition) filter (where a.partition <> ''), '[]') as partitions
      from headrace.runs r join headrace.run_assets a on a.run_id = r.run_id join keys using (asset_key)
      where r.status in ('QUEUED', 'NOT_STARTED', 'STARTING', 'STARTED', 'CANCELING', 'SUSPENDED') and not a.done
      group by a.asset_key
  ), in_backfills as (
    select t.asset_key, bool_or(t.partition = '') as whole,
        coalesce(json_agg(distinct t.partition) filter (where t.partition <> ''), '[]') as partitions
      from headrace.backfills b join headrace.backfill_targets t on t.backfill_id = b.backfill_id join keys using (asset_key)
      where b.ended_at is null and t.status in ('PENDING', 'REQUESTED')
      group by t.asset_key
  ), failed as (
    select k.asset_key
      from (select distinct value as asset_key from jsonb_array_elements_text($3::jsonb)) k
      cross join lateral (
        select a.run_id, r.status from headrace.run_assets a join headrace.runs r on r.run_id = a.run_id
          where a.asset_key = k.asset_key order by a.seq desc limit 1) l
      where l.status = 'FAILURE' and not exists (
        select from headrace.events e
          where e.run_id = l.run_id and e.asset_key = k.asset_key and e.type = 'ASSET_MATERIALIZATION')
  ), settled as (
    select p.asset_key,
        coalesce(json_agg(p.partition) filter (where p.materialization_id > 0), '[]') as materialized,
        coalesce(json_agg(p.partition) filter (where p.failure_id > p.materialization_id), '[]') as failed
      from headrace.asset_partitions p join partitioned using (asset_key)
      group by p.asset_key
  )
  select json_build_object(
    'key', k.asset_key,
    'lastMaterialization', case when s.last_materialization_id > 0 then json_build_object(
      'storageId', s.last_materialization_id, 'timestamp', (s.last_materialization ->> 'timestamp')::bigint,
      'partition', s.last_materialization ->> 'partition', 'runId', s.last_materialization ->> 'runId') end,
    'runInProgress', coalesce(r.whole, false), 'backfillInProgress', coalesce(b.whole, false),
    'executionFailed', f.asset_key is not null,
    'materialized', coalesce(p.materialized, '[]'), 'partitionsInRuns', coalesce(r.partitions, '[]'),
    'partitionsInBackfills', coalesce(b.partitions, '[]'), 'partitionsFailed', coalesce(p.failed, '[]'))
  from keys k
  left join headrace.asset_records s on s.asset_key = k.asset_key
  left join in_runs r on r.asset_key = k.asset_key
  left join in_backfills b on b.asset_key = k.asset_key
  left join failed f on f.asset_key = k.asset_key
  left join settled p on p.asset_key = k.asset_key
  where s.asset_key is not null or r.asset_key is not null or b.asset_key is not null or f.asset_key is not null
    or p.asset_key is not null`;
var UPDATES = `
  with keys as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)
  ), page as materialized (
    select e.storage_id, e.asset_key, e.timestamp, e.partition, e.run_id, e.data
      from headrace.events e join keys using (asset_key)
      left join headrace.asset_records s on s.asset_key = e.asset_key
      left join headrace.asset_partitions p on p.asset_key = e.asset_key and p.partition = e.partition
      where e.type = 'ASSET_MATERIALIZATION' and e.storage_id > $2::bigint and e.storage_id <= $3::bigint
        and e.storage_id > coalesce(s.wiped_through, 0) and e.storage_id > coalesce(p.wiped_through, 0)
      order by e.storage_id limit $4::integer
  )
  select json_build_object(
    'key', u.asset_key, 'storageId', u.storage_id, 'timestamp', u.timestamp, 'partition', u.partition, 'runId', u.run_id,
    'version', coalesce(u.data ->> 'dataVersion', u.run_id::text), 'previousVersion', (
      select coalesce(e.data ->> 'dataVersion', e.run_id::text) from headrace.events e
        where e.asset_key = u.asset_key and e.partition is not distinct from u.partition and e.storage_id < u.storage_id
          and e.type = 'ASSET_MATERIALIZATION'
        order by e.storage_id desc limit 1))
  from page u order by u.storage_id`;
var RUNS = `
  select json_build_object('runId', r.run_id, 'tags', r.tags, 'assets', coalesce((
    select json_agg(distinct a.asset_key) from headrace.run_assets a where a.run_id = r.run_id), '[]'))
  from headrace.runs r where r.run_id in (select value::uuid from jsonb_array_elements_text($1::jsonb))`;
var EVALUATIONS = `
  select json_build_object(
    'location', e.location, 'sensor', e.sensor, 'key', e.asset_key, 'evaluationId', e.evaluation_id, 'timestamp', e.timestamp,
    'numRequested', e.num_requested, 'runIds', e.run_ids, 'packed', e.packed, 'shape', h.shape)
  from headrace.automation_evaluations e join headrace.automation_shapes h on h.name = e.packed ->> 'shape'
  where ($1::text is null or e.asset_key = $1::text) and ($2::bigint is null or e.evaluation_id = $2::bigint)
    and ($3::bigint is null or e.evaluation_id < $3::bigint)
  order by e.evaluation_id desc, e.asset_key limit $4::integer`;
var FRESHNESS = `
  select json_build_object(
    'key', k.asset_key, 'materializedAt', (r.last_materialization ->> 'timestamp')::bigint,
    'state', coalesce(s.state, 'UNKNOWN'), 'changedAt', s.changed_at)
  from (select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)) k
  left join headrace.asset_records r on r.asset_key = k.asset_key
  left join headrace.freshness_states s on s.asset_key = k.asset_key`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/run-filter.ts
function runConditions(filter, first = 1) {
  const parameters = [];
  const add = (value) => {
    parameters.push(value);
    return `$${first + parameters.length - 1}`;
  };
  const anyOf = (values, type = "text") => values.length === 1 ? `${add(values[0] ?? "")}::${type}` : `any (${add(toArrayText(values))}::${type}[])`;
  const conditions = [];
  if (filter.runIds !== void 0)
    conditions.push(`r.run_id = ${anyOf(filter.runIds.filter(isUuid), "uuid")}`);
  if (filter.runIdPrefix !== void 0 && filter.runIdPrefix !== "") {
    const range = uuidRange(filter.runIdPrefix);
    conditions.push(
      range === void 0 ? "false" : `r.run_id between ${add(range.from)}::uuid and ${add(range.to)}::uuid`
    );
  }
  if (filter.location !== void 0) conditions.push(`r.location = ${add(filter.location)}`);
  if (filter.jobName !== void 0) conditions.push(`r.job_name = ${add(filter.jobName)}`);
  if (filter.statuses !== void 0) conditions.push(`r.status = ${anyOf(filter.statuses)}`);
  for (const { key, values } of filter.tags ?? []) {
    conditions.push(
      `exists (select from headrace.run_tags t where t.key = ${add(key)} and t.value = ${anyOf(values)} and t.seq = r.seq)`
    );
  }
  const bounds = [
    ["created_at", ">", filter.createdAfter],
    ["created_at", "<", filter.createdBefore],
    ["updated_at", ">", filter.updatedAfter],
    ["updated_at", "<", filter.updatedBefore]
  ];
  for (const [column, operator, value] of bounds) {
    if (value !== void 0) conditions.push(`r.${column} ${operator} ${add(value)}::bigint`);
  }
  return { sql: conditions.length === 0 ? "true" : conditions.join(" and "), parameters };
}
function toArrayText(values) {
  return `{${values.map((value) => `"${cleanText(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(",")}}`;
}
var UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
function isUuid(id) {
  return UUID.test(id);
}
function uuidRange(prefix) {
  const digits = prefix.replaceAll("-", "");
  if (!/^[0-9a-f]{1,32}$/i.test(digits)) return void 0;
  return { from: digits.padEnd(32, "0"), to: digits.padEnd(32, "f") };
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/model/tags.ts
var TAG = {
  codeLocation: "dagster/code_location",
  scheduleName: "dagster/schedule_name",
  scheduledExecutionTime: ".dagster/scheduled_execution_time",
  sensorName: "dagster/sensor_name",
  tick: "dagster/tick",
  runKey: "dagster/run_key",
  backfill: "dagster/backfill",
  partition: "dagster/partition",
  partitionRangeStart: "dagster/asset_partition_range_start",
  partitionRangeEnd: "dagster/asset_partition_range_end",
  parentRunId: "dagster/parent_run_id",
  rootRunId: "dagster/root_run_id",
  isResumeRetry: "dagster/is_resume_retry",
  stepSelection: "dagster/step_selection",
  priority: "dagster/priority",
  maxRetries: "dagster/max_retries",
  retryNumber: "dagster/retry_number",
  retryStrategy: "dagster/retry_strategy",
  retryOnAssetOrOpFailure: "dagster/retry_on_asset_or_op_failure",
  willRetry: "dagster/will_retry",
  autoRetryRunId: "dagster/auto_retry_run_id",
  maxRuntime: "dagster/max_runtime",
  /** Dagster's other spelling of the same; `maxRuntime` speaks first. */
  maxRuntimeSeconds: "dagster/max_runtime_seconds",
  parentBackfill: "dagster/parent_backfill_id",
  rootBackfill: "dagster/root_backfill_id",
  /** Ours: seconds of waiting from which a run is suspended. */
  suspendAfter: "headrace/suspend_after",
  /** Ours: `lambda` or `fargate` carries the run on AWS, whatever `run_launcher.default` says. */
  launcher: "headrace/launcher",
  isolation: "dagster/isolation",
  failureReason: "dagster/failure_reason",
  autoMaterialize: "dagster/auto_materialize",
  fromAutomationCondition: "dagster/from_automation_condition",
  assetEvaluationId: "dagster/asset_evaluation_id",
  /** Fingerprint of the request that an idempotency key stands for. */
  idempotentRequest: ".dagster/idempotent_request",
  user: "user"
};
function runPriority(tags) {
  const text = tags[TAG.priority] ?? "";
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : 0;
}
function maxRuntimeSeconds(tags) {
  const value = Number(tags[TAG.maxRuntime] ?? tags[TAG.maxRuntimeSeconds] ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/to-run-batch.ts
function toRunBatch(runs) {
  const plans = [];
  const bySteps = /* @__PURE__ */ new Map();
  const byText = /* @__PURE__ */ new Map();
  const known = (steps) => {
    const found = bySteps.get(steps) ?? { text: JSON.stringify(steps), rootPools: rootPools(steps) };
    bySteps.set(steps, found);
    return found;
  };
  const share = ({ partitionKeys: _, ...plan }) => {
    const steps = known(plan.steps);
    const text = `${plan.maxConcurrentSteps} ${steps.text}`;
    const index = byText.get(text) ?? plans.push(plan) - 1;
    byText.set(text, index);
    return index;
  };
  const rows = runs.map(({ plan, ...run }) => ({
    ...run,
    plan: share(plan),
    partitionKeys: plan.partitionKeys,
    priority: boundedPriority(runPriority(run.tags)),
    maxRuntime: maxRuntimeSeconds(run.tags),
    rootPools: known(plan.steps).rootPools
  }));
  const waits = rows.some((run) => run.rootPools !== null || run.dependencies != null);
  return { plans, runs: rows, waits };
}
function rootPools(steps) {
  const keys = new Set(steps.map(({ key }) => key));
  const pools = /* @__PURE__ */ new Set();
  for (const { dependsOn, pool } of steps) {
    if (dependsOn.some((key) => keys.has(key))) continue;
    if (pool === null) return null;
    pools.add(pool);
  }
  return pools.size === 0 ? null : [...pools].sort();
}
function boundedPriority(priority) {
  return Math.min(Math.max(priority, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/backfill-storage.ts
function createBackfillStorage(driver) {
  const ask2 = async (call, parameters) => (await driver.query(`select to_json(headrace.${call})`, parameters))[0];
  return {
    async createBackfill(backfill) {
      return await ask2("create_backfill($1::json)", [toJsonText(backfill)]) === true;
    },
    listBackfills: ({ backfillIds, statuses, cursor, limit }) => driver.query(
      `select headrace.backfill_json(b) from headrace.backfills b
         where ($2::text[] is null or b.backfill_id = any ($2::text[]))
           and ($3::text[] is null or b.status = any ($3::text[]))
           and ($4::text is null or b.seq < (select seq from headrace.backfills where backfill_id = $4))
         order by b.seq desc limit $1::integer`,
      [
        limit,
        backfillIds === void 0 ? null : toArrayText(backfillIds),
        statuses === void 0 ? null : toArrayText(statuses),
        cursor ?? null
      ]
    ),
    backfillTargets: (backfillId) => driver.query(
      `select json_build_object('asset', nullif(asset_key, ''), 'status', status, 'partitions', json_agg(partition order by ord))
         from headrace.backfill_targets where backfill_id = $1 group by asset_key, status order by asset_key, status`,
      [backfillId]
    ),
    async isBackfillRunning(backfillId) {
      return await ask2("backfill_is_running($1)", [backfillId]) === true;
    },
    async advanceBackfill(backfillId, version, { runs, ...advance }) {
      const text = toJsonText({ ...advance, runs: toRunBatch(runs) });
      return await ask2("advance_backfill($1, $2::integer, $3::json)", [backfillId, version, text]) === true;
    },
    async changeBackfill(backfillId, change) {
      const changed = await ask2("change_backfill($1, $2::json)", [backfillId, toJsonText(change)]);
      return changed ?? void 0;
    },
    async cancelBackfillRuns(backfillId, limit, cause) {
      const left = await ask2("cancel_backfill_runs($1, $2::integer, $3)", [backfillId, limit, cause]);
      return Number(left ?? 0);
    }
  };
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/event-log-storage.ts
var EVENT_OF_STATUS = {
  QUEUED: "RUN_ENQUEUED",
  STARTING: "RUN_STARTING",
  STARTED: "RUN_START",
  SUCCESS: "RUN_SUCCESS",
  FAILURE: "RUN_FAILURE",
  CANCELING: "RUN_CANCELING",
  CANCELED: "RUN_CANCELED"
};
function createEventLogStorage(driver) {
  return {
    async runEvents({ runId, after = 0, limit, types }) {
      if (!isUuid(runId)) return [];
      return queryEvents(driver, "select headrace.run_events($1::uuid, $2::bigint, $3::integer, $4::jsonb)", [
        runId,
        after,
        limit,
        types === void 0 ? null : toJsonText(types)
      ]);
    },
    async appendSystemEvents(runId, events) {
      if (events.length === 0) return;
      await driver.query("select to_json(headrace.append_system_events($1::uuid, $2::json)::text)", [
        runId,
        toJsonText(events)
      ]);
    },
    async safeStorageId() {
      const [id] = await driver.query("select to_json(headrace.safe_storage_id())");
      return id ?? 0;
    },
    async runStatusChanges({ after, statuses, jobs, limit }) {
      const types = statuses.flatMap((status) => EVENT_OF_STATUS[status] ?? []);
      return driver.query(
        "select headrace.run_status_changes($1::bigint, $2::jsonb, $3::jsonb, $4::integer)",
        [after, toJsonText(types), toJsonText(jobs), limit]
      );
    },
    assetUpdates: ({ after, keys, limit }) => driver.query("select headrace.asset_updates($1::bigint, $2::jsonb, $3::integer)", [
      after,
      toJsonText(keys),
      limit
    ]),
    async stepStats(runId) {
      if (!isUuid(runId)) return [];
      return driver.query(STEP_STATS, [runId]);
    }
  };
}
var STEP_STATS = `
  with step_events as (
    select e.step_key, e.type, e.timestamp, e.storage_id,
      count(*) filter (where e.type in ('STEP_START', 'STEP_RESTARTED')) over (partition by e.step_key order by e.storage_id) as try
    from headrace.events e
    where e.run_id = $1::uuid and e.step_key is not null
      and e.type in ('STEP_START', 'STEP_RESTARTED', 'STEP_UP_FOR_RETRY', 'STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED')
  ), tries as (
    select step_key, try, min(storage_id) as first_id,
      min(timestamp) filter (where type in ('STEP_START', 'STEP_RESTARTED')) as started_at,
      min(timestamp) filter (where type not in ('STEP_START', 'STEP_RESTARTED')) as ended_at
    from step_events group by step_key, try
  ), last_words as (
    select distinct on (step_key) step_key, type, timestamp from step_events order by step_key, storage_id desc
  )
  select json_build_object(
    'stepKey', t.step_key,
    'status', case w.type when 'STEP_START' then 'IN_PROGRESS' when 'STEP_RESTARTED' then 'IN_PROGRESS' else substr(w.type, 6) end,
    'startedAt', min(t.started_at),
    'endedAt', case when w.type in ('STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED') then w.timestamp end,
    'tries', coalesce(json_agg(json_build_object('startedAt', t.started_at, 'endedAt', t.ended_at) order by t.try)
      filter (where t.started_at is not null), '[]'))
  from tries t join last_words w on w.step_key = t.step_key
  group by t.step_key, w.type, w.timestamp
  order by min(t.first_id)`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/ports/errors.ts
var PortError = class extends Error {
  name = "PortError";
  fault;
  constructor(fault, message, options) {
    super(message, options);
    this.fault = fault;
  }
};

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/instigator-storage.ts
function createInstigatorStorage(driver) {
  const only = async (sql, parameters) => {
    const [row] = await driver.query(sql, parameters);
    if (row === void 0) throw new PortError("permanent", `The database answered nothing to: ${sql}`);
    return row;
  };
  return {
    instigatorStates: () => driver.query(
      "select headrace.instigator_json(i) from headrace.instigators i order by location, kind, name"
    ),
    setInstigatorStatus: (id, status, now) => only("select headrace.set_instigator_status($1, $2, $3, $4, $5::bigint)", [
      ...idParameters(id),
      status,
      now
    ]),
    setSensorCursor: (id, cursor) => only("select headrace.set_sensor_cursor($1, $2, $3, $4)", [
      ...idParameters(id),
      cursor
    ]),
    async startTick(id, scheduledAt, now, leaseSeconds) {
      const tick = await only(
        "select headrace.start_tick($1, $2, $3, $4::bigint, $5::bigint, $6::double precision)",
        [...idParameters(id), scheduledAt, now, leaseSeconds]
      );
      return tick ?? void 0;
    },
    finishTick: (tick, { automation, ...outcome2 }) => only("select headrace.finish_tick($1::bigint, $2::json, $3::json)", [
      tick.tickId,
      toJsonText({ ...outcome2, runs: toRunBatch(outcome2.runs) }),
      automation === void 0 ? null : toJsonText(automation)
    ]),
    async passOver(id, through) {
      await driver.query("select to_json(headrace.pass_over($1, $2, $3, $4::bigint)::text)", [
        ...idParameters(id),
        through
      ]);
    },
    latestTicks: (perInstigator) => driver.query(LATEST_TICKS, [perInstigator]),
    listTicks: ({ instigator, statuses, before, scheduledAfter, scheduledBefore, limit }) => driver.query(
      `select headrace.tick_json(t) from headrace.ticks t
         where t.location = $1 and t.kind = $2 and t.name = $3 and ($4::bigint is null or t.tick_id < $4::bigint)
           and ($5::jsonb is null or t.status in (select jsonb_array_elements_text($5::jsonb)))
           and ($6::bigint is null or t.scheduled_at > $6::bigint) and ($7::bigint is null or t.scheduled_at < $7::bigint)
         order by t.tick_id desc limit $8::integer`,
      [
        ...idParameters(instigator),
        before ?? null,
        statuses === void 0 ? null : toJsonText(statuses),
        scheduledAfter ?? null,
        scheduledBefore ?? null,
        limit
      ]
    ),
    openTicks: ({ startedBefore, limit }) => driver.query(
      `select headrace.tick_json(t) from headrace.ticks t
         where t.status = 'STARTED' and t.started_at < $1::bigint order by t.tick_id limit $2::integer`,
      [startedBefore, limit]
    ),
    expiredTicks: async (rules, limit) => rules.length === 0 ? [] : driver.query(
      `select headrace.tick_json(t) from jsonb_to_recordset($1::jsonb) r (kind text, status text, "startedBefore" bigint)
             join headrace.ticks t on t.kind = r.kind and t.status = r.status and t.started_at < r."startedBefore"
             order by t.tick_id limit $2::integer`,
      [toJsonText(rules), limit]
    ),
    async deleteTicks(tickIds) {
      await driver.query(
        "delete from headrace.ticks where tick_id in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
        [toJsonText(tickIds)]
      );
    }
  };
}
var LATEST_TICKS = `
  with recursive instigators as (
    (select location, kind, name from headrace.ticks order by location, kind, name limit 1)
    union all
    select n.location, n.kind, n.name from instigators i cross join lateral (
      select location, kind, name from headrace.ticks t
      where (t.location, t.kind, t.name) > (i.location, i.kind, i.name) order by location, kind, name limit 1) n
  )
  select latest.tick from instigators i cross join lateral (
    select headrace.tick_json(t) from headrace.ticks t
    where t.location = i.location and t.kind = i.kind and t.name = i.name
    order by t.tick_id desc limit $1::integer
  ) latest (tick)`;
function idParameters({ location, kind, name }) {
  return [location, kind, name];
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/key-value-storage.ts
function createKeyValueStorage(driver) {
  return {
    async getValue(namespace, key) {
      const [value] = await driver.query(
        "select value from headrace.key_values where namespace = $1 and key = $2",
        [namespace, key]
      );
      return value;
    },
    listValues: (namespace) => driver.query(
      `select json_build_object('key', key, 'value', value) from headrace.key_values where namespace = $1 order by key`,
      [namespace]
    ),
    async putValue(namespace, key, value) {
      await driver.query(
        `insert into headrace.key_values (namespace, key, value) values ($1, $2, $3::json)
         on conflict (namespace, key) do update set value = excluded.value`,
        [namespace, key, toJsonText(value)]
      );
    },
    async insertValue(namespace, key, value) {
      const inserted = await driver.query(
        `insert into headrace.key_values (namespace, key, value) values ($1, $2, $3::json)
         on conflict (namespace, key) do nothing returning to_json(true)`,
        [namespace, key, toJsonText(value)]
      );
      return inserted.length > 0;
    },
    async replaceValue(namespace, key, expected, value) {
      const replaced = await driver.query(
        `update headrace.key_values set value = $3::json
         where namespace = $1 and key = $2 and value::jsonb = $4::jsonb returning to_json(true)`,
        [namespace, key, toJsonText(value), toJsonText(expected)]
      );
      return replaced.length > 0;
    },
    async deleteValue(namespace, key) {
      await driver.query("delete from headrace.key_values where namespace = $1 and key = $2", [
        namespace,
        key
      ]);
    }
  };
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/pg-driver.ts
import pg from "pg";

// ../../tmp/headrace-freeze-Jpa9DB/lib/ports/worker-storage.ts
var StaleAttemptError = class extends PortError {
  name = "StaleAttemptError";
  constructor(message, options) {
    super("conflict", message, options);
  }
};

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/to-port-error.ts
var OWN = { stale: "HR001", conflict: "HR002", wrongInput: "HR003" };
var TRANSIENT = /^(08...|40...|53...|55P03|57P0[1-5]|57014|58...|25P03)$/;
var CONFLICT = /^23(503|505|P01)$/;
function toPortError(code, message, cause) {
  if (code === OWN.stale) return new StaleAttemptError(message, { cause });
  const text = code === void 0 ? `The database did not answer: ${message}` : `${message} (SQLSTATE ${code})`;
  return new PortError(faultOf(code), text, { cause });
}
function faultOf(code) {
  if (code === void 0 || TRANSIENT.test(code)) return "transient";
  if (code === OWN.conflict || CONFLICT.test(code)) return "conflict";
  return "permanent";
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/pg-driver.ts
function createPgDriver(options) {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 1e4,
    application_name: options.applicationName ?? "headrace"
  });
  pool.on("error", () => void 0);
  return {
    async query(sql, parameters = []) {
      try {
        const result = await pool.query({ text: sql, values: [...parameters], rowMode: "array" });
        return result.rows.map(([row]) => row);
      } catch (error) {
        throw fromPgError(error);
      }
    },
    close: () => pool.end()
  };
}
function fromPgError(error) {
  const code = error instanceof pg.DatabaseError ? error.code : void 0;
  return toPortError(code, error instanceof Error ? error.message : String(error), error);
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/pool-storage.ts
function createPoolStorage(driver) {
  return {
    poolStates: () => driver.query(POOL_STATES),
    async setPoolLimit(pool, limit) {
      await (limit === null ? driver.query("delete from headrace.pools where pool = $1", [pool]) : driver.query(
        "insert into headrace.pools (pool, slots) values ($1, $2::integer) on conflict (pool) do update set slots = excluded.slots",
        [pool, limit]
      ));
    }
  };
}
var POOL_STATES = `
  select json_build_object('pool', pool, 'limit', max(p.slots), 'holders', coalesce(
    json_agg(json_build_object('runId', l.run_id, 'stepKey', l.step_key, 'since', l.since) order by l.since, l.run_id, l.step_key)
      filter (where l.run_id is not null), '[]'))
  from headrace.pools p full join headrace.live_pool_leases l using (pool)
  group by pool order by pool`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/model/instance-pause.ts
var INSTANCE_NAMESPACE = "instance";
var PAUSE_KEY = "paused";

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/run-json.ts
var selectRuns = (page) => `
  select json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'status', r.status,
    'config', p.config, 'tags', r.tags, 'assetSelection', p.asset_selection, 'assetCheckSelection', p.asset_check_selection,
    'stepKeys', p.step_keys, 'parentRunId', r.parent_run_id, 'rootRunId', r.root_run_id,
    'origin', json_build_object('kind', r.origin_kind, 'name', r.origin_name, 'runKey', r.run_key),
    'attempt', r.attempt, 'createdAt', r.created_at, 'claimedAt', r.claimed_at, 'startedAt', r.started_at,
    'endedAt', r.ended_at, 'updatedAt', r.updated_at, 'cause', r.cause,
    'resumeAt', r.resume_at, 'suspensions', r.suspensions)
  from (select r.* from headrace.runs r ${page}) r join headrace.run_plans p on p.run_id = r.run_id
  order by r.seq desc`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/run-storage.ts
var COUNT_CAP = 1e4;
function createRunStorage(driver) {
  const one = async (sql, parameters) => (await driver.query(sql, parameters))[0];
  return {
    async createRuns(runs) {
      if (runs.length === 0) return [];
      return driver.query(
        `select json_build_object('runId', run_id, 'created', created) from headrace.create_runs($1::json)`,
        [toJsonText(toRunBatch(runs))]
      );
    },
    claimRuns: (count2, settings) => driver.query(
      // In the same statement, so that a pause costs no call of its own and holds wherever runs are claimed.
      `select json_build_object('runId', run_id, 'attempt', attempt) from headrace.claim_runs(
           case when exists (select from headrace.key_values where namespace = $3 and key = $4) then 0 else $1::integer end,
           $2::jsonb)`,
      [count2, toJsonText(settings), INSTANCE_NAMESPACE, PAUSE_KEY]
    ),
    async issueAttemptToken(runId, attempt) {
      const [token] = isUuid(runId) ? await driver.query("select to_json(headrace.issue_attempt_token($1::uuid, $2::integer))", [
        runId,
        attempt
      ]) : [];
      if (token === void 0) throw new StaleAttemptError(`There is no run ${runId}.`);
      return token;
    },
    async cancelRun(runId, { force, cause }) {
      if (!isUuid(runId)) return "not-found";
      const result = await one(
        "select to_json(headrace.cancel_run($1::uuid, $2::boolean, $3))",
        [runId, force, cause]
      );
      return result ?? "not-found";
    },
    async finalizeAttempt(runId, attempt, decision) {
      if (!isUuid(runId)) return "not-found";
      const result = await one(
        "select to_json(headrace.finalize_attempt($1::uuid, $2::integer, $3::json))",
        [runId, attempt, toJsonText(decision)]
      );
      return result ?? "not-found";
    },
    findLateAttempts: (limits2) => driver.query(
      `select json_build_object('runId', run_id, 'attempt', attempt, 'status', status, 'why', why) from headrace.find_late_attempts($1::jsonb)`,
      [toJsonText(limits2)]
    ),
    async settleDependencies(maxRetries) {
      const changed = await one("select to_json(headrace.settle_dependencies($1::integer))", [
        maxRetries
      ]);
      return changed ?? 0;
    },
    runWaits: (runIds, maxRetries) => driver.query("select headrace.run_waits($1::jsonb, $2::integer)", [
      toJsonText(runIds.filter(isUuid)),
      maxRetries
    ]),
    async resumeSuspendedRuns() {
      return await one("select to_json(headrace.resume_suspended_runs())", []) ?? 0;
    },
    async upkeepDueAt() {
      const due = await one(
        "select headrace.upkeep_due_at()",
        []
      );
      return due ?? { resumeAt: null, backfillAt: null };
    },
    async addRunTags(runId, tags) {
      if (!isUuid(runId)) return false;
      const found = await one("select to_json(headrace.add_run_tags($1::uuid, $2::jsonb))", [
        runId,
        toJsonText(tags)
      ]);
      return found ?? false;
    },
    async getRun(runId) {
      if (!isUuid(runId)) return void 0;
      return one(selectRuns("where r.run_id = $1::uuid"), [runId]);
    },
    async getRunPlan(runId) {
      if (!isUuid(runId)) return void 0;
      const row = await one(
        `select json_build_object('plan', f.plan, 'partitionKeys', p.partition_keys)
         from headrace.run_plans p join headrace.plans f on f.hash = p.plan_hash where p.run_id = $1::uuid`,
        [runId]
      );
      return row && { ...row.plan, partitionKeys: row.partitionKeys };
    },
    async listRuns({ filter, cursor, limit }) {
      if (cursor !== void 0 && !isUuid(cursor)) return [];
      const conditions = runConditions(filter, 3);
      return driver.query(
        selectRuns(
          `where ($2::uuid is null or r.seq < (select seq from headrace.runs where run_id = $2::uuid)) and ${conditions.sql}
           order by r.seq desc limit $1::integer`
        ),
        [limit, cursor ?? null, ...conditions.parameters]
      );
    },
    async countRuns(filter, cap = COUNT_CAP) {
      const conditions = runConditions(filter, 2);
      const count2 = await one(
        `select to_json(count(*)) from (select from headrace.runs r where ${conditions.sql} limit $1::integer) counted`,
        [cap, ...conditions.parameters]
      );
      return count2 ?? 0;
    },
    latestRunsByJob: (perJob) => driver.query(LATEST_RUNS_BY_JOB, [perJob]),
    runTagKeys: () => driver.query(RUN_TAG_KEYS),
    runTagValues: (key, prefix, limit) => driver.query(RUN_TAG_VALUES, [key, prefix, limit]),
    async deleteRuns(runIds) {
      const deleted = await one("select to_json(headrace.delete_runs($1::jsonb))", [
        toJsonText(runIds.filter(isUuid))
      ]);
      return deleted ?? 0;
    },
    takeOutbox: (limit, leaseSeconds) => driver.query(
      `select json_build_object('id', id, 'kind', kind, 'runId', run_id, 'attempt', attempt) from headrace.take_outbox($1::integer, $2::double precision)`,
      [limit, leaseSeconds]
    ),
    async completeOutbox(ids) {
      await driver.query(
        "delete from headrace.outbox where id in (select value::bigint from jsonb_array_elements_text($1::jsonb))",
        [toJsonText(ids)]
      );
    }
  };
}
var LATEST_RUNS_BY_JOB = `
  with recursive jobs as (
    (select location, job_name from headrace.runs order by location, job_name limit 1)
    union all
    select n.location, n.job_name from jobs j cross join lateral (
      select location, job_name from headrace.runs r
      where (r.location, r.job_name) > (j.location, j.job_name) order by location, job_name limit 1) n
  )
  select latest.run from jobs j cross join lateral (
    ${selectRuns("where r.location = j.location and r.job_name = j.job_name order by r.seq desc limit $1::integer")}
  ) latest (run)`;
var RUN_TAG_KEYS = `
  with recursive keys as (
    (select key from headrace.run_tags order by key limit 1)
    union all
    select (select t.key from headrace.run_tags t where t.key > k.key order by t.key limit 1) from keys k where k.key is not null
  )
  select to_json(key) from keys where key is not null`;
var RUN_TAG_VALUES = `
  with recursive tag_values as (
    (select value, 1 as n from headrace.run_tags where key = $1 and value >= $2 order by value limit 1)
    union all
    select (select t.value from headrace.run_tags t where t.key = $1 and t.value > v.value order by t.value limit 1), v.n + 1
      from tag_values v where v.value is not null and v.n < $3::integer
  )
  select to_json(value) from tag_values where value is not null and starts_with(value, $2)`;

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/postgres-storage.ts
function createPostgresStorage(options) {
  const driver = "driver" in options ? options.driver : createPgDriver(options);
  return {
    ...createRunStorage(driver),
    ...createBackfillStorage(driver),
    ...createEventLogStorage(driver),
    ...createInstigatorStorage(driver),
    ...createAssetStorage(driver),
    ...createAutomationStorage(driver),
    ...createPoolStorage(driver),
    ...createKeyValueStorage(driver),
    close: () => driver.close()
  };
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/completed-steps.ts
function completedSteps(plan, results) {
  const byKey = new Map(results.map((result) => [result.stepKey, result]));
  const planned = new Map(plan.steps.map((step) => [step.key, step]));
  const isDone = (stepKey) => {
    const result = byKey.get(stepKey);
    if (result === void 0) return stepKey.endsWith("[?]") && dependencies(stepKey).every(isDone);
    return result.status === "SUCCESS" || dependencies(stepKey).every(isDone);
  };
  const dependencies = (stepKey) => {
    const own = planned.get(stepKey);
    if (own !== void 0) return own.dependsOn;
    const mapping = /\[(.+)\]$/.exec(stepKey);
    if (mapping === null) return [];
    const template = planned.get(stepKey.replace(/\[.+\]$/, "[?]"));
    return (template?.dependsOn ?? []).map((key) => key.replace(/\[\?\]$/, () => `[${mapping[1]}]`));
  };
  return results.filter(({ stepKey }) => isDone(stepKey)).map(toCompletedStep);
}
function toCompletedStep({ stepKey, status, runId, outputs }) {
  const mappingKeys = {};
  for (const { output: output2, mappingKey } of outputs) {
    if (mappingKey === null) continue;
    const keys = mappingKeys[output2] ?? [];
    if (!keys.includes(mappingKey)) keys.push(mappingKey);
    mappingKeys[output2] = keys;
  }
  return {
    stepKey,
    status,
    mappingKeys,
    outputs: [...new Set(outputs.map(({ output: output2 }) => output2))],
    ...runId === null ? {} : { runId }
  };
}

// ../../tmp/headrace-freeze-Jpa9DB/lib/adapters/postgres/postgres-worker-storage.ts
var CONNECTIONS = 2;
function createPostgresWorkerStorage(options) {
  const driver = "driver" in options ? options.driver : createPgDriver({ maxConnections: CONNECTIONS, applicationName: "headrace-worker", ...options });
  async function call(ref, name, casts = "", parameters = []) {
    if (!isUuid(ref.runId)) throw new StaleAttemptError(`${ref.runId} is no run id`);
    return driver.query(`select to_json(headrace.${name}($1::uuid, $2::integer, $3, $4${casts}))`, [
      ref.runId,
      ref.attempt,
      ref.workerId,
      ref.token,
      ...parameters
    ]);
  }
  return {
    async startRun(ref) {
      const [row] = await call(ref, "start_run");
      if (row === void 0)
        throw new PortError("permanent", `start_run answered nothing for run ${ref.runId}`);
      const { stepResults, partitionKeys, ...assignment } = row;
      const plan = { ...assignment.plan, partitionKeys };
      return { ...assignment, plan, completedSteps: completedSteps(plan, stepResults) };
    },
    async heartbeat(ref) {
      const [instruction] = await call(ref, "heartbeat");
      return instruction ?? "continue";
    },
    async appendEvents(ref, firstSeq, events) {
      if (events.length === 0) return;
      await callVoid(ref, "append_events", ", $5::bigint, $6::json", [firstSeq, toJsonText(events)]);
    },
    async finishRun(ref, { status, failureReason, cause }) {
      await callVoid(ref, "finish_run", ", $5, $6, $7", [
        status,
        failureReason,
        cause === null ? null : cleanText(cause)
      ]);
    },
    async suspendRun(ref, { resumeAt, cause, state: state2 }) {
      await callVoid(ref, "suspend_run", ", $5::bigint, $6, $7::json", [
        Math.ceil(resumeAt),
        cleanText(cause),
        toJsonText(state2)
      ]);
    },
    async suspendedState(ref) {
      const [state2] = await call(ref, "suspended_state");
      return state2 ?? null;
    },
    async claimPoolSlot(ref, pool, stepKey, priority = 0) {
      const [claim] = await call(ref, "claim_pool_slot", ", $5, $6, $7::integer", [
        pool,
        stepKey,
        priority
      ]);
      if (claim === void 0)
        throw new PortError("permanent", `claim_pool_slot answered nothing for ${pool}`);
      return claim;
    },
    async releasePoolSlot(ref, pool, stepKey) {
      await callVoid(ref, "release_pool_slot", ", $5, $6", [pool, stepKey]);
    },
    dynamicPartitionKeys: (ref, name) => call(ref, "worker_dynamic_partitions", ", $5", [name]),
    close: () => driver.close()
  };
  async function callVoid(ref, name, casts, parameters) {
    if (!isUuid(ref.runId)) throw new StaleAttemptError(`${ref.runId} is no run id`);
    await driver.query(`select to_json(headrace.${name}($1::uuid, $2::integer, $3, $4${casts})::text)`, [
      ref.runId,
      ref.attempt,
      ref.workerId,
      ref.token,
      ...parameters
    ]);
  }
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-builders.ts
import { randomUUID } from "node:crypto";
var UNLIMITED = { maxConcurrentRuns: -1, tagConcurrencyLimits: [] };
function aStep(over) {
  return {
    op: over.key,
    inputs: [],
    dependsOn: [],
    blockedBy: [],
    assets: [],
    checks: [],
    mappedOver: null,
    pool: null,
    retryPolicy: null,
    priority: 0,
    isolated: false,
    ...over
  };
}
function aRun(over = {}) {
  const { steps = [], partitionKeys = [], ...fields } = over;
  return {
    runId: randomUUID(),
    location: "shop",
    jobName: "load",
    bundleHash: "b1",
    config: {},
    tags: {},
    assetSelection: null,
    assetCheckSelection: null,
    stepKeys: null,
    plan: { steps, maxConcurrentSteps: null, partitionKeys },
    parentRunId: null,
    rootRunId: null,
    origin: { kind: "manual", name: "", runKey: null },
    idempotencyKey: null,
    ...fields
  };
}
var lastTimestamp = Date.UTC(2026, 0, 1);
function anEvent(type, data, over = {}) {
  lastTimestamp += 1;
  return { type, data, timestamp: lastTimestamp, level: "INFO", message: type, ...over };
}
var aMaterialization = (assetKey, partition, dataVersion) => anEvent(
  "ASSET_MATERIALIZATION",
  {
    metadata: { rows: { kind: "int", value: 3 } },
    tags: {},
    inputDataVersions: {},
    ...dataVersion === void 0 ? {} : { dataVersion }
  },
  { assetKey, ...partition === void 0 ? {} : { partition } }
);
var claimAll = (storage, settings = UNLIMITED) => storage.claimRuns(1e5, settings);
async function launch(storage, runId, attempt = 1) {
  return { runId, attempt, workerId: randomUUID(), token: await storage.issueAttemptToken(runId, attempt) };
}
async function aStartedRun(storage, worker, run = aRun()) {
  await storage.createRuns([run]);
  await claimAll(storage);
  const ref = await launch(storage, run.runId);
  await worker.startRun(ref);
  return ref;
}
var SUCCESS = { status: "SUCCESS", failureReason: null, cause: null };

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-assets-contract.ts
var FAILURE = { status: "FAILURE", failureReason: "STEP_FAILURE", cause: "step x failed" };
var making = (...assets) => assets.map((key) => aStep({ key: `make_${key}`, assets: [key] }));
function anEvaluation(asset, name, passed, over = {}) {
  return anEvent("ASSET_CHECK_EVALUATION", {
    asset,
    name,
    passed,
    severity: "ERROR",
    metadata: {},
    blocking: false,
    ...over
  });
}
function storageAssetsContract(harness) {
  test("an asset's record follows its runs and events", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making("x", "y") });
    await storage.createRuns([run]);
    expect(await storage.assetRecords(["x", "unknown"])).toEqual([
      {
        key: "x",
        lastMaterialization: null,
        lastObservation: null,
        lastRunId: run.runId,
        lastRunStatus: "QUEUED",
        inProgressRunIds: [],
        lastFailureAt: null
      }
    ]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization("x")]);
    const [x, y] = await storage.assetRecords();
    expect(x).toMatchObject({ key: "x", inProgressRunIds: [], lastRunStatus: "STARTED" });
    expect(x?.lastMaterialization).toMatchObject({
      type: "ASSET_MATERIALIZATION",
      assetKey: "x",
      runId: run.runId,
      attempt: 1
    });
    expect(x?.lastMaterialization).not.toHaveProperty("partition");
    expect(y).toMatchObject({ key: "y", inProgressRunIds: [run.runId], lastMaterialization: null });
    await worker.finishRun(ref, FAILURE);
    const [after, failed] = await storage.assetRecords();
    expect(after).toMatchObject({ lastRunStatus: "FAILURE", lastFailureAt: null });
    expect(failed).toMatchObject({ inProgressRunIds: [], lastFailureAt: expect.any(Number) });
    const failures = await storage.assetEvents({
      key: "y",
      types: ["ASSET_FAILED_TO_MATERIALIZE"],
      limit: 5
    });
    expect(failures).toMatchObject([{ runId: run.runId, stepKey: "make_y" }]);
  });
  test("the latest of several materializations and observations counts, whoever reports it", async () => {
    const { storage } = harness();
    const observation = anEvent(
      "ASSET_OBSERVATION",
      { metadata: {}, tags: {}, dataVersion: "o1" },
      { assetKey: "x" }
    );
    await storage.appendSystemEvents(null, [
      aMaterialization("x", "p1", "v1"),
      aMaterialization("x", "p2", "v2"),
      observation
    ]);
    const [record2] = await storage.assetRecords(["x"]);
    expect(record2?.lastMaterialization).toMatchObject({ partition: "p2", runId: null });
    expect(record2?.lastObservation).toMatchObject({ data: { dataVersion: "o1" } });
    expect(record2).toMatchObject({ lastRunId: null, lastRunStatus: null });
  });
  test("partitions are in progress while planned by a live run, then made or failed", async () => {
    const { storage, worker } = harness();
    const states = async () => (await storage.partitionStates(["x"])).map(
      ({ partition, status, runId }) => `${partition} ${status} ${runId}`
    );
    const run = aRun({ steps: making("x"), partitionKeys: ["p1", "p2", "p3"] });
    await storage.createRuns([run]);
    expect(await states()).toEqual([]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization("x", "p1")]);
    expect(await states()).toEqual([
      `p1 MATERIALIZED ${run.runId}`,
      `p2 IN_PROGRESS ${run.runId}`,
      `p3 IN_PROGRESS ${run.runId}`
    ]);
    await worker.finishRun(ref, FAILURE);
    await storage.appendSystemEvents(null, [aMaterialization("x", "p3")]);
    expect(await states()).toEqual([
      `p1 MATERIALIZED ${run.runId}`,
      `p2 FAILED ${run.runId}`,
      "p3 MATERIALIZED null"
    ]);
  });
  test("a run that was canceled leaves no failure behind", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making("x"), partitionKeys: ["p1"] });
    const ref = await aStartedRun(storage, worker, run);
    await worker.finishRun(ref, { status: "CANCELED", failureReason: null, cause: "enough" });
    expect(await storage.partitionStates(["x"])).toEqual([]);
    expect((await storage.assetRecords(["x"]))[0]).toMatchObject({
      lastFailureAt: null,
      lastRunStatus: "CANCELED"
    });
  });
  test("an asset's events are read newest first, by type and partition, page by page", async () => {
    const { storage } = harness();
    const events = ["p1", "p2", "p1", "p2"].map((partition) => aMaterialization("x", partition));
    await storage.appendSystemEvents(null, [
      ...events,
      anEvent("ASSET_OBSERVATION", { metadata: {}, tags: {} }, { assetKey: "x" })
    ]);
    const types = ["ASSET_MATERIALIZATION"];
    const all = await storage.assetEvents({ key: "x", types, limit: 10 });
    expect(all.map(({ timestamp }) => timestamp)).toEqual(events.map(({ timestamp }) => timestamp).reverse());
    expect(await storage.assetEvents({ key: "x", types, partition: "p1", limit: 10 })).toEqual([
      all[1],
      all[3]
    ]);
    expect(await storage.assetEvents({ key: "x", types, before: all[1]?.storageId ?? 0, limit: 1 })).toEqual([
      all[2]
    ]);
    expect(
      await storage.assetEvents({ key: "x", types: ["ASSET_OBSERVATION", ...types], limit: 10 })
    ).toHaveLength(5);
  });
  test("a check is in progress while planned, then what its evaluation says; a rerun of it replaces that", async () => {
    const { storage, worker } = harness();
    const checks = ["fresh", "whole"].map((name) => ({ asset: "x", name }));
    const ref = await aStartedRun(
      storage,
      worker,
      aRun({ steps: [aStep({ key: "a", assets: ["x"], checks })] })
    );
    const statuses = async () => (await storage.checkRecords(["x"])).map(({ check, status }) => `${check.name} ${status}`);
    expect(await statuses()).toEqual(["fresh IN_PROGRESS", "whole IN_PROGRESS"]);
    await worker.appendEvents(ref, 1, [
      anEvaluation("x", "fresh", true),
      anEvaluation("x", "whole", false, { severity: "WARN", partition: "p" })
    ]);
    expect(await statuses()).toEqual(["fresh SUCCEEDED", "whole FAILED"]);
    await worker.appendEvents(ref, 3, [anEvaluation("x", "fresh", false, { description: "old" })]);
    const [fresh, whole] = await storage.checkRecords(["x"]);
    expect(fresh).toMatchObject({
      status: "FAILED",
      runId: ref.runId,
      evaluation: { description: "old", passed: false }
    });
    expect(whole?.evaluation).toMatchObject({ severity: "WARN", partition: "p" });
    expect(await storage.checkHistory({ asset: "x", name: "fresh" }, 10)).toEqual([fresh]);
  });
  test("a check that was never evaluated is SKIPPED when its run ends, EXECUTION_FAILED when its step failed", async () => {
    const { storage, worker } = harness();
    const check = (name) => ({ asset: "x", name });
    const run = aRun({
      steps: [aStep({ key: "a", checks: [check("threw")] }), aStep({ key: "b", checks: [check("late")] })]
    });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [
      anEvent("STEP_FAILURE", { error: { name: "E", message: "m" } }, { stepKey: "a" })
    ]);
    await worker.finishRun(ref, FAILURE);
    const records = await storage.checkRecords(["x", "unknown"]);
    expect(records.map((record2) => [record2.check.name, record2.status])).toEqual([
      ["late", "SKIPPED"],
      ["threw", "EXECUTION_FAILED"]
    ]);
  });
  test("a check's history is newest first over runs and reports, page by page", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: [aStep({ key: "a", checks: [{ asset: "x", name: "ok" }] })] });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [anEvaluation("x", "ok", true)]);
    await storage.appendSystemEvents(null, [anEvaluation("x", "ok", false)]);
    await storage.createRuns([{ ...aRun(), plan: run.plan }]);
    const history = await storage.checkHistory({ asset: "x", name: "ok" }, 10);
    expect(history.map(({ status }) => status)).toEqual(["IN_PROGRESS", "FAILED", "SUCCEEDED"]);
    expect(await storage.checkHistory({ asset: "x", name: "ok" }, 1, history[0]?.storageId ?? 0)).toEqual([
      history[1]
    ]);
    expect(await storage.checkRecords(["x"])).toEqual([history[0]]);
  });
  test("blocking checks are announced as such", async () => {
    const { storage } = harness();
    const checks = ["gate", "note"].map((name) => ({ asset: "x", name }));
    const run = aRun({
      steps: [
        aStep({ key: "a", checks }),
        aStep({ key: "b", dependsOn: ["a"], blockedBy: [{ asset: "x", name: "gate" }] })
      ]
    });
    await storage.createRuns([run]);
    const planned = await storage.runEvents({
      runId: run.runId,
      limit: 10,
      types: ["ASSET_CHECK_EVALUATION_PLANNED"]
    });
    expect(planned.map(({ data }) => data)).toEqual([
      { asset: "x", name: "gate", blocking: true },
      { asset: "x", name: "note", blocking: false }
    ]);
  });
  test("dynamic partitions keep the order in which they were added, however often that is repeated", async () => {
    const { storage } = harness();
    const change = (kind, keys) => storage.changeDynamicPartitions("shop", kind, "customers", keys);
    await change("add", ["c", "a", "b"]);
    await change("add", ["b", "c", "d"]);
    await change("delete", ["a", "x"]);
    await change("delete", ["a", "x"]);
    expect(await storage.dynamicPartitionKeys("shop", "customers")).toEqual(["c", "b", "d"]);
    expect(await storage.dynamicPartitionKeys("bank", "customers")).toEqual([]);
  });
  test("a wiped asset starts from nothing", async () => {
    const { storage } = harness();
    await storage.appendSystemEvents(null, [aMaterialization("x", "p1", "v1"), aMaterialization("y")]);
    await storage.wipeAsset("x", null);
    await storage.wipeAsset("x", null);
    expect((await storage.assetRecords(["x"]))[0]).toMatchObject({ lastMaterialization: null });
    expect(await storage.partitionStates(["x"])).toEqual([]);
    expect(await storage.assetEvents({ key: "x", types: ["ASSET_MATERIALIZATION"], limit: 9 })).toEqual([]);
    await storage.appendSystemEvents(null, [aMaterialization("x", "p2")]);
    expect(await storage.assetEvents({ key: "x", types: ["ASSET_MATERIALIZATION"], limit: 9 })).toHaveLength(
      1
    );
    expect((await storage.assetRecords(["y"]))[0]?.lastMaterialization).not.toBeNull();
  });
  test("wiping partitions leaves the others, and the latest of those is the latest of the asset", async () => {
    const { storage } = harness();
    await storage.appendSystemEvents(
      null,
      ["p1", "p2", "p3"].map((partition) => aMaterialization("x", partition))
    );
    await storage.wipeAsset("x", ["p3", "p1"]);
    expect((await storage.partitionStates(["x"])).map(({ partition }) => partition)).toEqual(["p2"]);
    expect((await storage.assetRecords(["x"]))[0]?.lastMaterialization).toMatchObject({ partition: "p2" });
    expect(
      await storage.assetEvents({ key: "x", types: ["ASSET_MATERIALIZATION"], partition: "p3", limit: 9 })
    ).toEqual([]);
  });
  test("writers of the same assets in different order do not wait for each other for ever", async () => {
    const { storage, worker } = harness();
    const keys = Array.from({ length: 12 }, (_, i) => `asset${i}`);
    const refs = [];
    for (let i = 0; i < 6; i += 1)
      refs.push(await aStartedRun(storage, worker, aRun({ steps: making(...keys) })));
    await claimAll(storage);
    const written = refs.map(async (ref, i) => {
      for (let batch = 0; batch < 5; batch += 1) {
        const order = i % 2 === 0 ? keys : [...keys].reverse();
        await worker.appendEvents(
          ref,
          batch * keys.length + 1,
          order.map((key) => aMaterialization(key))
        );
      }
      await worker.finishRun(ref, SUCCESS);
    });
    await expect(Promise.all(written)).resolves.toHaveLength(6);
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-attempts-contract.ts
var TERMINAL = ["RUN_SUCCESS", "RUN_FAILURE", "RUN_CANCELED"];
function storageAttemptsContract(harness) {
  test("a token is made only for a claimed attempt that has not started", async () => {
    const { storage, worker } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    await expect(storage.issueAttemptToken(run.runId, 1)).rejects.toThrow(StaleAttemptError);
    await claimAll(storage);
    const ref = await launch(storage, run.runId);
    await expect(storage.issueAttemptToken(run.runId, 2)).rejects.toThrow(StaleAttemptError);
    await worker.startRun(ref);
    expect(ref.token.length).toBeGreaterThanOrEqual(60);
    await expect(storage.issueAttemptToken(run.runId, 1)).rejects.toMatchObject({ fault: "conflict" });
    await expect(storage.issueAttemptToken("no-uuid", 1)).rejects.toMatchObject({ fault: "conflict" });
  });
  test("canceling: a queued run at once, an active one through its worker, a finished one not at all", async () => {
    const { storage, worker } = harness();
    const active = await aStartedRun(storage, worker);
    const queued = aRun();
    await storage.createRuns([queued]);
    const cancel = (runId) => storage.cancelRun(runId, { force: false, cause: "not needed" });
    expect(await cancel(queued.runId)).toBe("canceled");
    expect(await cancel(queued.runId)).toBe("finished");
    expect(await cancel(active.runId)).toBe("canceling");
    expect(await cancel(active.runId)).toBe("canceling");
    expect(await worker.heartbeat(active)).toBe("cancel");
    expect(await storage.getRun(queued.runId)).toMatchObject({ status: "CANCELED", cause: "not needed" });
    expect((await storage.getRun(active.runId))?.status).toBe("CANCELING");
    const stops = (await storage.takeOutbox(100, 60)).filter(({ kind }) => kind === "stop-attempt");
    expect(stops.map(({ runId, attempt }) => [runId, attempt])).toEqual([[active.runId, 1]]);
    const events = await storage.runEvents({ runId: active.runId, limit: 100, types: ["RUN_CANCELING"] });
    expect(events).toHaveLength(1);
  });
  test("a canceled run says who asked, whoever ends it: its worker, its finalizer, one who resumes it", async () => {
    const { storage, worker } = harness();
    const refs = [
      await aStartedRun(storage, worker),
      await aStartedRun(storage, worker),
      await aStartedRun(storage, worker)
    ];
    for (const { runId } of refs) {
      await storage.cancelRun(runId, { force: false, cause: "Canceled by ann." });
      expect((await storage.getRun(runId))?.cause).toBe("Canceled by ann.");
      await storage.cancelRun(runId, { force: false, cause: "Canceled by bob." });
    }
    const [ended, resumed, late] = refs;
    if (!ended || !resumed || !late) throw new Error("three runs");
    await worker.finishRun(ended, {
      status: "CANCELED",
      failureReason: null,
      cause: "The run was canceled."
    });
    await storage.finalizeAttempt(resumed.runId, 1, { kind: "resume", cause: "the worker was lost" });
    await worker.finishRun(late, SUCCESS);
    for (const { runId } of [ended, resumed]) {
      expect(await storage.getRun(runId)).toMatchObject({ status: "CANCELED", cause: "Canceled by ann." });
      const [end] = await storage.runEvents({ runId, limit: 9, types: ["RUN_CANCELED"] });
      expect(end?.message).toBe("Canceled by ann.");
    }
    expect(await storage.getRun(late.runId)).toMatchObject({ status: "SUCCESS", cause: null });
  });
  test("a forced cancellation ends the run at once and fences its worker", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    expect(await storage.cancelRun(ref.runId, { force: true, cause: "now" })).toBe("canceled");
    await expect(worker.heartbeat(ref)).rejects.toThrow(StaleAttemptError);
    await expect(worker.appendEvents(ref, 1, [anEvent("STEP_START", {})])).rejects.toThrow(StaleAttemptError);
    await expect(worker.finishRun(ref, SUCCESS)).rejects.toThrow(StaleAttemptError);
    expect((await storage.getRun(ref.runId))?.status).toBe("CANCELED");
    expect((await storage.takeOutbox(100, 60)).some(({ kind }) => kind === "stop-attempt")).toBe(true);
  });
  test("finalizing applies the choice once; what is finished or newer is left alone", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const resume = { kind: "resume", cause: "the worker was lost" };
    const fail = { kind: "fail", reason: "UNEXPECTED_TERMINATION", cause: "out of memory (512 MB)" };
    expect(await storage.finalizeAttempt(ref.runId, 2, fail)).toBe("not-found");
    expect(await storage.finalizeAttempt(ref.runId, 1, resume)).toBe("applied");
    expect(await storage.finalizeAttempt(ref.runId, 1, resume)).toBe("applied");
    expect(await storage.finalizeAttempt(ref.runId, 1, fail)).toBe("newer-attempt");
    expect(await storage.getRun(ref.runId)).toMatchObject({ status: "QUEUED", attempt: 1 });
    expect(await claimAll(storage)).toEqual([{ runId: ref.runId, attempt: 2 }]);
    expect(await storage.finalizeAttempt(ref.runId, 1, fail)).toBe("newer-attempt");
    const second = await launch(storage, ref.runId, 2);
    await worker.startRun(second);
    await expect(worker.heartbeat(ref)).rejects.toThrow(StaleAttemptError);
    expect(await storage.finalizeAttempt(ref.runId, 2, { ...fail, error: { name: "E", message: "m" } })).toBe(
      "applied"
    );
    expect(await storage.finalizeAttempt(ref.runId, 2, fail)).toBe("already-finished");
    expect(await storage.getRun(ref.runId)).toMatchObject({
      status: "FAILURE",
      cause: fail.cause,
      tags: { "dagster/failure_reason": "UNEXPECTED_TERMINATION" }
    });
    const ends = await storage.runEvents({ runId: ref.runId, limit: 100, types: TERMINAL });
    expect(ends).toMatchObject([
      {
        type: "RUN_FAILURE",
        attempt: 2,
        data: { reason: "UNEXPECTED_TERMINATION", error: { name: "E", message: "m" } }
      }
    ]);
    const byReason = { tags: [{ key: "dagster/failure_reason", values: ["UNEXPECTED_TERMINATION"] }] };
    expect(await storage.countRuns(byReason)).toBe(1);
  });
  test("a cancellation that came before a resume is not lost", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    await storage.cancelRun(ref.runId, { force: false, cause: "enough" });
    expect(
      await storage.finalizeAttempt(ref.runId, 1, { kind: "resume", cause: "the worker was lost" })
    ).toBe("applied");
    expect((await storage.getRun(ref.runId))?.status).toBe("CANCELED");
  });
  test("attempts that are late to start, beat, cancel or end are found, each for its reason", async () => {
    const { storage, worker } = harness();
    const slow = await aStartedRun(storage, worker, aRun({ tags: { "dagster/max_runtime": "0.001" } }));
    const silent = await aStartedRun(storage, worker);
    const canceling = await aStartedRun(storage, worker);
    await storage.cancelRun(canceling.runId, { force: false, cause: "x" });
    const starting = aRun();
    await storage.createRuns([starting]);
    await claimAll(storage);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await worker.heartbeat(slow);
    const find = async (startTimeout, heartbeatTimeout, cancelTimeout) => new Map(
      (await storage.findLateAttempts({ startTimeout, heartbeatTimeout, cancelTimeout })).map((late) => [
        late.runId,
        late.why
      ])
    );
    expect(await find(60, 60, 60)).toEqual(/* @__PURE__ */ new Map([[slow.runId, "max-runtime"]]));
    expect(await find(1e-3, 60, 60)).toEqual(
      /* @__PURE__ */ new Map([
        [slow.runId, "max-runtime"],
        [starting.runId, "start-timeout"]
      ])
    );
    const all = await find(1e-3, 0.02, 1e-3);
    expect(all.get(silent.runId)).toBe("heartbeat-lost");
    expect(all.get(canceling.runId)).toBe("cancel-timeout");
    await storage.finalizeAttempt(starting.runId, 1, { kind: "resume", cause: "again" });
    expect((await find(1e-3, 60, 60)).has(starting.runId)).toBe(false);
  });
  test("however cancel, finish and finalize race, a run has one end and one event that says so", async () => {
    const { storage, worker } = harness();
    const outcomes = /* @__PURE__ */ new Set();
    for (let round = 0; round < 30; round += 1) {
      const ref = await aStartedRun(storage, worker);
      const { runId } = ref;
      const settled = await Promise.allSettled([
        worker.finishRun(ref, SUCCESS),
        storage.cancelRun(runId, { force: true, cause: "now" }),
        storage.finalizeAttempt(runId, 1, { kind: "fail", reason: "UNKNOWN", cause: "lost" }),
        worker.appendEvents(ref, 1, [anEvent("STEP_START", {}, { stepKey: "a" })]),
        worker.finishRun(ref, SUCCESS)
      ]);
      const run = await storage.getRun(runId);
      const ends = await storage.runEvents({ runId, limit: 100, types: TERMINAL });
      expect(ends.map(({ type }) => type)).toEqual([`RUN_${run?.status}`]);
      const last = (await storage.runEvents({ runId, limit: 100 })).at(-1);
      expect(last?.type).toBe(ends[0]?.type);
      for (const result of settled) {
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(StaleAttemptError);
      }
      outcomes.add(run?.status ?? "");
    }
    expect(outcomes.size).toBeGreaterThan(1);
  });
  test("a queued run that is canceled while it is claimed is either canceled or claimed, never both", async () => {
    const { storage } = harness();
    const seen = /* @__PURE__ */ new Set();
    for (let round = 0; round < 30; round += 1) {
      const run = aRun();
      await storage.createRuns([run]);
      const [claimed, canceled] = await Promise.all([
        claimAll(storage),
        storage.cancelRun(run.runId, { force: false, cause: "x" })
      ]);
      expect([claimed.length, canceled]).toEqual(claimed.length === 1 ? [1, "canceling"] : [0, "canceled"]);
      seen.add(canceled);
      if (claimed.length === 1) await storage.finalizeAttempt(run.runId, 1, { kind: "cancel", cause: "x" });
    }
    expect(await storage.countRuns({ statuses: ["CANCELED"] })).toBe(30);
    expect(seen.size).toBeGreaterThan(0);
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-automation-contract.ts
var making2 = (...assets) => assets.map((key) => aStep({ key: `make_${key}`, assets: [key] }));
var ask = (...keys) => ({ keys, partitioned: keys, failures: keys });
var sensor = { location: "shop", kind: "sensor", name: "automation" };
var state = {
  sensor: "automation",
  left: null,
  requested: true,
  partitions: null,
  nodes: { "x@orders": { path: "/and0", subset: [["a", "c"], "e"] } },
  resultHash: "h"
};
var shape = {
  label: "eager",
  name: "AND",
  operatorType: "and",
  entity: 0,
  isPartitioned: false,
  children: []
};
var packed = { shape: "s", entities: [["orders", null]], values: [2], since: {} };
var shapes = [{ name: "s", shape }];
var outcome = (over = {}) => ({
  status: "SUCCESS",
  runs: [],
  skipReason: null,
  cursor: "c",
  error: null,
  dynamicPartitions: [],
  endedAt: 2,
  ...over
});
function storageAutomationContract(harness) {
  test("the end of a tick keeps what conditions remember and came to; the first end counts", async () => {
    const { storage } = harness();
    const tick = await storage.startTick(sensor, 1, 1, 60);
    if (tick === void 0) throw new Error("the tick was not opened");
    const evaluation = { key: "orders", timestamp: 5, numRequested: 1, runIds: ["r"] };
    const automation = {
      states: [{ key: "orders", state }],
      evaluations: [{ ...evaluation, packed }],
      shapes
    };
    await storage.finishTick(tick, outcome({ automation }));
    await storage.finishTick(
      tick,
      outcome({
        automation: {
          states: [{ key: "orders", state: { ...state, resultHash: "other" } }],
          evaluations: [],
          shapes
        }
      })
    );
    expect(await storage.automationStates("shop")).toEqual([{ key: "orders", state }]);
    expect(await storage.automationStates("other")).toEqual([]);
    const kept = {
      ...evaluation,
      location: "shop",
      sensor: "automation",
      evaluationId: tick.tickId,
      root: unpackEvaluation(packed, shape)
    };
    expect(await storage.automationEvaluations({ key: "orders", limit: 5 })).toEqual([kept]);
    expect(await storage.automationEvaluations({ key: "orders", limit: 5, before: tick.tickId })).toEqual([]);
    expect(await storage.automationEvaluations({ evaluationId: tick.tickId, limit: 5 })).toEqual([kept]);
    expect(await storage.purgeAutomationEvaluations(5, 9)).toBe(0);
    expect(await storage.purgeAutomationEvaluations(6, 9)).toBe(1);
    expect(await storage.automationStates("shop")).toHaveLength(1);
  });
  test("a new state takes the place of the old one", async () => {
    const { storage } = harness();
    for (const resultHash of ["1", "2"]) {
      const tick = await storage.startTick(sensor, Number(resultHash), 1, 60);
      if (tick === void 0) throw new Error("the tick was not opened");
      const states = [{ key: "orders", state: { ...state, resultHash } }];
      await storage.finishTick(tick, outcome({ automation: { states, evaluations: [], shapes: [] } }));
    }
    expect((await storage.automationStates("shop")).map((each) => each.state.resultHash)).toEqual(["2"]);
  });
  test("says what was made, what is on its way and what went wrong", async () => {
    const { storage, worker } = harness();
    expect(await storage.automationAssets(ask("x"))).toEqual([]);
    const run = aRun({ steps: making2("x", "y") });
    await storage.createRuns([run]);
    const facts = async (key) => (await storage.automationAssets(ask(key)))[0];
    expect(await facts("x")).toMatchObject({ lastMaterialization: null, runInProgress: true });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization("x")]);
    expect(await facts("x")).toMatchObject({
      lastMaterialization: { runId: run.runId, partition: null },
      runInProgress: false,
      executionFailed: false
    });
    expect(await facts("y")).toMatchObject({ runInProgress: true });
    await worker.finishRun(ref, { status: "FAILURE", failureReason: "STEP_FAILURE", cause: "c" });
    expect(await facts("x")).toMatchObject({ runInProgress: false, executionFailed: false });
    expect(await facts("y")).toMatchObject({ runInProgress: false, executionFailed: true });
    const again = aRun({ steps: making2("y") });
    await storage.createRuns([again]);
    await claimAll(storage);
    expect(await facts("y")).toMatchObject({ runInProgress: true, executionFailed: false });
  });
  test("tells partitions apart", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making2("x"), partitionKeys: ["p1", "p2"] });
    await storage.createRuns([run]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization("x", "p1")]);
    const [facts] = await storage.automationAssets(ask("x"));
    expect(facts).toMatchObject({
      runInProgress: false,
      materialized: ["p1"],
      partitionsInRuns: ["p2"],
      partitionsFailed: []
    });
    expect(facts?.lastMaterialization?.partition).toBe("p1");
    const [unasked] = await storage.automationAssets({ keys: ["x"], partitioned: [], failures: [] });
    expect(unasked?.materialized).toEqual([]);
  });
  test("knows what a backfill has yet to make", async () => {
    const { storage } = harness();
    await storage.createBackfill({
      backfillId: "abcdefgh",
      location: "shop",
      jobName: "__ASSET_JOB",
      assetSelection: ["x"],
      config: {},
      tags: {},
      title: null,
      description: null,
      fromFailure: false,
      parentBackfillId: null,
      rootBackfillId: null,
      targets: [{ asset: "x", partitions: ["p1", "p2"] }]
    });
    const [facts] = await storage.automationAssets(ask("x"));
    expect(facts).toMatchObject({ backfillInProgress: false, partitionsInBackfills: ["p1", "p2"] });
  });
  test("reads updates in order, with the version before each, without what was wiped", async () => {
    const { storage } = harness();
    const made = (assetKey, dataVersion) => anEvent(
      "ASSET_MATERIALIZATION",
      { metadata: {}, tags: {}, inputDataVersions: {}, dataVersion },
      { assetKey }
    );
    const seen = anEvent("ASSET_OBSERVATION", { metadata: {}, tags: {} }, { assetKey: "x" });
    await storage.appendSystemEvents(null, [made("x", "v1")]);
    const after = await storage.safeStorageId();
    await storage.appendSystemEvents(null, [made("x", "v2"), made("y", "w1"), seen, aMaterialization("x")]);
    await storage.wipeAsset("y", null);
    const through = await storage.safeStorageId();
    const query = { keys: ["x", "y"], after, through, limit: 9 };
    expect(await storage.automationUpdates(query)).toMatchObject([
      { key: "x", version: "v2", previousVersion: "v1", runId: null, partition: null },
      { key: "x", version: null, previousVersion: "v2" }
    ]);
    expect(await storage.automationUpdates({ ...query, limit: 1 })).toHaveLength(1);
    expect(await storage.automationUpdates({ ...query, through: after })).toEqual([]);
  });
  test("says what runs planned", async () => {
    const { storage } = harness();
    const run = aRun({ steps: making2("x", "y"), tags: { team: "a" } });
    await storage.createRuns([run]);
    const [found] = await storage.automationRuns([run.runId]);
    expect(found).toMatchObject({ runId: run.runId, tags: { team: "a" }, assets: ["x", "y"] });
    expect(await storage.automationRuns([])).toEqual([]);
  });
  test("announces a change of freshness once", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making2("x") });
    await storage.createRuns([run]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization("x")]);
    await worker.finishRun(ref, SUCCESS);
    const [before] = await storage.freshnessRecords(["x"]);
    expect(before).toMatchObject({ key: "x", state: "UNKNOWN", changedAt: null });
    expect(before?.materializedAt).toEqual(expect.any(Number));
    const change = { key: "x", state: "PASS", previousState: "UNKNOWN", at: 7 };
    const first = await storage.safeStorageId();
    expect(await storage.recordFreshness([change])).toBe(1);
    expect(await storage.recordFreshness([change, { ...change, key: "y" }])).toBe(1);
    expect(await storage.recordFreshness([])).toBe(0);
    expect(await storage.freshnessRecords(["x", "never"])).toEqual(
      expect.arrayContaining([
        { ...before, state: "PASS", changedAt: 7 },
        { key: "never", materializedAt: null, state: "UNKNOWN", changedAt: null }
      ])
    );
    expect(await storage.safeStorageId() - first).toBe(2);
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-events-contract.ts
function storageEventsContract(harness) {
  test("events are read back as written, in order, page by page and by type", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const error = { name: "E", message: "cut \uD83D here and \0 there", cause: { name: "C", message: "c" } };
    const written = [
      anEvent("STEP_START", {}, { stepKey: "a", tryNumber: 1 }),
      anEvent(
        "LOG_MESSAGE",
        { fields: { z: 1, a: [1.5, null] } },
        { stepKey: "a", level: "WARNING", message: "\xF6\xDF \u{1F680}" }
      ),
      anEvent("STEP_FAILURE", { error }, { stepKey: "a" })
    ];
    await worker.appendEvents(ref, 1, written);
    const all = await storage.runEvents({ runId: ref.runId, limit: 100 });
    const own = all.slice(-3);
    expect(own[0]).toEqual({ ...written[0], storageId: expect.any(Number), runId: ref.runId, attempt: 1 });
    expect(own[1]).toMatchObject(written[1] ?? {});
    expect(own[2]?.data).toEqual({ error: { ...error, message: "cut \uFFFD here and \uFFFD there" } });
    expect(all.map(({ storageId }) => storageId)).toEqual(
      all.map(({ storageId }) => storageId).sort((a, b) => a - b)
    );
    const page = await storage.runEvents({ runId: ref.runId, after: own[0]?.storageId, limit: 1 });
    expect(page).toEqual([own[1]]);
    const failures = await storage.runEvents({
      runId: ref.runId,
      limit: 9,
      types: ["STEP_FAILURE", "RUN_START"]
    });
    expect(failures.map(({ type }) => type)).toEqual(["RUN_START", "STEP_FAILURE"]);
  });
  test("metadata keeps the order in which the user gave it", async () => {
    const { storage } = harness();
    const metadata = Object.fromEntries(
      ["zebra", "a", "middle", "b"].map((key) => [key, { kind: "null" }])
    );
    const event = anEvent(
      "ASSET_MATERIALIZATION",
      { metadata, tags: {}, inputDataVersions: {} },
      { assetKey: "x" }
    );
    await storage.appendSystemEvents(null, [event]);
    const [stored] = await storage.assetEvents({ key: "x", types: ["ASSET_MATERIALIZATION"], limit: 1 });
    expect(JSON.stringify(stored?.data)).toBe(JSON.stringify(event.data));
    const [record2] = await storage.assetRecords();
    expect(JSON.stringify(record2?.lastMaterialization?.data)).toBe(JSON.stringify(event.data));
  });
  test("system events are written once however often the call is repeated, and cannot end a run", async () => {
    const { storage } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    const words = [
      anEvent("ENGINE_EVENT", {}, { message: "launched" }),
      anEvent("ENGINE_EVENT", {}, { message: "stopped" })
    ];
    const report = [aMaterialization("raw/x", "p1")];
    await storage.appendSystemEvents(run.runId, words);
    await storage.appendSystemEvents(run.runId, words);
    await storage.appendSystemEvents(null, report);
    await storage.appendSystemEvents(null, report);
    const types = (await storage.runEvents({ runId: run.runId, limit: 9 })).map(({ message }) => message);
    expect(types.slice(1)).toEqual(["launched", "stopped"]);
    expect(
      await storage.assetEvents({ key: "raw/x", types: ["ASSET_MATERIALIZATION"], limit: 9 })
    ).toMatchObject([{ runId: null, assetKey: "raw/x", partition: "p1" }]);
    await expect(storage.appendSystemEvents(run.runId, [anEvent("RUN_SUCCESS", {})])).rejects.toMatchObject({
      fault: "permanent"
    });
  });
  test("run ends are followed from a cursor, by status, location and job", async () => {
    const { storage, worker } = harness();
    const refs = [];
    for (const jobName of ["a", "b", "a"])
      refs.push(await aStartedRun(storage, worker, aRun({ jobName, tags: { n: jobName } })));
    const [a, b, c] = refs;
    if (a === void 0 || b === void 0 || c === void 0) throw new Error("unreachable");
    await worker.finishRun(a, SUCCESS);
    await worker.finishRun(b, { status: "FAILURE", failureReason: "STEP_FAILURE", cause: "step x failed" });
    await worker.finishRun(c, SUCCESS);
    const follow = (after, statuses, jobName, limit = 10) => storage.runStatusChanges({ after, statuses, jobs: [{ location: "shop", jobName }], limit });
    const all = await follow(0, ["SUCCESS", "FAILURE"], null);
    expect(all.map(({ runId, status, cause }) => [runId, status, cause])).toEqual([
      [a.runId, "SUCCESS", null],
      [b.runId, "FAILURE", "step x failed"],
      [c.runId, "SUCCESS", null]
    ]);
    expect(all[0]).toMatchObject({
      location: "shop",
      jobName: "a",
      tags: { n: "a" },
      timestamp: expect.any(Number)
    });
    expect(await follow(all[0]?.storageId ?? 0, ["SUCCESS"], "a")).toEqual([all[2]]);
    expect(await follow(0, ["SUCCESS", "FAILURE"], null, 2)).toEqual(all.slice(0, 2));
    expect(await follow(0, ["STARTED"], "b")).toMatchObject([{ runId: b.runId, status: "STARTED" }]);
    expect(await storage.runStatusChanges({ after: 0, statuses: ["SUCCESS"], jobs: [], limit: 5 })).toEqual(
      []
    );
    expect(await storage.safeStorageId()).toBeGreaterThanOrEqual(
      all[2]?.storageId ?? Number.POSITIVE_INFINITY
    );
  });
  test("materializations are followed from a cursor over several assets", async () => {
    const { storage } = harness();
    expect(await storage.safeStorageId()).toBe(0);
    await storage.appendSystemEvents(
      null,
      ["x", "y", "x", "z"].map((key) => aMaterialization(key))
    );
    const all = await storage.assetUpdates({ after: 0, keys: ["x", "y", "x"], limit: 10 });
    expect(all.map(({ assetKey }) => assetKey)).toEqual(["x", "y", "x"]);
    expect(all[0]).toEqual({
      storageId: expect.any(Number),
      assetKey: "x",
      runId: null,
      partition: null,
      timestamp: expect.any(Number),
      metadata: { rows: { kind: "int", value: 3 } }
    });
    expect(await storage.assetUpdates({ after: all[0]?.storageId ?? 0, keys: ["x"], limit: 10 })).toEqual([
      all[2]
    ]);
    expect(await storage.assetUpdates({ after: 0, keys: [], limit: 10 })).toEqual([]);
  });
  test("the summary of steps tells status, times and every try over all attempts", async () => {
    const { storage, worker } = harness();
    const step = (key) => ({ stepKey: key });
    const run = aRun({ steps: ["a", "b", "c", "d"].map((key) => aStep({ key })) });
    const ref = await aStartedRun(storage, worker, run);
    const error = { name: "E", message: "m" };
    const events = [
      anEvent("STEP_START", {}, step("a")),
      anEvent("STEP_START", {}, step("b")),
      anEvent("STEP_UP_FOR_RETRY", { error, secondsToWait: 1 }, step("a")),
      anEvent("STEP_RESTARTED", {}, step("a")),
      anEvent("STEP_SUCCESS", { seconds: 1 }, step("a")),
      anEvent("STEP_SKIPPED", { reason: "r" }, step("c")),
      anEvent("STEP_START", {}, step("d")),
      anEvent("STEP_UP_FOR_RETRY", { error, secondsToWait: 1 }, step("d"))
    ];
    await worker.appendEvents(ref, 1, events);
    const at = events.map(({ timestamp }) => timestamp);
    const stats = await storage.stepStats(ref.runId);
    expect(stats).toEqual([
      {
        stepKey: "a",
        status: "SUCCESS",
        startedAt: at[0],
        endedAt: at[4],
        tries: [
          { startedAt: at[0], endedAt: at[2] },
          { startedAt: at[3], endedAt: at[4] }
        ]
      },
      {
        stepKey: "b",
        status: "IN_PROGRESS",
        startedAt: at[1],
        endedAt: null,
        tries: [{ startedAt: at[1], endedAt: null }]
      },
      { stepKey: "c", status: "SKIPPED", startedAt: null, endedAt: at[5], tries: [] },
      {
        stepKey: "d",
        status: "UP_FOR_RETRY",
        startedAt: at[6],
        endedAt: null,
        tries: [{ startedAt: at[6], endedAt: at[7] }]
      }
    ]);
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-instigators-contract.ts
var SENSOR = { location: "shop", kind: "sensor", name: "watch" };
var SCHEDULE = { location: "shop", kind: "schedule", name: "nightly" };
var LEASE = 60;
function anOutcome(over = {}) {
  return {
    status: "SUCCESS",
    runs: [],
    skipReason: null,
    cursor: null,
    error: null,
    dynamicPartitions: [],
    endedAt: 5e3,
    ...over
  };
}
var keyed = (runKey) => aRun({ origin: { kind: "sensor", name: SENSOR.name, runKey } });
function storageInstigatorsContract(harness) {
  async function opened(id, scheduledAt, now = scheduledAt) {
    const tick = await harness().storage.startTick(id, scheduledAt, now, LEASE);
    if (tick === void 0) throw new Error(`tick ${scheduledAt} did not open`);
    return tick;
  }
  test("turning on twice keeps the first instant; off and on, or back to the default, begins anew", async () => {
    const { storage } = harness();
    expect(await storage.instigatorStates()).toEqual([]);
    await storage.setInstigatorStatus(SCHEDULE, "RUNNING", 100);
    expect(await storage.setInstigatorStatus(SCHEDULE, "RUNNING", 200)).toMatchObject({
      status: "RUNNING",
      startedAt: 100
    });
    expect(await storage.setInstigatorStatus(SCHEDULE, "DECLARED_IN_CODE", 250)).toMatchObject({
      startedAt: 100
    });
    expect(await storage.setInstigatorStatus(SCHEDULE, "STOPPED", 300)).toMatchObject({ status: "STOPPED" });
    expect(await storage.setInstigatorStatus(SCHEDULE, "RUNNING", 400)).toMatchObject({ startedAt: 400 });
    await storage.setSensorCursor(SENSOR, "c1");
    await storage.setSensorCursor(SENSOR, null);
    await storage.passOver(SCHEDULE, 900);
    await storage.passOver(SCHEDULE, 800);
    expect(await storage.instigatorStates()).toEqual([
      {
        instigator: SCHEDULE,
        status: "RUNNING",
        startedAt: 400,
        cursor: null,
        evaluatedThrough: 900,
        lastTickStartedAt: null,
        lastRunKey: null
      },
      {
        instigator: SENSOR,
        status: "DECLARED_IN_CODE",
        startedAt: null,
        cursor: null,
        evaluatedThrough: null,
        lastTickStartedAt: null,
        lastRunKey: null
      }
    ]);
  });
  test("a tick is open for one evaluation, again when its lease ran out, and never once it has ended", async () => {
    const { storage } = harness();
    const first = await opened(SCHEDULE, 1e3, 1010);
    expect(await storage.startTick(SCHEDULE, 1e3, 2e3, LEASE)).toBeUndefined();
    const again = await storage.startTick(SCHEDULE, 1e3, 61010, LEASE);
    expect(again).toEqual({ ...first, startedAt: 61010 });
    expect(again).toMatchObject({
      instigator: SCHEDULE,
      status: "STARTED",
      scheduledAt: 1e3,
      endedAt: null,
      failureCount: 0
    });
    await storage.finishTick(first, anOutcome({ status: "SKIPPED", skipReason: "nothing new" }));
    expect(await storage.startTick(SCHEDULE, 1e3, 999999, LEASE)).toBeUndefined();
    expect(await storage.startTick(SCHEDULE, 2e3, 61020, LEASE)).toBeDefined();
    expect((await storage.instigatorStates())[0]).toMatchObject({
      evaluatedThrough: 1e3,
      lastTickStartedAt: 61020
    });
  });
  test("of many evaluations of one tick one opens it", async () => {
    const { storage } = harness();
    const opened2 = await Promise.all(
      Array.from({ length: 12 }, () => storage.startTick(SENSOR, 1e3, 1e3, LEASE))
    );
    expect(opened2.filter((tick) => tick !== void 0)).toHaveLength(1);
  });
  test("while a tick is being evaluated, no other one of the same schedule or sensor is", async () => {
    const { storage } = harness();
    const first = await opened(SENSOR, 1e3);
    expect(await storage.startTick(SENSOR, 2e3, 2e3, LEASE)).toBeUndefined();
    expect(await storage.startTick(SCHEDULE, 2e3, 2e3, LEASE)).toBeDefined();
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, index) => storage.startTick(SENSOR, 7e4 + index, 7e4, LEASE))
    );
    expect(many.filter((tick) => tick !== void 0)).toHaveLength(1);
    expect(await storage.openTicks({ startedBefore: 7e4, limit: 10 })).toMatchObject([
      { tickId: first.tickId, status: "STARTED" },
      { instigator: SCHEDULE }
    ]);
    expect(await storage.openTicks({ startedBefore: 2e3, limit: 10 })).toEqual([first]);
    await storage.finishTick(first, anOutcome());
    expect(await storage.openTicks({ startedBefore: 2e3, limit: 10 })).toEqual([]);
  });
  test("ticks past their retention are found by kind, status and age, and removed", async () => {
    const { storage } = harness();
    for (const [id, at, status] of [
      [SENSOR, 1e3, "SKIPPED"],
      [SENSOR, 2e3, "SUCCESS"],
      [SCHEDULE, 3e3, "SKIPPED"],
      [SENSOR, 9e3, "SKIPPED"]
    ])
      await storage.finishTick(await opened(id, at), anOutcome({ status, cursor: "c" }));
    const expired = (rules) => storage.expiredTicks(rules, 10);
    const skipped2 = { kind: "sensor", status: "SKIPPED", startedBefore: 5e3 };
    expect(await expired([])).toEqual([]);
    expect((await expired([skipped2])).map(({ scheduledAt }) => scheduledAt)).toEqual([1e3]);
    const both = await expired([skipped2, { kind: "schedule", status: "SKIPPED", startedBefore: 5e3 }]);
    expect(both.map(({ scheduledAt }) => scheduledAt)).toEqual([1e3, 3e3]);
    await storage.deleteTicks(both.map(({ tickId }) => tickId));
    expect(await expired([skipped2])).toEqual([]);
    expect((await storage.listTicks({ instigator: SENSOR, limit: 9 })).map((t) => t.scheduledAt)).toEqual([
      9e3,
      2e3
    ]);
    expect((await storage.instigatorStates())[0]).toMatchObject({ evaluatedThrough: 3e3, cursor: "c" });
  });
  test("the end of a tick creates its runs, moves the cursor and changes partitions, once", async () => {
    const { storage } = harness();
    await storage.changeDynamicPartitions("shop", "add", "customers", ["old", "kept"]);
    const tick = await opened(SENSOR, 1e3);
    const runs = [keyed("k1"), keyed("k2"), keyed(null)];
    const outcome2 = anOutcome({
      runs,
      cursor: "c1",
      dynamicPartitions: [
        { kind: "add", name: "customers", keys: ["new", "kept"] },
        { kind: "delete", name: "customers", keys: ["old"] }
      ]
    });
    const ended = await storage.finishTick(tick, outcome2);
    const repeated = await storage.finishTick(tick, outcome2);
    const other = await storage.finishTick(
      tick,
      anOutcome({ status: "FAILURE", runs: [keyed("k9")], cursor: "c9" })
    );
    expect(ended).toEqual({
      ...tick,
      status: "SUCCESS",
      endedAt: 5e3,
      runIds: runs.map(({ runId }) => runId),
      skippedRunKeys: [],
      cursor: "c1"
    });
    expect(repeated).toEqual(ended);
    expect(other).toEqual(ended);
    expect(await storage.countRuns({})).toBe(3);
    expect(await storage.dynamicPartitionKeys("shop", "customers")).toEqual(["kept", "new"]);
    expect((await storage.instigatorStates())[0]).toMatchObject({
      cursor: "c1",
      evaluatedThrough: 1e3,
      lastRunKey: "k2"
    });
    expect((await storage.takeOutbox(10, 60)).map(({ kind }) => kind)).toEqual(["dequeue"]);
  });
  test("a run key that had its run is recorded as skipped, also twice within one tick", async () => {
    const { storage } = harness();
    await storage.finishTick(await opened(SENSOR, 1e3), anOutcome({ runs: [keyed("k1")] }));
    const fresh = keyed("k2");
    const ended = await storage.finishTick(
      await opened(SENSOR, 2e3),
      anOutcome({ runs: [keyed("k1"), fresh, keyed("k2")] })
    );
    expect(ended).toMatchObject({ runIds: [fresh.runId], skippedRunKeys: ["k1", "k2"] });
  });
  test("a failed tick keeps the cursor, and failures in a row are counted", async () => {
    const { storage } = harness();
    const error = { name: "E", message: "m" };
    const finish = async (at, outcome2) => storage.finishTick(await opened(SENSOR, at), anOutcome(outcome2));
    await finish(1e3, { cursor: "c1" });
    expect(await finish(2e3, { status: "FAILURE", error })).toMatchObject({
      error,
      failureCount: 1,
      cursor: null
    });
    expect(await finish(3e3, { status: "FAILURE", error })).toMatchObject({ failureCount: 2 });
    expect(await finish(4e3, { status: "SKIPPED" })).toMatchObject({ failureCount: 0, error: null });
    expect((await storage.instigatorStates())[0]).toMatchObject({ cursor: "c1", evaluatedThrough: 4e3 });
  });
  test("a tick whose runs cannot be created ends nothing: no run, no cursor, still open", async () => {
    const { storage } = harness();
    const tick = await opened(SENSOR, 1e3);
    const bad = { ...keyed("k2"), runId: "no-uuid" };
    await expect(
      storage.finishTick(
        tick,
        anOutcome({
          runs: [keyed("k1"), bad],
          cursor: "c1",
          dynamicPartitions: [{ kind: "add", name: "d", keys: ["x"] }]
        })
      )
    ).rejects.toMatchObject({ fault: "permanent" });
    expect(await storage.countRuns({})).toBe(0);
    expect(await storage.dynamicPartitionKeys("shop", "d")).toEqual([]);
    expect((await storage.listTicks({ instigator: SENSOR, limit: 9 }))[0]?.status).toBe("STARTED");
    expect((await storage.instigatorStates())[0]?.cursor).toBeNull();
  });
  test("ticks are listed newest first, by status, page by page", async () => {
    const { storage } = harness();
    for (let at = 1; at <= 6; at += 1) {
      await storage.finishTick(
        await opened(SENSOR, at * 1e3),
        anOutcome({ status: at % 2 === 0 ? "SKIPPED" : "SUCCESS" })
      );
    }
    await opened(SCHEDULE, 1e3);
    const all = await storage.listTicks({ instigator: SENSOR, limit: 10 });
    expect(all.map(({ scheduledAt }) => scheduledAt / 1e3)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await storage.listTicks({ instigator: SENSOR, statuses: ["SKIPPED"], limit: 2 })).toEqual([
      all[0],
      all[2]
    ]);
    const within = { instigator: SENSOR, scheduledAfter: 2e3, scheduledBefore: 6e3 };
    const times = (ticks) => ticks.map(({ scheduledAt }) => scheduledAt / 1e3);
    expect(times(await storage.listTicks({ ...within, limit: 2 }))).toEqual([5, 4]);
    expect(times(await storage.listTicks({ ...within, limit: 9 }))).toEqual([5, 4, 3]);
    expect(await storage.listTicks({ instigator: SENSOR, before: all[3]?.tickId ?? 0, limit: 2 })).toEqual(
      all.slice(4)
    );
  });
  test("the latest ticks of every schedule and sensor come in one call", async () => {
    const { storage } = harness();
    expect(await storage.latestTicks(2)).toEqual([]);
    for (let at = 1; at <= 3; at += 1)
      await storage.finishTick(await opened(SENSOR, at * 1e3), anOutcome());
    await opened(SCHEDULE, 1e3);
    await opened({ ...SCHEDULE, location: "another" }, 2e3);
    const ticks = await storage.latestTicks(2);
    expect(
      ticks.map(({ instigator, scheduledAt }) => [instigator.location, instigator.name, scheduledAt])
    ).toEqual([
      ["another", "nightly", 2e3],
      ["shop", "nightly", 1e3],
      ["shop", "watch", 3e3],
      ["shop", "watch", 2e3]
    ]);
    expect(ticks.slice(2)).toEqual(await storage.listTicks({ instigator: SENSOR, limit: 2 }));
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-queue-contract.ts
import * as fc from "fast-check";

// ../../tmp/headrace-freeze-Jpa9DB/lib/model/run-status.ts
var ACTIVE_STATUSES = ["STARTING", "STARTED", "CANCELING"];
var isActive = (status) => ACTIVE_STATUSES.includes(status);

// ../../tmp/headrace-freeze-Jpa9DB/lib/model/run-queue.ts
function selectRunsToDequeue(settings, runs) {
  const usage = usageOf(settings, runs);
  const max = settings.maxConcurrentRuns;
  const queued = runs.filter((run) => run.status === "QUEUED").map((run) => ({ run, priority: runPriority(run.tags) })).sort((a, b) => b.priority - a.priority);
  const selected = [];
  for (const { run } of queued) {
    if (max !== -1 && usage.live >= max) break;
    if (isHeldBack(settings, usage, run)) continue;
    count(settings, usage, run);
    selected.push(run);
  }
  return selected;
}
function usageOf(settings, runs) {
  const usage = { live: 0, byBucket: /* @__PURE__ */ new Map() };
  for (const run of runs) if (isActive(run.status)) count(settings, usage, run);
  return usage;
}
function count(settings, usage, run) {
  usage.live += 1;
  for (const { bucket } of bucketsOf(settings, run))
    usage.byBucket.set(bucket, (usage.byBucket.get(bucket) ?? 0) + 1);
}
function isHeldBack(settings, usage, run) {
  return bucketsOf(settings, run).some(({ bucket, limit }) => (usage.byBucket.get(bucket) ?? 0) >= limit);
}
function bucketsOf(settings, run) {
  return settings.tagConcurrencyLimits.flatMap(({ key, value, limit }, rule) => {
    const own = run.tags[key];
    if (own === void 0 || typeof value === "string" && value !== own) return [];
    const perValue = typeof value === "object";
    const label = value === void 0 ? key : `${key}=${own}`;
    return [{ bucket: perValue ? `${rule} ${own}` : `${rule}`, label, limit }];
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-queue-contract.ts
function storageQueueContract(harness) {
  test("claims by priority, then first in, first out, and says who is claimed", async () => {
    const { storage } = harness();
    const runs = ["0", "5", "no number", "5", "-1", void 0].map(
      (priority) => aRun({ tags: priority === void 0 ? {} : { "dagster/priority": priority } })
    );
    await storage.createRuns(runs);
    const claimed = await storage.claimRuns(10, UNLIMITED);
    expect(claimed).toEqual([1, 3, 0, 2, 5, 4].map((i) => ({ runId: runs[i]?.runId, attempt: 1 })));
    const run = await storage.getRun(runs[0]?.runId ?? "");
    expect(run).toMatchObject({ status: "STARTING", attempt: 1, claimedAt: expect.any(Number) });
    expect(await storage.claimRuns(10, UNLIMITED)).toEqual([]);
    const events = await storage.runEvents({ runId: run?.runId ?? "", limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(["RUN_ENQUEUED", "RUN_DEQUEUED", "RUN_STARTING"]);
  });
  test("claims nothing while the instance is paused", async () => {
    const { storage } = harness();
    await storage.createRuns([aRun()]);
    await storage.putValue(INSTANCE_NAMESPACE, PAUSE_KEY, { scope: "all", by: "ann", since: 1 });
    expect(await storage.claimRuns(10, UNLIMITED)).toEqual([]);
    await storage.deleteValue(INSTANCE_NAMESPACE, PAUSE_KEY);
    expect(await storage.claimRuns(10, UNLIMITED)).toHaveLength(1);
  });
  test("a full limit does not hide a runnable run behind 3,000 blocked ones", async () => {
    const { storage } = harness();
    const blocked = Array.from({ length: 3001 }, () => aRun({ tags: { db: "x" } }));
    const runnable = aRun({ tags: { db: "y" } });
    await storage.createRuns([...blocked, runnable]);
    const settings = limits(-1, { key: "db", value: "x", limit: 1 });
    const first = await storage.claimRuns(2, settings);
    const second = await storage.claimRuns(2, settings);
    expect(first.map(({ runId }) => runId)).toEqual([blocked[0]?.runId, runnable.runId]);
    expect(second).toEqual([]);
  });
  test("-1 is no limit, 0 launches nothing, and a limit lowered below what runs only drains", async () => {
    const { storage } = harness();
    await storage.createRuns(Array.from({ length: 6 }, () => aRun()));
    expect(await storage.claimRuns(10, limits(0))).toEqual([]);
    expect(await storage.claimRuns(10, limits(3))).toHaveLength(3);
    expect(await storage.claimRuns(10, limits(2))).toEqual([]);
    expect(await storage.claimRuns(1, limits(-1))).toHaveLength(1);
    expect(await storage.claimRuns(10, limits(-1))).toHaveLength(2);
  });
  test("a slot is held while STARTING, STARTED and CANCELING, and free as soon as the run has ended", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    await storage.createRuns([aRun()]);
    const one = limits(1);
    expect(await storage.claimRuns(1, one)).toEqual([]);
    await storage.cancelRun(ref.runId, { force: false, cause: "enough" });
    expect(await storage.claimRuns(1, one)).toEqual([]);
    await worker.finishRun(ref, { status: "CANCELED", failureReason: null, cause: "enough" });
    expect(await storage.claimRuns(1, one)).toHaveLength(1);
  });
  test("property: what is claimed is what the rules say, from any state, however many are asked for", async () => {
    const { storage } = harness();
    const runs = fc.array(
      fc.record({
        status: fc.constantFrom("QUEUED", "QUEUED", "STARTING"),
        tags: fc.record(
          {
            db: fc.constantFrom("x", "y", ""),
            team: fc.constantFrom("a", "b"),
            "dagster/priority": fc.constantFrom(
              "1",
              "-2",
              "bad",
              "1e3",
              "0x10",
              " +7 ",
              "",
              " ",
              "1.0",
              "-0",
              "007",
              "9".repeat(30)
            )
          },
          { requiredKeys: [] }
        )
      }),
      { maxLength: 14 }
    );
    const value = fc.constantFrom(void 0, "x", { applyLimitPerUniqueValue: true });
    const settings = fc.record({
      maxConcurrentRuns: fc.constantFrom(-1, 0, 2, 5),
      tagConcurrencyLimits: fc.array(
        fc.record({ key: fc.constantFrom("db", "team"), value, limit: fc.integer({ min: 0, max: 3 }) }),
        { maxLength: 3 }
      )
    });
    let reachedLimit = 0;
    await fc.assert(
      fc.asyncProperty(runs, settings, fc.integer({ min: 1, max: 4 }), async (given, rules, step) => {
        const created = given.map(({ tags }) => aRun({ tags }));
        const active = created.filter((_, i) => given[i]?.status === "STARTING");
        await storage.createRuns(active);
        await claimAll(storage);
        await storage.createRuns(created.filter((_, i) => given[i]?.status === "QUEUED"));
        const model = created.map(({ runId, tags }, i) => ({
          runId,
          tags,
          status: given[i]?.status === "STARTING" ? "STARTING" : "QUEUED"
        }));
        const expected = selectRunsToDequeue(rules, model).map(({ runId }) => runId);
        const claimed = [];
        for (; ; ) {
          const some = await storage.claimRuns(step, rules);
          if (some.length === 0) break;
          claimed.push(...some.map(({ runId }) => runId));
        }
        for (const { runId } of created) await storage.cancelRun(runId, { force: true, cause: "clean up" });
        expect(claimed).toEqual(expected);
        if (expected.length < model.filter(({ status }) => status === "QUEUED").length) reachedLimit += 1;
      }),
      { numRuns: 60 }
    );
    expect(reachedLimit).toBeGreaterThan(10);
  });
  test("limits hold in the database at every instant while claimers and finishers race, and are reached", async () => {
    const { storage, worker } = harness();
    const settings = limits(
      7,
      { key: "db", value: "x", limit: 4 },
      { key: "team", value: { applyLimitPerUniqueValue: true }, limit: 2 }
    );
    const runs = Array.from(
      { length: 90 },
      (_, i) => aRun({ tags: { ...i % 3 === 2 ? {} : { db: "x" }, team: `t${i % 5}` } })
    );
    await storage.createRuns(runs);
    let done = false;
    const snapshots = [];
    const watch = async () => {
      while (!done) {
        const active = await storage.listRuns({
          filter: { statuses: ["STARTING", "STARTED", "CANCELING"] },
          limit: 100
        });
        const teams = Map.groupBy(active, ({ tags }) => tags.team);
        snapshots.push({
          total: active.length,
          db: active.filter(({ tags }) => tags.db === "x").length,
          team: Math.max(0, ...[...teams.values()].map((members) => members.length))
        });
      }
    };
    const claimed = [];
    const work = async () => {
      while (claimed.length < runs.length) {
        for (const { runId, attempt } of await storage.claimRuns(2, settings)) {
          claimed.push(runId);
          const ref = await launch(storage, runId, attempt);
          await worker.startRun(ref);
          await worker.finishRun(ref, SUCCESS);
        }
      }
    };
    const watching = watch();
    await Promise.all(Array.from({ length: 10 }, work));
    done = true;
    await watching;
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(await storage.countRuns({ statuses: ["SUCCESS"] })).toBe(runs.length);
    expect(snapshots.filter(({ total, db, team }) => total > 7 || db > 4 || team > 2)).toEqual([]);
    const peak = (of) => Math.max(...snapshots.map((snapshot) => snapshot[of]));
    expect([peak("total"), peak("db"), peak("team")]).toEqual([7, 4, 2]);
  });
  test("no wake-up is lost: runs enqueued while others claim are all claimed, with no timer", async () => {
    const { storage } = harness();
    for (let round = 0; round < 25; round += 1) {
      const runs = Array.from({ length: 12 }, () => aRun());
      const claimed = await Promise.all(
        runs.map(async (run) => {
          await storage.createRuns([run]);
          return storage.claimRuns(1, UNLIMITED);
        })
      );
      expect(claimed.flat()).toHaveLength(12);
    }
    expect(await storage.countRuns({ statuses: ["QUEUED"] })).toBe(0);
  });
}
function limits(maxConcurrentRuns, ...tagConcurrencyLimits) {
  return { maxConcurrentRuns, tagConcurrencyLimits };
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-runs-contract.ts
import { randomUUID as randomUUID2 } from "node:crypto";
function storageRunsContract(harness) {
  test("a created run is read back as it was asked for", async () => {
    const { storage } = harness();
    const run = aRun({
      tags: { team: "a", "dagster/priority": "3" },
      config: { zebra: 1, ant: { y: [1, "x", null], b: true } },
      assetSelection: ["raw/x"],
      assetCheckSelection: [{ asset: "raw/x", name: "ok" }],
      stepKeys: ["raw__x"],
      parentRunId: randomUUID2(),
      rootRunId: randomUUID2(),
      origin: { kind: "sensor", name: "watch", runKey: "k1" },
      idempotencyKey: "once",
      steps: [aStep({ key: "raw__x", assets: ["raw/x"] })],
      partitionKeys: ["2026-01-01", "2026-01-02"]
    });
    const created = await storage.createRuns([run]);
    expect(created).toEqual([{ runId: run.runId, created: true }]);
    const { plan, idempotencyKey: _, ...asked } = run;
    expect(await storage.getRun(run.runId)).toEqual({
      ...asked,
      status: "QUEUED",
      attempt: 0,
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
      claimedAt: null,
      startedAt: null,
      endedAt: null,
      cause: null,
      resumeAt: null,
      suspensions: 0
    });
    expect(await storage.getRunPlan(run.runId)).toEqual(plan);
    expect(JSON.stringify((await storage.getRun(run.runId))?.config)).toBe(JSON.stringify(run.config));
  });
  test("what does not exist is absent, whatever the form of its id", async () => {
    const { storage } = harness();
    for (const runId of [randomUUID2(), "no-uuid", ""]) {
      expect(await storage.getRun(runId)).toBeUndefined();
      expect(await storage.getRunPlan(runId)).toBeUndefined();
      expect(await storage.runEvents({ runId, limit: 10 })).toEqual([]);
      expect(await storage.stepStats(runId)).toEqual([]);
      expect(await storage.cancelRun(runId, { force: false, cause: "x" })).toBe("not-found");
      expect(await storage.finalizeAttempt(runId, 1, { kind: "cancel", cause: "x" })).toBe("not-found");
      expect(await storage.deleteRuns([runId])).toBe(0);
    }
  });
  test("a repeated call creates nothing and answers the same ids", async () => {
    const { storage } = harness();
    const runs = [
      aRun(),
      aRun({ idempotencyKey: "i" }),
      aRun({ origin: { kind: "sensor", name: "s", runKey: "k" } })
    ];
    await storage.createRuns(runs);
    const again = await storage.createRuns(runs);
    expect(again).toEqual(runs.map(({ runId }) => ({ runId, created: false })));
    expect(await storage.countRuns({})).toBe(3);
    expect(await storage.runEvents({ runId: runs[0]?.runId ?? "", limit: 10 })).toHaveLength(1);
  });
  test("a run key is unique for ever within its location, kind and name; an idempotency key everywhere", async () => {
    const { storage, worker } = harness();
    const keyed2 = (over = {}) => aRun({ origin: { kind: "sensor", name: "s", runKey: "k" }, ...over });
    const first = keyed2();
    await worker.finishRun(await aStartedRun(storage, worker, first), SUCCESS);
    const once = aRun({ idempotencyKey: "i", location: "shop" });
    await storage.createRuns([once]);
    const answers = await storage.createRuns([
      keyed2(),
      keyed2({ location: "elsewhere" }),
      keyed2({ origin: { kind: "schedule", name: "s", runKey: "k" } }),
      keyed2({ origin: { kind: "sensor", name: "t", runKey: "k" } }),
      aRun({ idempotencyKey: "i", location: "elsewhere" })
    ]);
    expect(answers.map(({ created }) => created)).toEqual([false, true, true, true, false]);
    expect(answers[0]?.runId).toBe(first.runId);
    expect(answers[4]?.runId).toBe(once.runId);
  });
  test("of equal keys within one call the first makes the run", async () => {
    const { storage } = harness();
    const keyed2 = () => aRun({ origin: { kind: "sensor", name: "s", runKey: "k" } });
    const [first, second, same] = [keyed2(), keyed2(), aRun()];
    const answers = await storage.createRuns([first, second, same, same]);
    expect(answers).toEqual([
      { runId: first.runId, created: true },
      { runId: first.runId, created: false },
      { runId: same.runId, created: true },
      { runId: same.runId, created: false }
    ]);
  });
  test("callers that race for one run key get one run", async () => {
    const { storage } = harness();
    const race = Array.from(
      { length: 12 },
      () => aRun({ origin: { kind: "sensor", name: "s", runKey: "k" } })
    );
    const answers = (await Promise.all(race.map((run) => storage.createRuns([run])))).flat();
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    expect(await storage.countRuns({})).toBe(1);
  });
  test("runs are listed newest first, filtered by every field and mixture, page by page", async () => {
    const { storage } = harness();
    const runs = Array.from(
      { length: 20 },
      (_, i) => aRun({
        location: i % 2 === 0 ? "shop" : "bank",
        jobName: `job${i % 3}`,
        tags: { parity: i % 2 === 0 ? "even" : "odd", third: String(i % 3), 'quo"te': 'a\\b"{},' }
      })
    );
    await storage.createRuns(runs);
    await storage.cancelRun(runs[4]?.runId ?? "", { force: false, cause: "no" });
    const newestFirst = runs.map(({ runId }) => runId).reverse();
    const list = async (filter, limit = 100) => (await storage.listRuns({ filter, limit })).map(({ runId }) => runId);
    const where = (keep) => runs.flatMap(({ runId }, i) => keep(i) ? [runId] : []).reverse();
    expect(await list({})).toEqual(newestFirst);
    expect(await list({ location: "bank" })).toEqual(where((i) => i % 2 === 1));
    expect(await list({ location: "shop", jobName: "job1" })).toEqual(where((i) => i % 6 === 4));
    expect(await list({ statuses: ["CANCELED"] })).toEqual(where((i) => i === 4));
    expect(await list({ statuses: ["CANCELED", "QUEUED"], jobName: "job1" })).toEqual(
      where((i) => i % 3 === 1)
    );
    expect(await list({ statuses: [] })).toEqual([]);
    expect(
      await list({
        tags: [
          { key: "parity", values: ["odd"] },
          { key: "third", values: ["0", "2"] }
        ]
      })
    ).toEqual(where((i) => i % 2 === 1 && i % 3 !== 1));
    expect(await list({ tags: [{ key: 'quo"te', values: ["x", 'a\\b"{},'] }] })).toEqual(newestFirst);
    expect(await list({ runIdPrefix: runs[7]?.runId.slice(0, 13) })).toEqual([runs[7]?.runId]);
    expect(await list({ runIdPrefix: "xyz" })).toEqual([]);
    expect(await list({ runIds: [runs[1]?.runId ?? "", "no-uuid", runs[3]?.runId ?? ""] })).toEqual([
      runs[3]?.runId,
      runs[1]?.runId
    ]);
    const at = (await storage.getRun(runs[0]?.runId ?? ""))?.createdAt ?? 0;
    expect(await list({ createdAfter: at })).toEqual([]);
    expect(await list({ createdAfter: at - 1, createdBefore: at + 1 })).toEqual(newestFirst);
    expect(await list({ updatedAfter: at })).toEqual([runs[4]?.runId]);
    expect(await list({ updatedBefore: at + 1 })).toHaveLength(19);
    expect(await storage.countRuns({ location: "bank" })).toBe(10);
    expect(await storage.countRuns({}, 7)).toBe(7);
    const pages = [];
    for (let cursor; ; ) {
      const page = await storage.listRuns({ filter: { location: "shop" }, limit: 3, cursor });
      if (page.length === 0) break;
      pages.push(...page.map(({ runId }) => runId));
      cursor = pages.at(-1);
    }
    expect(pages).toEqual(where((i) => i % 2 === 0));
  });
  test("tags are put on a run, over those of the same key, and found by", async () => {
    const { storage } = harness();
    const run = aRun({ tags: { a: "1", b: "2" } });
    await storage.createRuns([run]);
    const withTag = (key, value) => storage.countRuns({ tags: [{ key, values: [value] }] });
    expect(await storage.addRunTags(randomUUID2(), { a: "1" })).toBe(false);
    expect(await storage.addRunTags("no-uuid", { a: "1" })).toBe(false);
    expect(await storage.addRunTags(run.runId, { a: "1", b: "3", c: "4" })).toBe(true);
    expect(await storage.addRunTags(run.runId, { a: "1", b: "3", c: "4" })).toBe(true);
    expect((await storage.getRun(run.runId))?.tags).toEqual({ a: "1", b: "3", c: "4" });
    expect([await withTag("b", "2"), await withTag("b", "3"), await withTag("c", "4")]).toEqual([0, 1, 1]);
  });
  test("the latest runs of each job, tag keys and tag values come in one statement each", async () => {
    const { storage } = harness();
    const runs = Array.from(
      { length: 9 },
      (_, i) => aRun({
        location: i < 3 ? "bank" : "shop",
        jobName: `job${i % 3}`,
        tags: { team: `t${i}`, env: "prod" }
      })
    );
    await storage.createRuns(runs);
    const latest = await storage.latestRunsByJob(1);
    expect(latest.map(({ location, jobName, runId }) => [location, jobName, runId])).toEqual(
      [0, 1, 2, 6, 7, 8].map((i) => [runs[i]?.location, runs[i]?.jobName, runs[i]?.runId])
    );
    expect(await storage.latestRunsByJob(2)).toHaveLength(9);
    expect(await storage.runTagKeys()).toEqual(["env", "team"]);
    expect(await storage.runTagValues("team", "t", 4)).toEqual(["t0", "t1", "t2", "t3"]);
    expect(await storage.runTagValues("team", "t8", 4)).toEqual(["t8"]);
    expect(await storage.runTagValues("team", "x", 4)).toEqual([]);
  });
  test("only finished runs are deleted, with all that belongs to them", async () => {
    const { storage, worker } = harness();
    const done = aRun({ tags: { gone: "yes" }, steps: [aStep({ key: "a", assets: ["raw/a"] })] });
    await worker.finishRun(await aStartedRun(storage, worker, done), SUCCESS);
    const queued = aRun();
    await storage.createRuns([queued]);
    const deleted = await storage.deleteRuns([done.runId, queued.runId]);
    expect(deleted).toBe(1);
    expect(await storage.getRun(done.runId)).toBeUndefined();
    expect(await storage.getRunPlan(done.runId)).toBeUndefined();
    expect(await storage.runEvents({ runId: done.runId, limit: 10 })).toEqual([]);
    expect(await storage.runTagKeys()).toEqual([]);
    expect(await storage.getRun(queued.runId)).toBeDefined();
    expect(await storage.deleteRuns([done.runId])).toBe(0);
  });
  test("a side effect is taken by one caller, again when its lease ran out, and never once completed", async () => {
    const { storage } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    await claimAll(storage);
    const taken = await storage.takeOutbox(10, 0.05);
    const meanwhile = await storage.takeOutbox(10, 0.05);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const [dequeue, start2] = await storage.takeOutbox(10, 60);
    await storage.completeOutbox(taken.map(({ id }) => id));
    expect(taken.map(({ id: _, ...message }) => message)).toEqual([
      { kind: "dequeue", runId: null, attempt: null },
      { kind: "start-execution", runId: run.runId, attempt: 1 }
    ]);
    expect(meanwhile).toEqual([]);
    expect([dequeue, start2]).toEqual(taken);
    expect(await storage.takeOutbox(10, 0)).toEqual([]);
    await storage.completeOutbox(taken.map(({ id }) => id));
  });
  test("many callers take each side effect once", async () => {
    const { storage } = harness();
    await storage.createRuns(Array.from({ length: 60 }, () => aRun()));
    await claimAll(storage);
    const taken = (await Promise.all(Array.from({ length: 8 }, () => storage.takeOutbox(10, 60)))).flat();
    expect(taken).toHaveLength(61);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(61);
  });
  test("a small value is replaced only where it is what was expected", async () => {
    const { storage } = harness();
    await storage.putValue("a", "k", { version: 1, list: ["x"] });
    expect(await storage.replaceValue("a", "k", { version: 0 }, { version: 2 })).toBe(false);
    expect(await storage.replaceValue("a", "absent", { version: 1 }, { version: 2 })).toBe(false);
    const changes = [2, 3, 4, 5].map(
      (version) => storage.replaceValue("a", "k", { list: ["x"], version: 1 }, { version })
    );
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  });
  test("small values are stored, inserted once, listed and deleted by namespace", async () => {
    const { storage } = harness();
    expect(await storage.getValue("a", "k")).toBeUndefined();
    await storage.putValue("a", "k", { z: 1, a: [true, null] });
    expect(await storage.insertValue("a", "k", 2)).toBe(false);
    expect(await storage.insertValue("a", "j", "text \0")).toBe(true);
    await storage.putValue("b", "k", null);
    expect(await storage.listValues("a")).toEqual([
      { key: "j", value: "text \uFFFD" },
      { key: "k", value: { z: 1, a: [true, null] } }
    ]);
    expect(await storage.getValue("b", "k")).toBeNull();
    await storage.deleteValue("a", "k");
    await storage.deleteValue("a", "k");
    expect(await storage.listValues("a")).toHaveLength(1);
  });
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/storage-contract.ts
function storageContract(open) {
  let current;
  const harness = () => {
    if (current === void 0) throw new Error("no test is running");
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = void 0;
  });
  describe("runs", () => storageRunsContract(harness));
  describe("the queue", () => storageQueueContract(harness));
  describe("attempts", () => storageAttemptsContract(harness));
  describe("the event log", () => storageEventsContract(harness));
  describe("schedules and sensors", () => storageInstigatorsContract(harness));
  describe("assets", () => storageAssetsContract(harness));
  describe("automation", () => storageAutomationContract(harness));
}

// ../../tmp/headrace-freeze-Jpa9DB/test/contracts/worker-storage-contract.ts
var start = (stepKey, tryNumber = 1) => anEvent("STEP_START", {}, { stepKey, tryNumber });
var success = (stepKey) => anEvent("STEP_SUCCESS", { seconds: 1 }, { stepKey });
var skipped = (stepKey) => anEvent("STEP_SKIPPED", { reason: "r" }, { stepKey });
var output = (stepKey, name, mappingKey) => anEvent("STEP_OUTPUT", mappingKey === void 0 ? { output: name } : { output: name, mappingKey }, {
  stepKey
});
function workerStorageContract(open) {
  let current;
  const harness = () => {
    if (current === void 0) throw new Error("no test is running");
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = void 0;
  });
  async function claimed(run = aRun()) {
    await harness().storage.createRuns([run]);
    await claimAll(harness().storage);
    return launch(harness().storage, run.runId);
  }
  test("the first worker starts the attempt and gets all that it needs; asking again gives the same", async () => {
    const { storage, worker } = harness();
    const run = aRun({
      tags: { a: "b" },
      config: { c: 1 },
      steps: [aStep({ key: "s" })],
      partitionKeys: ["p"]
    });
    const ref = await claimed(run);
    const assignment = await worker.startRun(ref);
    expect(assignment).toEqual({
      runId: run.runId,
      location: run.location,
      jobName: run.jobName,
      bundleHash: run.bundleHash,
      config: run.config,
      tags: run.tags,
      plan: run.plan,
      lastSeq: 0,
      completedSteps: [],
      triesByStep: {},
      inputDataVersions: {}
    });
    expect(await worker.startRun(ref)).toEqual(assignment);
    expect(await storage.getRun(run.runId)).toMatchObject({
      status: "STARTED",
      startedAt: expect.any(Number)
    });
    const started = await storage.runEvents({ runId: run.runId, limit: 9, types: ["RUN_START"] });
    expect(started.map(({ data }) => data)).toEqual([{ workerId: ref.workerId }]);
  });
  test("of two workers for one attempt one starts, whichever token it was given", async () => {
    const { storage, worker } = harness();
    const first = await claimed();
    const second = await launch(storage, first.runId);
    const results = await Promise.allSettled([worker.startRun(first), worker.startRun(second)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const [winner, loser] = results[0]?.status === "fulfilled" ? [first, second] : [second, first];
    expect(await worker.heartbeat(winner)).toBe("continue");
    await expect(worker.startRun(loser)).rejects.toThrow(StaleAttemptError);
    await expect(worker.heartbeat(loser)).rejects.toThrow(StaleAttemptError);
    await expect(worker.heartbeat({ ...loser, workerId: winner.workerId })).rejects.toThrow(
      StaleAttemptError
    );
  });
  test("every call of a stranger, a wrong attempt or a wrong token is refused and changes nothing", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const before = await storage.runEvents({ runId: ref.runId, limit: 100 });
    const other = await aStartedRun(storage, worker);
    const strangers = [
      { ...ref, token: "f".repeat(64) },
      { ...ref, token: "" },
      { ...ref, token: other.token },
      { ...ref, workerId: "another" },
      { ...ref, attempt: 2 },
      { ...ref, attempt: 0 },
      { ...ref, runId: other.runId },
      { ...ref, runId: "no-uuid" },
      { ...ref, runId: "00000000-0000-4000-8000-000000000000" }
    ];
    for (const stranger of strangers) {
      const calls = [
        worker.startRun(stranger),
        worker.heartbeat(stranger),
        worker.appendEvents(stranger, 1, [start("a")]),
        worker.finishRun(stranger, SUCCESS),
        worker.claimPoolSlot(stranger, "pool", "a"),
        worker.releasePoolSlot(stranger, "pool", "a"),
        worker.dynamicPartitionKeys(stranger, "customers")
      ];
      for (const result of await Promise.allSettled(calls)) {
        expect(result).toMatchObject({ status: "rejected", reason: expect.any(StaleAttemptError) });
      }
    }
    expect(await storage.runEvents({ runId: ref.runId, limit: 100 })).toEqual(before);
    expect((await storage.getRun(ref.runId))?.status).toBe("STARTED");
    expect(await storage.poolStates()).toEqual([]);
  });
  test("an attempt that is being canceled before it started does not start", async () => {
    const { storage, worker } = harness();
    const ref = await claimed();
    await storage.cancelRun(ref.runId, { force: false, cause: "x" });
    await expect(worker.startRun(ref)).rejects.toThrow(StaleAttemptError);
  });
  test("a repeated batch is accepted once, one joined with newer events for its new part, a gap is a conflict", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const events = ["a", "b", "c", "d", "e"].map((key) => start(key));
    await worker.appendEvents(ref, 1, events.slice(0, 2));
    await worker.appendEvents(ref, 1, events.slice(0, 2));
    await worker.appendEvents(ref, 2, events.slice(1, 4));
    await worker.appendEvents(ref, 1, events.slice(0, 1));
    await worker.appendEvents(ref, 5, []);
    const gap = worker.appendEvents(ref, 6, events.slice(4));
    await expect(gap).rejects.toMatchObject({ fault: "conflict" });
    await expect(gap).rejects.not.toBeInstanceOf(StaleAttemptError);
    await expect(worker.appendEvents(ref, 0, events)).rejects.toMatchObject({ fault: "permanent" });
    const stored = await storage.runEvents({ runId: ref.runId, limit: 100, types: ["STEP_START"] });
    expect(stored.map(({ stepKey }) => stepKey)).toEqual(["a", "b", "c", "d"]);
    expect((await worker.startRun(ref)).lastSeq).toBe(4);
  });
  test("the same batch sent many times at once is stored once", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    await Promise.all(Array.from({ length: 8 }, () => worker.appendEvents(ref, 1, [start("a"), start("b")])));
    expect(await storage.runEvents({ runId: ref.runId, limit: 9, types: ["STEP_START"] })).toHaveLength(2);
  });
  test("a batch with a bad event is refused as a whole", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const bad = { ...start("b"), timestamp: "noon" };
    await expect(worker.appendEvents(ref, 1, [start("a"), bad])).rejects.toMatchObject({
      fault: "permanent"
    });
    await expect(worker.appendEvents(ref, 1, [start("a"), anEvent("RUN_SUCCESS", {})])).rejects.toMatchObject(
      {
        fault: "permanent"
      }
    );
    expect((await worker.startRun(ref)).lastSeq).toBe(0);
    expect(
      await storage.runEvents({ runId: ref.runId, limit: 9, types: ["STEP_START", "RUN_SUCCESS"] })
    ).toEqual([]);
  });
  test("a run is finished once; its worker may say so again, but nothing else", async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const failure = { status: "FAILURE", failureReason: "STEP_FAILURE", cause: "a \0 failed" };
    await worker.finishRun(ref, failure);
    await worker.finishRun(ref, failure);
    await expect(worker.finishRun(ref, SUCCESS)).rejects.toThrow(StaleAttemptError);
    await expect(worker.appendEvents(ref, 1, [start("a")])).rejects.toThrow(StaleAttemptError);
    await expect(worker.startRun(ref)).rejects.toThrow(StaleAttemptError);
    expect(await storage.getRun(ref.runId)).toMatchObject({
      status: "FAILURE",
      cause: "a \uFFFD failed",
      endedAt: expect.any(Number),
      tags: { "dagster/failure_reason": "STEP_FAILURE" }
    });
    const ends = await storage.runEvents({
      runId: ref.runId,
      limit: 99,
      types: ["RUN_FAILURE", "RUN_SUCCESS"]
    });
    expect(ends).toHaveLength(1);
    const kinds = (await storage.takeOutbox(9, 60)).map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe("dequeue");
  });
  test("a second attempt knows what the first one finished, with mapping keys, tries and data versions", async () => {
    const { storage, worker } = harness();
    const source = { kind: "asset", stepKey: null };
    const steps = [
      aStep({
        key: "fan",
        inputs: [
          {
            name: "u",
            sources: [
              { ...source, asset: "up" },
              { ...source, asset: "own" }
            ]
          }
        ]
      }),
      aStep({ key: "each[?]", dependsOn: ["fan"], mappedOver: { stepKey: "fan", output: "parts" } }),
      aStep({ key: "fails", assets: ["own"] }),
      aStep({ key: "after", dependsOn: ["fails"] }),
      aStep({ key: "choice" }),
      aStep({ key: "unchosen", dependsOn: ["choice"] })
    ];
    await storage.appendSystemEvents(null, [
      aMaterialization("up", void 0, "v7"),
      aMaterialization("own", void 0, "v1")
    ]);
    const ref = await aStartedRun(storage, worker, aRun({ steps }));
    await worker.appendEvents(ref, 1, [
      start("fan"),
      output("fan", "parts", "x"),
      output("fan", "parts", "y"),
      output("fan", "rest"),
      success("fan"),
      start("each[x]"),
      success("each[x]"),
      start("each[y]"),
      start("fails", 1),
      anEvent("STEP_RESTARTED", {}, { stepKey: "fails", tryNumber: 2 }),
      anEvent("STEP_FAILURE", { error: { name: "E", message: "m" } }, { stepKey: "fails" }),
      skipped("after"),
      start("choice"),
      success("choice"),
      skipped("unchosen")
    ]);
    await storage.finalizeAttempt(ref.runId, 1, { kind: "resume", cause: "the worker was lost" });
    await claimAll(storage);
    const assignment = await worker.startRun(await launch(storage, ref.runId, 2));
    const completed = [...assignment.completedSteps].sort((a, b) => a.stepKey.localeCompare(b.stepKey));
    expect(completed).toEqual([
      { stepKey: "choice", status: "SUCCESS", mappingKeys: {}, outputs: [] },
      { stepKey: "each[x]", status: "SUCCESS", mappingKeys: {}, outputs: [] },
      { stepKey: "fan", status: "SUCCESS", mappingKeys: { parts: ["x", "y"] }, outputs: ["parts", "rest"] },
      { stepKey: "unchosen", status: "SKIPPED", mappingKeys: {}, outputs: [] }
    ]);
    expect(assignment.triesByStep).toEqual({ fan: 1, "each[x]": 1, "each[y]": 1, fails: 2, choice: 1 });
    expect(assignment.inputDataVersions).toEqual({ up: "v7" });
    expect(assignment.lastSeq).toBe(0);
  });
  test("a run that resumes from failure knows what its parents finished; another re-execution does not", async () => {
    const { storage, worker } = harness();
    const steps = ["a", "b", "c"].map((key) => aStep({ key }));
    const grandparent = aRun({ steps });
    const resume = { "dagster/is_resume_retry": "true" };
    const parent = aRun({ steps, parentRunId: grandparent.runId, tags: resume });
    for (const [run, step] of [
      [grandparent, "a"],
      [parent, "b"]
    ]) {
      const ref = await aStartedRun(storage, worker, run);
      await worker.appendEvents(ref, 1, [start(step), success(step)]);
      await worker.finishRun(ref, { status: "FAILURE", failureReason: "STEP_FAILURE", cause: "c failed" });
    }
    const completedBy = async (tags) => {
      const ref = await claimed(aRun({ steps, parentRunId: parent.runId, tags }));
      return (await worker.startRun(ref)).completedSteps.map(({ stepKey }) => stepKey).sort();
    };
    expect(await completedBy(resume)).toEqual(["a", "b"]);
    expect(await completedBy({})).toEqual([]);
  });
  test("pool slots are never more than the limit, reach it, and end with the run or the attempt", async () => {
    const { storage, worker } = harness();
    await storage.setPoolLimit("db", 3);
    const refs = [];
    for (let i = 0; i < 4; i += 1) refs.push(await aStartedRun(storage, worker));
    const [a, b, c, d] = refs;
    if (a === void 0 || b === void 0 || c === void 0 || d === void 0)
      throw new Error("unreachable");
    const race = await Promise.all(
      [a, b, c, d].flatMap((ref) => ["s1", "s2"].map((step) => worker.claimPoolSlot(ref, "db", step)))
    );
    const held = race.filter((claim) => claim.held);
    expect(held).toHaveLength(3);
    const [state2] = await storage.poolStates();
    expect(state2).toMatchObject({ pool: "db", limit: 3 });
    const waiting = race.find((claim) => !claim.held);
    expect(waiting).toMatchObject({
      limit: 3,
      holders: expect.arrayContaining([expect.stringContaining(":s")])
    });
    const holder = refs.find(({ runId }) => runId === state2?.holders[0]?.runId) ?? a;
    const freed = state2?.holders.filter(({ runId }) => runId === holder.runId).length ?? 0;
    expect(await worker.claimPoolSlot(holder, "db", state2?.holders[0]?.stepKey ?? "")).toEqual({
      held: true
    });
    await storage.finalizeAttempt(holder.runId, 1, { kind: "resume", cause: "the worker was lost" });
    expect((await storage.poolStates())[0]?.holders).toHaveLength(3 - freed);
    const survivor = refs.find(({ runId }) => runId !== holder.runId) ?? b;
    expect((await worker.claimPoolSlot(survivor, "db", "late", -1)).held).toBe(false);
    for (let i = 0; i < freed; i += 1) {
      expect(await worker.claimPoolSlot(survivor, "db", `more${i}`, 9)).toEqual({ held: true });
    }
    expect((await worker.claimPoolSlot(survivor, "db", "too many")).held).toBe(false);
    await worker.releasePoolSlot(survivor, "db", "more0");
    await worker.releasePoolSlot(survivor, "db", "more0");
    expect((await worker.claimPoolSlot(survivor, "db", "fits", 9)).held).toBe(true);
    await storage.setPoolLimit("db", null);
    expect((await worker.claimPoolSlot(survivor, "db", "any")).held).toBe(true);
  });
  test("dynamic partitions are those of the run's own location", async () => {
    const { storage, worker } = harness();
    await storage.changeDynamicPartitions("shop", "add", "customers", ["b", "a"]);
    await storage.changeDynamicPartitions("bank", "add", "customers", ["z"]);
    const ref = await aStartedRun(storage, worker);
    expect(await worker.dynamicPartitionKeys(ref, "customers")).toEqual(["b", "a"]);
    expect(await worker.dynamicPartitionKeys(ref, "none")).toEqual([]);
  });
}

// <stdin>
var LEVEL = 14;
export {
  LEVEL,
  createPostgresStorage,
  createPostgresWorkerStorage,
  storageContract,
  workerStorageContract
};
