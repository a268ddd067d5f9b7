import type { JsonObject, JsonValue } from '../../../model/json';
import type { Clock } from '../../../ports/clock';
import type { AslDefinition, AslState, ChoiceState, TaskState } from './asl-definition';
import { AslError, type ErrorOutput, toErrorOutput } from './asl-error';
import { evaluateTemplate } from './evaluate-template';
import { matchesError, nextRetry } from './match-error';

/** Where an execution stands: enough to go on in another process. Taken whenever it begins to wait for something. */
export interface ExecutionSnapshot {
  readonly state: string;
  readonly stateInput: JsonValue;
  readonly variables: JsonObject;
  /** Retries made in this state, by retrier. */
  readonly retries: readonly number[];
}

export interface TaskCall {
  readonly resource: string;
  readonly arguments: JsonValue;
}

export interface InterpreterOptions {
  readonly definition: AslDefinition;
  readonly execution: { readonly name: string; readonly input: JsonObject; readonly startedAt: number };
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Ends the execution: it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Calls a service. Throws `AslError` with the service's error name; the signal is aborted on a time-out. */
  runTask(call: TaskCall, signal: AbortSignal): Promise<JsonValue>;
  /** Called before every Task (each try of it) and Wait. */
  onWaiting(snapshot: ExecutionSnapshot): Promise<void>;
  /** Goes on from here. A Task that was in progress has failed with `States.TaskFailed` and this cause. */
  readonly resume?: { readonly snapshot: ExecutionSnapshot; readonly cause: string };
}

export type ExecutionResult =
  | { readonly status: 'SUCCEEDED'; readonly output: JsonValue }
  | { readonly status: 'FAILED'; readonly error: ErrorOutput };

/** A state's end: where to go, with what. */
interface Transition {
  readonly next: string | undefined;
  readonly output: JsonValue;
  readonly assigned: JsonObject;
}

/**
 * Runs one execution to its end as Step Functions would: the same order of transitions, retries with back-off and
 * jitter, catchers, time-outs, variables and `$states`.
 */
export async function interpretExecution(options: InterpreterOptions): Promise<ExecutionResult> {
  const { resume, definition, execution } = options;
  let name = resume?.snapshot.state ?? definition.StartAt;
  let input: JsonValue = resume?.snapshot.stateInput ?? execution.input;
  let variables: JsonObject = resume?.snapshot.variables ?? {};
  let resumed = resume;
  for (;;) {
    options.signal.throwIfAborted();
    const state = definition.States[name];
    if (state === undefined)
      throw new Error(`Execution '${execution.name}' is in state '${name}', which does not exist`);
    if (state.Type === 'Fail') {
      return { status: 'FAILED', error: { Error: state.Error ?? 'States.Failed', Cause: state.Cause ?? '' } };
    }
    const visit = new StateVisit(options, name, input, variables);
    let transition: Transition;
    try {
      transition = await visit.run(state, resumed);
    } catch (thrown) {
      options.signal.throwIfAborted();
      return { status: 'FAILED', error: toErrorOutput(thrown) };
    }
    resumed = undefined;
    input = transition.output;
    variables = { ...variables, ...transition.assigned };
    if (transition.next === undefined) return { status: 'SUCCEEDED', output: input };
    name = transition.next;
  }
}

