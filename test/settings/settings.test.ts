import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultInstanceSettings } from '../../lib/settings/instance-settings';
import { loadInstanceSettings, loadWorkspaceSettings } from '../../lib/settings/load-settings';
import { SettingsError } from '../../lib/settings/settings-error';

const ROOT = join(import.meta.dirname, '../..');
const SECRET = 'hunter2-is-secret';
const environment = (name: string): string | undefined =>
  ({ MAX_RUNS: '7', PASSWORD: SECRET, ENABLED: 'true' })[name];
const instance = (text: string) => loadInstanceSettings({ file: 'headrace.yaml', text, environment });
const workspace = (text: string) => loadWorkspaceSettings({ file: 'workspace.yaml', text, environment });
const failure = (run: () => unknown): SettingsError => {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('headrace.yaml', () => {
  it('has the defaults of Dagster when it is empty', () => {
    expect(instance('')).toEqual(defaultInstanceSettings());
    expect(instance('').computeLogs).toEqual({ enabled: true, purgeAfterDays: 90 });
    expect(instance('compute_logs: {purge_after_days: -1}').computeLogs.purgeAfterDays).toBeNull();
    expect(() => instance('compute_logs: {purge_after_days: 0}')).toThrow(/at least 1/);
    expect(instance('')).toMatchObject({
      runQueue: { maxConcurrentRuns: 10, tagConcurrencyLimits: [] },
      runRetries: { maxRetries: 0, retryOnAssetOrOpFailure: true },
      runMonitoring: { startTimeout: 180, cancelTimeout: 180, maxRuntime: 0, maxResumeRunAttempts: 0 },
      schedules: { maxCatchupRuns: 5, maxTickRetries: 0, timeout: 60 },
      sensors: { timeout: 60 },
      codeServers: { localStartupTimeout: 180, reloadTimeout: 180 },
    });
  });

  it.each([
    'concurrency: {runs: {max_concurrent_runs: 3, tag_concurrency_limits: [{key: team, limit: 1}]}}',
    'run_queue: {max_concurrent_runs: 3, tag_concurrency_limits: [{key: team, limit: 1}]}',
  ])('takes both spellings of the run queue: %s', (text) => {
    expect(instance(text).runQueue).toEqual({
      maxConcurrentRuns: 3,
      tagConcurrencyLimits: [{ key: 'team', limit: 1 }],
      poolGranularity: 'op',
      opGranularityRunBuffer: 0,
    });
  });

  test.each([
    ['concurrency: *limits\n', /^headrace\.yaml cannot be used:\n.*Unresolved alias .*limits$/],
    [
      `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\n`,
      /^headrace\.yaml cannot be used:\n.*Excessive alias count/,
    ],
  ])('aliases that cannot be followed are an error of the file, not of the program', (text, expected) => {
    expect(() => instance(text)).toThrow(expect.objectContaining({ name: 'SettingsError' }));
    expect(() => instance(text)).toThrow(expected);
  });

  test('pools are held by steps, or by whole runs where it says so', () => {
    expect(instance('concurrency: {pools: {granularity: run}}').runQueue.poolGranularity).toBe('run');
    expect(() => instance('concurrency: {pools: {granularity: step}}')).toThrow('granularity');
  });

  test('takes the buffer of runs by both of its names, once, and for steps only', () => {
    const buffer = (text: string) => instance(text).runQueue.opGranularityRunBuffer;
    const older = 'run_queue: {block_op_concurrency_limited_runs:';
    expect(buffer('')).toBe(0);
    expect(buffer('concurrency: {pools: {op_granularity_run_buffer: 2}}')).toBe(2);
    expect(buffer(`${older} {op_concurrency_slot_buffer: 3}}`)).toBe(3);
    expect(buffer(`${older} {enabled: false}}`)).toBeGreaterThan(100_000);
    expect(() =>
      buffer(
        `${older} {op_concurrency_slot_buffer: 3}}\nconcurrency: {pools: {op_granularity_run_buffer: 2}}`,
      ),
    ).toThrow('keep one of the two');
    expect(() => buffer('concurrency: {pools: {granularity: run, op_granularity_run_buffer: 2}}')).toThrow(
      'remove it, or set granularity: op',
    );
  });

  test('retention of backfills and, by either of its names, of automation', () => {
    expect(instance('').retention).toMatchObject({
      backfillsPurgeAfterDays: null,
      automationPurgeAfterDays: 30,
    });
    const own = 'retention: {backfills: {purge_after_days: 90}, automation: {purge_after_days: 5}}';
    expect(instance(own).retention).toMatchObject({
      backfillsPurgeAfterDays: 90,
      automationPurgeAfterDays: 5,
    });
    const dagsters = 'retention: {auto_materialize: {purge_after_days: 5}';
    expect(instance(`${dagsters}}`).retention.automationPurgeAfterDays).toBe(5);
    expect(() => instance(`${dagsters}, automation: {purge_after_days: 6}}`)).toThrow('keep one of the two');
    expect(() => instance('retention: {auto_materialize: {purge_after_days: {skipped: 7}}}')).toThrow(
      'ticks of automation sensors go by retention.sensor',
    );
    expect(() => instance('retention: {auto_materialize: {purge_after_days: -2}}')).toThrow(
      'purge_after_days',
    );
  });

  it('keeps ticks as long as it is told, one number for all or one for each end', () => {
    const keep = { SKIPPED: null, SUCCESS: null, FAILURE: null, STARTED: null };
    const ticks = (text: string) => instance(text).retention.ticksPurgeAfterDays;
    expect(ticks('')).toEqual({ schedule: keep, sensor: { ...keep, SKIPPED: 7 } });
    expect(ticks('retention: {schedule: {purge_after_days: 3}, sensor: {purge_after_days: -1}}')).toEqual({
      schedule: { SKIPPED: 3, SUCCESS: 3, FAILURE: 3, STARTED: 3 },
      sensor: keep,
    });
    expect(
      ticks('retention: {sensor: {purge_after_days: {success: 0, failure: 9, skipped: -1}}}').sensor,
    ).toEqual({
      ...keep,
      SUCCESS: 0,
      FAILURE: 9,
    });
    expect(failure(() => instance('retention: {sensor: {purge_after_days: {skiped: 1}}}')).message).toContain(
      'skiped',
    );
  });

  it('refuses both spellings at once', () => {
    const error = failure(() =>
      instance('run_queue:\n  max_concurrent_runs: 3\nconcurrency:\n  runs:\n    max_concurrent_runs: 4\n'),
    );
    expect(error.problems).toEqual([
      { path: 'run_queue.max_concurrent_runs', line: 2, message: expect.stringContaining('keep one') },
    ]);
  });

  it('names unknown keys with their line and what may have been meant', () => {
    const error = failure(() =>
      instance('# comment\nconcurrency:\n  runs:\n    max_concurent_runs: 5\nrun_retry: {}\n'),
    );
    expect(error.message).toContain(
      "headrace.yaml:4: concurrency.runs.max_concurent_runs: is not a setting. Did you mean 'max_concurrent_runs'?",
    );
    expect(error.message).toContain(
      "headrace.yaml:5: run_retry: is not a setting. Did you mean 'run_retries'?",
    );
  });

  it('shows a wrong value and its line', () => {
    const error = failure(() => instance('schedules:\n  max_catchup_runs: many\n'));
    expect(error.problems).toMatchObject([{ path: 'schedules.max_catchup_runs', line: 2 }]);
    expect(error.message).toContain('"many"');
  });

  it.each([
    ['run_queue: {max_concurrent_runs: -2}', 'run_queue.max_concurrent_runs'],
    ['concurrency: {pools: {default_limit: 1001}}', 'concurrency.pools.default_limit'],
    ['dev: {main_job: [{location: a}]}', 'dev.main_job.0.job'],
    ['dev: {main_job: [[{location: a, jobb: b, job: c}]]}', 'dev.main_job.0.0.jobb'],
  ])('refuses %s at %s', (text, path) => {
    expect(failure(() => instance(text)).problems.map((problem) => problem.path)).toEqual([path]);
  });

  it('takes values from the environment, with the type they would have in the file', () => {
    const text =
      'run_queue: {max_concurrent_runs: {env: MAX_RUNS}}\nrun_retries: {enabled: {env: ENABLED}, max_retries: 2}';
    expect(instance(text)).toMatchObject({
      runQueue: { maxConcurrentRuns: 7 },
      runRetries: { maxRetries: 2 },
    });
  });

  it('names a variable that is not set, and never shows the value of one that is', () => {
    const unset = failure(() => instance('run_queue:\n  max_concurrent_runs: {env: NOT_SET}\n'));
    expect(unset.problems).toContainEqual({
      path: 'run_queue.max_concurrent_runs',
      line: 2,
      message: expect.stringContaining('NOT_SET is not set'),
    });
    const secret = failure(() => instance('run_queue: {max_concurrent_runs: {env: PASSWORD}}'));
    expect(secret.message).toContain('run_queue.max_concurrent_runs');
    expect(`${secret.message}${JSON.stringify(secret.problems)}`).not.toContain(SECRET);
  });

  it('says where the YAML itself is broken', () => {
    const error = failure(() => instance('concurrency:\n  runs: [\n'));
    expect(error.problems[0]?.line).toBeGreaterThanOrEqual(2);
  });

  it('reads one job or several as a stage of the main job', () => {
    const text = 'dev: {main_job: [{location: a, job: b}, [{location: c, job: d}, {location: e, job: f}]]}';
    expect(instance(text).dev.mainJob.map((stage) => stage.map(({ job }) => job))).toEqual([
      ['b'],
      ['d', 'f'],
    ]);
  });
});

describe('workspace.yaml', () => {
  it('reads code locations; a folder means its index.ts', () => {
    expect(
      workspace('code_locations: [{name: a, path: a/}, {name: b, entry: b/main.ts, files: [dbt]}]'),
    ).toMatchObject({
      codeLocations: [
        { name: 'a', entry: 'a/index.ts', files: [], image: null },
        { name: 'b', entry: 'b/main.ts', files: ['dbt'], image: null },
      ],
    });
  });

  it.each([
    ['code_locations: [{name: a}]', 'code_locations.0.entry'],
    ['code_locations: [{name: a, entry: x.ts, path: y}]', 'code_locations.0.path'],
    ['code_locations: [{name: a, path: x}, {name: a, path: y}]', 'code_locations.1.name'],
    ['code_locations: [{name: "a b", path: x}]', 'code_locations.0.name'],
    ['code_locations: [{name: a, pth: x}]', 'code_locations.0.pth'],
    ['', 'code_locations'],
  ])('refuses %j at %s', (text, path) => {
    expect(failure(() => workspace(text)).problems.map((problem) => problem.path)).toContain(path);
  });
});

it("reads the project's own files", () => {
  const settings = instance(readFileSync(join(ROOT, 'headrace.yaml'), 'utf8'));
  const { codeLocations } = workspace(readFileSync(join(ROOT, 'workspace.yaml'), 'utf8'));
  const names = codeLocations.map(({ name }) => name);
  expect(names).toEqual(['orchestration', 'orchestration-dbt']);
  for (const { location } of settings.dev.mainJob.flat()) expect(names).toContain(location);
});
