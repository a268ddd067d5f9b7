import { type AttemptEnd, decideFinalization } from '../../lib/engine/decide-finalization';
import { chooseLauncher, executionInput } from '../../lib/engine/execution-input';
import { decideRunRetry } from '../../lib/engine/retry-run';
import type { RunStatus } from '../../lib/model/run-status';
import { RUN_STATUSES } from '../../lib/model/run-status';
import { maxRuntimeSeconds } from '../../lib/model/tags';
import { someSettings } from './support/test-instance';

const withResumes = (maxResumeRunAttempts: number) =>
  someSettings({ runMonitoring: { ...someSettings().runMonitoring, maxResumeRunAttempts } });
const failed = (error = 'States.TaskFailed'): AttemptEnd => ({
  kind: 'task-failed',
  error,
  cause: 'exit code 137',
});
const TOO_LONG = { kind: 'fail', reason: 'MAX_RUNTIME_EXCEEDED', cause: 'Exceeded maximum runtime of 60 s.' };
const ENDS: readonly AttemptEnd[] = [
  { kind: 'exited' },
  failed(),
  { kind: 'launch-refused', cause: 'denied' },
  { kind: 'canceled' },
  { kind: 'start-timeout' },
  { kind: 'heartbeat-lost' },
  { kind: 'cancel-timeout' },
  { kind: 'max-runtime' },
];

describe('what becomes of a run whose worker has ended', () => {
  it.each<[RunStatus, number, AttemptEnd, number, unknown]>([
    // An attempt that never started is launched again, although resuming is off.
    ['STARTING', 1, failed(), 0, { kind: 'resume' }],
    ['STARTING', 2, { kind: 'start-timeout' }, 0, { kind: 'resume' }],
    ['STARTING', 3, { kind: 'start-timeout' }, 0, { kind: 'fail', reason: 'START_TIMEOUT' }],
    ['STARTING', 3, failed(), 0, { kind: 'fail', reason: 'JOB_INITIALIZATION_FAILURE' }],
    ['STARTING', 3, failed(), 5, { kind: 'resume' }],
    ['STARTING', 1, { kind: 'exited' }, 0, { kind: 'resume' }],
    [
      'STARTING',
      1,
      { kind: 'launch-refused', cause: 'x' },
      9,
      { kind: 'fail', reason: 'JOB_INITIALIZATION_FAILURE' },
    ],
    // A lost worker is replaced as often as the settings say.
    ['STARTED', 1, failed(), 0, { kind: 'fail', reason: 'UNEXPECTED_TERMINATION' }],
    ['STARTED', 1, failed(), 1, { kind: 'resume' }],
    ['STARTED', 1, { kind: 'heartbeat-lost' }, 1, { kind: 'resume' }],
    ['STARTED', 2, { kind: 'heartbeat-lost' }, 1, { kind: 'fail', reason: 'RUN_WORKER_RESTART' }],
    // A run that took too long is not resumed.
    ['STARTED', 1, failed('States.Timeout'), 9, TOO_LONG],
    ['STARTED', 1, { kind: 'max-runtime' }, 9, TOO_LONG],
    // Its heartbeat decides about a run whose task ended well.
    ['STARTED', 1, { kind: 'exited' }, 9, null],
    ['STARTED', 1, { kind: 'canceled' }, 9, null],
  ])('%s, attempt %i, %j, %i resumes', (status, attempt, end, resumes, expected) => {
    const run = { status, attempt, tags: { 'dagster/max_runtime': '60' }, cause: null };
    const decision = decideFinalization(run, attempt, end, withResumes(resumes));
    if (expected === null) expect(decision).toBeNull();
    else expect(decision).toMatchObject(expected as object);
  });

  it('is CANCELED for a canceling run, whatever ended the worker', () => {
    for (const end of ENDS) {
      const run = { status: 'CANCELING', attempt: 1, tags: {}, cause: null } as const;
      expect(decideFinalization(run, 1, end, withResumes(9))?.kind).toBe('cancel');
    }
  });

  it('keeps who canceled, and says when the worker had to be ended', () => {
    const run = { status: 'CANCELING', attempt: 1, tags: {}, cause: 'Canceled by ann.' } as const;
    const causeOf = (end: AttemptEnd) => decideFinalization(run, 1, end, withResumes(0))?.cause;
    expect(causeOf({ kind: 'canceled' })).toBe('Canceled by ann.');
    expect(causeOf({ kind: 'cancel-timeout' })).toBe(
      'Canceled by ann. The worker did not stop within 180 s and was ended.',
    );
  });

  it('is nothing for a run that ended, waits, or has a newer attempt', () => {
    for (const end of ENDS) {
      for (const status of RUN_STATUSES) {
        const run = { status, attempt: 2, tags: {}, cause: null };
        expect(decideFinalization(run, 1, end, withResumes(9))).toBeNull();
        if (['STARTING', 'STARTED', 'CANCELING'].includes(status)) continue;
        expect(decideFinalization(run, 2, end, withResumes(9))).toBeNull();
      }
    }
  });

  it('says why in words, with what the launcher said', () => {
    const run = { status: 'STARTED', attempt: 1, tags: {}, cause: null } as const;
    expect(decideFinalization(run, 1, failed(), withResumes(0))?.cause).toBe(
      'Run failed: the worker was lost: exit code 137 (attempt 1).',
    );
  });
});

