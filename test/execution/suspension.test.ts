import { initialRunState } from '../../lib/execution/run-executor';
import { toSuspendedState, withSuspendedState } from '../../lib/execution/suspended-state';
import type { PlannedStep } from '../../lib/model/execution-plan';
import { ManualClock } from '../support/manual-clock';
import { assignment, step } from './support/definitions';
import { execute } from './support/execute';
import { inMemoryHost } from './support/in-memory-host';

const failing = {
  run: (): number => {
    throw new Error('not yet');
  },
};
const retried = (key: string, delaySeconds: number, over: Partial<PlannedStep> = {}) =>
  step(key, { op: 'failing', retryPolicy: { maxRetries: 1, delaySeconds }, ...over });

/** Executes with a clock that stands still unless moved. */
function begin(
  steps: readonly PlannedStep[],
  ops: Record<string, { run: (...args: never[]) => unknown }> = {},
  options: {
    readonly tags?: Record<string, string>;
    readonly canSuspend?: boolean;
    readonly signal?: AbortSignal;
  } = {},
) {
  const clock = new ManualClock();
  const host = inMemoryHost({ clock, canSuspend: options.canSuspend ?? true });
  const executed = execute({ ops: { failing, ...ops } } as never, steps, {
    host,
    ...(options.tags === undefined ? {} : { run: { tags: options.tags } }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { clock, host, executed };
}

test('a run whose only step waits for over a minute is suspended until the step is due', async () => {
  const { clock, executed } = begin([retried('a', 90), step('b', { op: 'failing', dependsOn: ['a'] })]);
  const { end } = await executed;
  expect(end).toEqual({
    kind: 'suspended',
    resumeAt: clock.now() + 90_000,
    cause: expect.stringMatching(/^waiting until 2026.*for the next try of step "a"; no process is kept$/),
  });
  expect(clock.sleeping).toBe(0);
});

test('a short wait, or a host that cannot suspend, keeps the process', async () => {
  for (const [seconds, canSuspend] of [
    [59, true],
    [600, false],
  ] as const) {
    const { clock, executed } = begin([retried('a', seconds)], {}, { canSuspend });
    await clock.advance(seconds * 1_000);
    expect((await executed).end).toMatchObject({ kind: 'finished', outcome: { status: 'FAILURE' } });
  }
});

test('the tag of a run lowers the threshold', async () => {
  const { executed } = begin([retried('a', 5)], {}, { tags: { 'headrace/suspend_after': '5' } });
  expect((await executed).end.kind).toBe('suspended');
});

test('while another step works nothing is suspended; when it has ended, the first wait that is long decides', async () => {
  const slow = Promise.withResolvers<number>();
  const { clock, executed } = begin(
    [retried('long', 600), retried('longer', 900), step('slow')],
    { slow: { run: () => slow.promise } },
    { tags: {} },
  );
  await clock.advance(100_000);
  slow.resolve(1);
  const { end, host } = await executed;
  expect(end).toMatchObject({ kind: 'suspended', resumeAt: expect.any(Number) });
  expect(end.kind === 'suspended' && end.resumeAt - clock.now()).toBe(500_000);
  expect(end.kind === 'suspended' && end.cause).toContain('and 1 more steps wait longer');
  expect(host.events.some(({ type, stepKey }) => type === 'STEP_SUCCESS' && stepKey === 'slow')).toBe(true);
});

test('a wait that is nearly over is waited for, though another one is long', async () => {
  const slow = Promise.withResolvers<number>();
  const { clock, executed } = begin([retried('nearly', 120), retried('long', 900), step('slow')], {
    slow: { run: () => slow.promise },
  });
  await clock.advance(100_000);
  slow.resolve(1);
  await clock.advance(20_000);
  const { end } = await executed;
  expect(end.kind === 'suspended' && end.resumeAt - clock.now()).toBe(780_000);
});

test('a cancellation during the wait of another step is a cancellation', async () => {
  const abort = new AbortController();
  const { clock, executed } = begin([retried('a', 59)], {}, { signal: abort.signal });
  await clock.advance(1_000);
  abort.abort(new Error('Canceled by ada.'));
  expect((await executed).end).toMatchObject({ kind: 'finished', outcome: { status: 'CANCELED' } });
});

test('what the next attempt has to know comes back as it was, with the time that has passed taken off', () => {
  const initial = {
    ...initialRunState(assignment([step('a'), step('b'), step('c')])),
    failed: { b: 'no' },
    retriesUsed: { a: 2 },
    secondsToWait: { a: 90 },
    failedBlockingChecks: ['x:rows'],
    reportedNotExecuted: ['c'],
  };
  const stored = JSON.parse(JSON.stringify(toSuspendedState(initial, 1_000)));
  const fresh = initialRunState(assignment([step('a'), step('b'), step('c')]));
  expect(withSuspendedState(fresh, stored, 61_000)).toEqual({ ...initial, secondsToWait: { a: 30 } });
  expect(withSuspendedState(fresh, stored, 999_000).secondsToWait).toEqual({ a: 0 });
  expect(withSuspendedState(fresh, null, 0)).toBe(fresh);
});