/** The longest delay that a JavaScript timer can count: 24.8 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

async function sleepLong(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= MAX_TIMER_MS) await clock.sleep(Math.min(left, MAX_TIMER_MS), signal);
}

class StateVisit {
  private readonly options: InterpreterOptions;
  private readonly name: string;
  private readonly input: JsonValue;
  private readonly variables: JsonObject;
  private readonly enteredAt: number;
  private retryCount = 0;

  constructor(options: InterpreterOptions, name: string, input: JsonValue, variables: JsonObject) {
    this.options = options;
    this.name = name;
    this.input = input;
    this.variables = variables;
    this.enteredAt = options.clock.now();
  }

  async run(
    state: Exclude<AslState, { Type: 'Fail' }>,
    resumed: InterpreterOptions['resume'],
  ): Promise<Transition> {
    switch (state.Type) {
      case 'Task':
        return this.runTask(state, resumed);
      case 'Choice':
        return this.choose(state);
      case 'Wait': {
        await this.options.onWaiting(this.snapshot([]));
        const seconds = await this.numberOf(state.Seconds, 'Seconds');
        await sleepLong(this.options.clock, seconds * 1000, this.options.signal);
        return this.transition(state, state.Next, this.input);
      }
      case 'Pass':
        return this.transition(state, state.Next, this.input);
      case 'Succeed':
        return this.transition(state, undefined, this.input);
    }
  }

  private async runTask(state: TaskState, resumed: InterpreterOptions['resume']): Promise<Transition> {
    const { clock, signal, random } = this.options;
    const retries = [...(resumed?.snapshot.retries ?? [])];
    this.retryCount = retries.reduce((sum, count) => sum + (count ?? 0), 0);
    let lostTask = resumed?.cause;
    for (;;) {
      try {
        if (lostTask !== undefined) throw new AslError('States.TaskFailed', lostTask);
        await this.options.onWaiting(this.snapshot(retries));
        const result = await this.callTask(state);
        return await this.transition(state, state.Next, result, { result });
      } catch (thrown) {
        signal.throwIfAborted();
        lostTask = undefined;
        const errorOutput = toErrorOutput(thrown);
        const retry = nextRetry(state.Retry ?? [], retries, errorOutput.Error, random());
        if (retry !== undefined) {
          for (let index = retries.length; index <= retry.retrier; index++) retries.push(0);
          retries[retry.retrier] = (retries[retry.retrier] ?? 0) + 1;
          this.retryCount += 1;
          await clock.sleep(retry.delaySeconds * 1000, signal);
          continue;
        }
        const catcher = state.Catch?.find(({ ErrorEquals }) => matchesError(ErrorEquals, errorOutput.Error));
        if (catcher === undefined)
          throw new AslError(errorOutput.Error, errorOutput.Cause, { cause: thrown });
        return this.transition(
          catcher,
          catcher.Next,
          { ...errorOutput },
          { errorOutput: { ...errorOutput } },
        );
      }
    }
  }

  private async callTask(state: TaskState): Promise<JsonValue> {
    const { clock, signal, runTask } = this.options;
    const call = { resource: state.Resource, arguments: await this.evaluate(state.Arguments ?? this.input) };
    if (state.TimeoutSeconds === undefined) return runTask(call, signal);
    const seconds = await this.numberOf(state.TimeoutSeconds, 'TimeoutSeconds');
    const timedOut = new AslError(
      'States.Timeout',
      `State '${this.name}' timed out after ${seconds} seconds`,
    );
    const task = new AbortController();
    const timer = new AbortController();
    const stop = () => task.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const late = sleepLong(clock, seconds * 1000, timer.signal).then(
        () => {
          task.abort(timedOut);
          throw timedOut;
        },
        () => new Promise<never>(() => {}),
      );
      return await Promise.race([runTask(call, task.signal), late]);
    } finally {
      timer.abort();
      signal.removeEventListener('abort', stop);
    }
  }

  private async choose(state: ChoiceState): Promise<Transition> {
    for (const choice of state.Choices) {
      const answer =
        typeof choice.Condition === 'string' ? await this.evaluate(choice.Condition) : choice.Condition;
      if (typeof answer !== 'boolean') {
        throw new AslError('States.QueryEvaluationError', `Condition '${choice.Condition}' is not a boolean`);
      }
      if (answer) return this.transition(choice, choice.Next, this.input);
    }
    if (state.Default === undefined) {
      throw new AslError('States.NoChoiceMatched', `No choice of state '${this.name}' matches`);
    }
    return this.transition(state, state.Default, this.input);
  }

  private async transition(
    results: { readonly Assign?: JsonObject; readonly Output?: JsonValue },
    next: string | undefined,
    fallback: JsonValue,
    states: JsonObject = {},
  ): Promise<Transition> {
    // Both see the variables as they were before the state.
    const assigned = results.Assign === undefined ? {} : await this.evaluate(results.Assign, states);
    const output = results.Output === undefined ? fallback : await this.evaluate(results.Output, states);
    return { next, output, assigned: assigned as JsonObject };
  }

  private evaluate(template: JsonValue, states: JsonObject = {}): Promise<JsonValue> {
    const { execution, random } = this.options;
    const context = {
      Execution: {
        Id: execution.name,
        Name: execution.name,
        Input: execution.input,
        StartTime: new Date(execution.startedAt).toISOString(),
      },
      State: {
        Name: this.name,
        EnteredTime: new Date(this.enteredAt).toISOString(),
        RetryCount: this.retryCount,
      },
    };
    return evaluateTemplate(template, {
      states: { input: this.input, context, ...states },
      variables: this.variables,
      random,
    });
  }

  private async numberOf(template: number | string, field: string): Promise<number> {
    const value = await this.evaluate(template);
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new AslError(
      'States.QueryEvaluationError',
      `${field} of state '${this.name}' is not a number of seconds`,
    );
  }

  private snapshot(retries: readonly number[]): ExecutionSnapshot {
    return { state: this.name, stateInput: this.input, variables: this.variables, retries: [...retries] };
  }
}
