import fc from 'fast-check';
import {
  AslDefinitionError,
  readAslDefinition,
} from '../../../lib/adapters/local/asl-interpreter/asl-definition';
import { AslError } from '../../../lib/adapters/local/asl-interpreter/asl-error';
import {
  type ExecutionSnapshot,
  type InterpreterOptions,
  interpretExecution,
  type TaskCall,
} from '../../../lib/adapters/local/asl-interpreter/interpret-execution';
import { matchesError, nextRetry } from '../../../lib/adapters/local/asl-interpreter/match-error';
import type { JsonObject, JsonValue } from '../../../lib/model/json';
import { ManualClock, settle } from '../../support/manual-clock';

const machine = (StartAt: string, States: JsonObject) =>
  readAslDefinition({ QueryLanguage: 'JSONata', StartAt, States });

interface Sketch extends Partial<InterpreterOptions> {
  readonly definition: InterpreterOptions['definition'];
  readonly input?: JsonObject;
  readonly task?: (call: TaskCall, signal: AbortSignal, count: number) => JsonValue | Promise<JsonValue>;
}

function start({ input = {}, task = () => null, ...options }: Sketch) {
  const clock = new ManualClock();
  const snapshots: ExecutionSnapshot[] = [];
  const calls: TaskCall[] = [];
  const result = interpretExecution({
    execution: { name: 'run-1', input, startedAt: clock.now() },
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    runTask: async (call, signal) => {
      calls.push(call);
      return task(call, signal, calls.length);
    },
    onWaiting: async (snapshot) => {
      snapshots.push(snapshot);
    },
    ...options,
  });
  result.catch(() => {});
  return { clock, snapshots, calls, result };
}

const task = (fields: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  ...fields,
});

describe('states', () => {
  it('passes a task its arguments and the next state its output', async () => {
    const { result, calls } = start({
      definition: machine('A', {
        A: task({
          Arguments: { id: "{% $states.input.id & '!' %}", fixed: 'x', list: ['{% 1 + 1 %}'] },
          Output: { got: '{% $states.result.value %}', from: '{% $states.input.id %}' },
          Next: 'B',
        }),
        B: { Type: 'Succeed', Output: '{% $states.input %}' },
      }),
      input: { id: 'r1' },
      task: () => ({ value: 7 }),
    });
    expect(await result).toEqual({ status: 'SUCCEEDED', output: { got: 7, from: 'r1' } });
    expect(calls[0]?.arguments).toEqual({ id: 'r1!', fixed: 'x', list: [2] });
  });

  it('hands on the result of a task without Output, and the input of a Pass', async () => {
    const definition = machine('A', { A: task({ Next: 'B' }), B: { Type: 'Pass', End: true } });
    const { result } = start({ definition, task: () => [1, 2] });
    expect(await result).toEqual({ status: 'SUCCEEDED', output: [1, 2] });
  });

  it('takes the first choice that is true, with its own Assign, and the top-level Assign only on Default', async () => {
    const definition = machine('A', {
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Assign: { size: 'big' }, Next: 'B' },
          { Condition: '{% $states.input.n > 5 %}', Assign: { size: 'medium' }, Next: 'B' },
        ],
        Assign: { size: 'small' },
        Default: 'B',
      },
      B: { Type: 'Pass', Output: '{% $size %}', End: true },
    });
    for (const [n, size] of [
      [11, 'big'],
      [6, 'medium'],
      [1, 'small'],
    ] as const) {
      expect(await start({ definition, input: { n } }).result).toEqual({ status: 'SUCCEEDED', output: size });
    }
  });

  it('fails with States.NoChoiceMatched when no choice is true and there is no Default', async () => {
    const definition = machine('A', {
      A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] },
      B: { Type: 'Succeed' },
    });
    expect(await start({ definition }).result).toMatchObject({ error: { Error: 'States.NoChoiceMatched' } });
  });

  it('sees the old values of variables in Assign and Output', async () => {
    const definition = machine('A', {
      A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
      B: { Type: 'Pass', Assign: { n: '{% $n + 1 %}', m: '{% $n %}' }, Output: '{% $n %}', Next: 'C' },
      C: { Type: 'Pass', Output: ['{% $n %}', '{% $m %}', '{% $states.input %}'], End: true },
    });
    expect(await start({ definition }).result).toEqual({ status: 'SUCCEEDED', output: [2, 1, 1] });
  });

  it('shows execution and state in the context object', async () => {
    const definition = machine('A', {
      A: {
        Type: 'Pass',
        Output:
          "{% $states.context.Execution.Name & ' ' & $states.context.State.Name & ' ' & $states.context.Execution.Input.id %}",
        End: true,
      },
    });
    expect(await start({ definition, input: { id: 'r1' } }).result).toMatchObject({ output: 'run-1 A r1' });
  });

  it('waits for as long as it says', async () => {
    const definition = machine('A', { A: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } });
    const { result, clock } = start({ definition, input: { s: 90 } });
    let ended = false;
    void result.then(() => {
      ended = true;
    });
    await clock.advance(89_999);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(ended).toBe(true);
  });

  it('ends FAILED in a Fail state', async () => {
    const definition = machine('A', { A: { Type: 'Fail', Error: 'Bad', Cause: 'for a reason' } });
    expect(await start({ definition }).result).toEqual({
      status: 'FAILED',
      error: { Error: 'Bad', Cause: 'for a reason' },
    });
  });

  it('fails with States.QueryEvaluationError on an expression that yields nothing', async () => {
    const definition = machine('A', { A: { Type: 'Pass', Output: '{% $states.input.absent %}', End: true } });
    expect(await start({ definition }).result).toMatchObject({
      error: { Error: 'States.QueryEvaluationError' },
    });
  });
});

