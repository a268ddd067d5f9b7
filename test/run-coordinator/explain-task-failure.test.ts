import { explainTaskFailure } from '../../lib/run-coordinator/explain-task-failure';

const task = (more: object): string =>
  JSON.stringify({
    StopCode: 'EssentialContainerExited',
    StoppedReason: 'Essential container in task exited',
    Memory: '2048',
    Containers: [{ Name: 'worker', ExitCode: 1 }],
    ...more,
  });

test.each([
  ['an exit code', task({}), /^its task exited with code 1$/],
  [
    'memory',
    task({
      Containers: [{ ExitCode: 137, Reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    }),
    /^out of memory, its task has 2048 MB: raise memory of its location .* tag headrace\/memory/,
  ],
  ['Spot', task({ StopCode: 'SpotInterruption', Containers: [{ ExitCode: 143 }] }), /^its Spot capacity/],
  [
    'an image',
    task({
      StopCode: 'TaskFailedToStart',
      StoppedReason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found',
      Containers: [{ Name: 'worker' }],
    }),
    /^its image could not be pulled: pull image manifest/,
  ],
  [
    'a secret',
    task({
      StopCode: 'TaskFailedToStart',
      StoppedReason: 'ResourceInitializationError: unable to pull secrets or registry auth: denied',
      Containers: [{ Name: 'worker' }],
    }),
    /^a secret, log group or network .*unable to pull secrets or registry auth: denied/,
  ],
  [
    'a stop',
    task({
      StopCode: 'UserInitiated',
      StoppedReason: 'attempt r-1 is to end',
      Containers: [{ ExitCode: 143 }],
    }),
    /^its task was told to stop: attempt r-1 is to end$/,
  ],
  ['a kill', task({ Containers: [{ ExitCode: 137 }] }), /^its task was killed \(SIGKILL\)/],
  [
    'a container that never ran',
    task({ Containers: [{ Name: 'worker' }] }),
    /^its task stopped before it ran: Essential/,
  ],
])('A task that failed by %s says so', (_, cause, words) => {
  expect(explainTaskFailure('States.TaskFailed', cause)).toMatch(words);
});

test.each([
  [
    'its own words',
    { errorType: 'ExecutionError', errorMessage: 'interrupted: told' },
    /^interrupted: told$/,
  ],
  [
    'memory',
    {
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed',
    },
    /^out of memory on Lambda/,
  ],
  [
    'time',
    {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: 1 Error: Task timed out after 900.00 seconds',
    },
    /Task timed out after 900.00 seconds\. Runs .* Fargate$/,
  ],
])('A function that failed by %s says so', (_, cause, words) => {
  expect(explainTaskFailure('Lambda.Unknown', JSON.stringify(cause))).toMatch(words);
});

test('Anything else is told as it is', () => {
  expect(explainTaskFailure('States.TaskFailed', 'exit 1')).toBe('exit 1');
  expect(explainTaskFailure('ECS.AccessDeniedException', 'not allowed')).toBe(
    'ECS.AccessDeniedException: not allowed',
  );
  expect(explainTaskFailure('States.Timeout', '[]')).toBe('States.Timeout: []');
});