describe('run retries', () => {
  const settings = (maxRetries: number, retryOnAssetOrOpFailure = true) =>
    someSettings({ runRetries: { maxRetries, retryOnAssetOrOpFailure } });
  const run = (tags: Record<string, string>, status: RunStatus = 'FAILURE') => ({ status, tags });

  it.each([
    [{}, 1, 0, null],
    [{}, 1, 2, { strategy: 'FROM_FAILURE', retryNumber: 1 }],
    [{}, 2, 2, { strategy: 'FROM_FAILURE', retryNumber: 2 }],
    [{}, 3, 2, null],
    [{ 'dagster/max_retries': '1' }, 1, 0, { strategy: 'FROM_FAILURE', retryNumber: 1 }],
    [{ 'dagster/max_retries': '0' }, 1, 5, null],
    [{ 'dagster/max_retries': 'many' }, 1, 5, null],
    [
      { 'dagster/retry_strategy': 'FROM_ASSET_FAILURE' },
      1,
      1,
      { strategy: 'FROM_ASSET_FAILURE', retryNumber: 1 },
    ],
    [{ 'dagster/retry_strategy': 'by hand' }, 1, 1, { strategy: 'FROM_FAILURE', retryNumber: 1 }],
    [{ 'dagster/retry_strategy': 'ALL_STEPS' }, 1, 1, { strategy: 'ALL_STEPS', retryNumber: 1 }],
  ])('with tags %j, %i runs in the family and %i retries in the settings: %j', (tags, size, max, expected) => {
    expect(decideRunRetry(run(tags as Record<string, string>), size, settings(max))).toEqual(expected);
  });

  it('are made of failed runs only, and of failed steps only where that is wanted', () => {
    expect(decideRunRetry(run({}, 'CANCELED'), 1, settings(3))).toBeNull();
    const stepFailed = run({ 'dagster/failure_reason': 'STEP_FAILURE' });
    expect(decideRunRetry(stepFailed, 1, settings(3, false))).toBeNull();
    const tagged = (wanted: string) =>
      run({ 'dagster/failure_reason': 'STEP_FAILURE', 'dagster/retry_on_asset_or_op_failure': wanted });
    expect(decideRunRetry(tagged('false'), 1, settings(3, true))).toBeNull();
    expect(decideRunRetry(tagged('true'), 1, settings(3, false))).not.toBeNull();
    expect(
      decideRunRetry(run({ 'dagster/failure_reason': 'START_TIMEOUT' }), 1, settings(3, false)),
    ).not.toBeNull();
  });
});

describe('the launcher of a run', () => {
  const launch = (mode: 'fargate' | 'lambda' | 'auto') =>
    someSettings({ runLauncher: { ...someSettings().runLauncher, default: mode } });

  it.each([
    ['fargate', { 'dagster/max_runtime': '60' }, 'fargate'],
    ['auto', { 'dagster/max_runtime': '60' }, 'lambda'],
    ['auto', { 'dagster/max_runtime': '900' }, 'fargate'],
    ['auto', {}, 'fargate'],
    ['lambda', {}, 'lambda'],
    ['lambda', { 'dagster/max_runtime': '900' }, 'fargate'],
    ['lambda', { 'dagster/isolation': 'process' }, 'fargate'],
    ['fargate', { 'headrace/launcher': 'lambda' }, 'lambda'],
    ['fargate', { 'headrace/launcher': 'lambda', 'dagster/max_runtime': '900' }, 'fargate'],
    ['lambda', { 'headrace/launcher': 'fargate' }, 'fargate'],
  ] as const)('is by default %s with %j: %s', (mode, tags, expected) => {
    expect(chooseLauncher({ location: 'raw', tags }, launch(mode))).toBe(expected);
  });

  it('takes only a positive number for a maximum runtime, and a year where there is none', () => {
    expect(maxRuntimeSeconds({ 'dagster/max_runtime': '90.5' })).toBe(90.5);
    expect(maxRuntimeSeconds({ 'dagster/max_runtime_seconds': '7' })).toBe(7);
    expect(maxRuntimeSeconds({ 'dagster/max_runtime': '5', 'dagster/max_runtime_seconds': '7' })).toBe(5);
    expect(['0', '-1', 'soon'].map((value) => maxRuntimeSeconds({ 'dagster/max_runtime': value }))).toEqual([
      null,
      null,
      null,
    ]);
    const run = { runId: 'r', attempt: 1, location: 'l', bundleHash: 'h', tags: {} };
    expect(executionInput(run as never, launch('fargate')).maxRuntimeSeconds).toBeGreaterThan(
      360 * 24 * 3600,
    );
  });
});