describe('errors', () => {
  const failing = (error: string, times: number) => (_: TaskCall, __: AbortSignal, count: number) => {
    if (count <= times) throw new AslError(error, 'because');
    return `ok after ${count}`;
  };

  it('retries with back-off up to the longest delay, counting retries in the context', async () => {
    const { result, clock, calls } = start({
      definition: machine('A', {
        A: task({
          Arguments: '{% $states.context.State.RetryCount %}',
          Retry: [
            {
              ErrorEquals: ['Busy'],
              IntervalSeconds: 2,
              BackoffRate: 3,
              MaxAttempts: 4,
              MaxDelaySeconds: 30,
            },
          ],
          End: true,
        }),
      }),
      task: failing('Busy', 4),
    });
    await clock.advance(200_000);
    expect(await result).toEqual({ status: 'SUCCEEDED', output: 'ok after 5' });
    expect(clock.sleeps).toEqual([2_000, 6_000, 18_000, 30_000]);
    expect(calls.map((call) => call.arguments)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives up after MaxAttempts retries and catches what is left', async () => {
    const { result, clock, calls } = start({
      definition: machine('A', {
        A: task({
          Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
          Catch: [
            { ErrorEquals: ['Other'], Next: 'C' },
            {
              ErrorEquals: ['States.ALL'],
              Assign: { seen: '{% $states.errorOutput.Error %}' },
              Output: { cause: '{% $states.errorOutput %}' },
              Next: 'B',
            },
          ],
          End: true,
        }),
        B: { Type: 'Pass', Output: ['{% $seen %}', '{% $states.input.cause %}'], End: true },
        C: { Type: 'Fail' },
      }),
      task: failing('Busy', 9),
    });
    await clock.advance(10_000);
    expect(await result).toEqual({
      status: 'SUCCEEDED',
      output: ['Busy', { Error: 'Busy', Cause: 'because' }],
    });
    expect(calls).toHaveLength(2);
  });

  it('counts retries for each retrier apart', async () => {
    const errors = ['X', 'Y', 'X', 'Y', 'X'];
    const { result, clock, calls } = start({
      definition: machine('A', {
        A: task({
          Retry: [
            { ErrorEquals: ['X'], MaxAttempts: 2 },
            { ErrorEquals: ['Y'], MaxAttempts: 2 },
          ],
          End: true,
        }),
      }),
      task: (_, __, count) => {
        throw new AslError(errors[count - 1] ?? 'none', '');
      },
    });
    await clock.advance(60_000);
    expect(await result).toMatchObject({ status: 'FAILED', error: { Error: 'X' } });
    expect(calls).toHaveLength(5);
  });

  it('ends a task that takes too long with States.Timeout and aborts it', async () => {
    let aborted = false;
    const { result, clock } = start({
      definition: machine('A', {
        A: task({
          TimeoutSeconds: '{% 10 + 5 %}',
          Catch: [
            { ErrorEquals: ['States.TaskFailed'], Output: 'failed', Next: 'B' },
            { ErrorEquals: ['States.Timeout'], Output: 'late', Next: 'B' },
          ],
          End: true,
        }),
        B: { Type: 'Pass', End: true },
      }),
      task: (_, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
    });
    await clock.advance(14_999);
    expect(aborted).toBe(false);
    await clock.advance(1);
    expect(await result).toEqual({ status: 'SUCCEEDED', output: 'late' });
    expect(aborted).toBe(true);
  });

  it('names what a task threw States.TaskFailed', async () => {
    const { result } = start({
      definition: machine('A', { A: task({ End: true }) }),
      task: () => {
        throw new Error('boom');
      },
    });
    expect(await result).toEqual({ status: 'FAILED', error: { Error: 'States.TaskFailed', Cause: 'boom' } });
  });

  it.each([
    [['States.ALL'], 'Anything', true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.Runtime', false],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.TaskFailed'], 'Lambda.Unknown', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['A', 'B'], 'B', true],
    [['A'], 'AB', false],
  ])('%j matches %s: %s', (errorEquals, error, expected) => {
    expect(matchesError(errorEquals, error)).toBe(expected);
  });

  it('spreads delays over the whole interval with FULL jitter, and never beyond it', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (made, random) => {
          const retrier = {
            ErrorEquals: ['E'],
            IntervalSeconds: 2,
            MaxAttempts: 9,
            MaxDelaySeconds: 20,
          } as const;
          const plain = nextRetry([retrier], [made], 'E', random)?.delaySeconds;
          const jittered = nextRetry(
            [{ ...retrier, JitterStrategy: 'FULL' }],
            [made],
            'E',
            random,
          )?.delaySeconds;
          expect(plain).toBe(Math.min(2 * 2 ** made, 20));
          expect(jittered).toBe((plain ?? 0) * random);
        },
      ),
    );
  });
});

describe('resuming', () => {
  const definition = machine('A', {
    A: { Type: 'Pass', Assign: { kept: 5 }, Next: 'B' },
    B: task({
      Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'C' }],
      Next: 'C',
    }),
    C: { Type: 'Pass', Output: { variable: '{% $kept %}', from: '{% $states.input %}' }, End: true },
  });

  it('takes a task in progress for failed and keeps the variables', async () => {
    const first = start({ definition, task: () => new Promise(() => {}) });
    await settle();
    const [snapshot] = first.snapshots;
    if (snapshot === undefined) throw new Error('nothing was kept');
    const second = start({ definition, resume: { snapshot, cause: 'the process died' } });
    expect(await second.result).toEqual({
      status: 'SUCCEEDED',
      output: { variable: 5, from: { Error: 'States.TaskFailed', Cause: 'the process died' } },
    });
    expect(second.calls).toHaveLength(0);
  });

  it('rejects with the reason of the signal that ends it', async () => {
    const abort = new AbortController();
    const { result } = start({
      definition,
      signal: abort.signal,
      task: (_, signal) => rejectOnAbort(signal),
    });
    await settle();
    abort.abort(new Error('stopped by hand'));
    await expect(result).rejects.toThrow('stopped by hand');
  });
});

describe('definitions', () => {
  it.each([
    ['a Map', { A: { Type: 'Map', End: true } }, "type 'Map'"],
    ['a heartbeat', { A: task({ HeartbeatSeconds: 5, End: true }) }, "'HeartbeatSeconds'"],
    ['a JSONPath field', { A: task({ ResultPath: '$.x', End: true }) }, "'ResultPath'"],
    ['a transition to nowhere', { A: task({ Next: 'B' }) }, "no state 'B'"],
  ])('refuses %s instead of ignoring it', (_, states, message) => {
    expect(() => machine('A', states as JsonObject)).toThrow(AslDefinitionError);
    expect(() => machine('A', states as JsonObject)).toThrow(message);
  });
});

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
