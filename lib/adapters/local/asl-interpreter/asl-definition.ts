import type { JsonObject, JsonValue } from '../../../model/json';

/** The part of Amazon States Language that is interpreted: JSONata only, no Map, no Parallel, no JSONPath. */
export interface AslDefinition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
  readonly TimeoutSeconds?: number;
}

export type AslState = TaskState | ChoiceState | WaitState | PassState | SucceedState | FailState;

interface Next {
  readonly Next?: string;
  readonly End?: true;
}

interface Results {
  readonly Assign?: JsonObject;
  readonly Output?: JsonValue;
}

export interface TaskState extends Next, Results {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: JsonValue;
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface ChoiceState extends Results {
  readonly Type: 'Choice';
  readonly Choices: readonly (Results & { readonly Condition: string | boolean; readonly Next: string })[];
  readonly Default?: string;
}

export interface WaitState extends Next, Results {
  readonly Type: 'Wait';
  readonly Seconds: number | string;
}

export interface PassState extends Next, Results {
  readonly Type: 'Pass';
}

export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Output?: JsonValue;
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Results {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

const STATE_FIELDS: Readonly<Record<AslState['Type'], readonly string[]>> = {
  Task: ['Resource', 'Arguments', 'TimeoutSeconds', 'Retry', 'Catch', 'Assign', 'Output', 'Next', 'End'],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Wait: ['Seconds', 'Assign', 'Output', 'Next', 'End'],
  Pass: ['Assign', 'Output', 'Next', 'End'],
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
};

/** A definition uses what this interpreter does not cover, or is inconsistent. */
export class AslDefinitionError extends Error {
  override readonly name = 'AslDefinitionError';
}

/**
 * Accepts a definition only if every part of it is interpreted, so that nothing is ignored silently.
 *
 * @throws {AslDefinitionError}
 */
export function readAslDefinition(definition: JsonObject): AslDefinition {
  const { Comment: _, QueryLanguage, StartAt, States, TimeoutSeconds: __, ...others } = definition;
  refuse(Object.keys(others)[0], 'the state machine');
  if (QueryLanguage !== 'JSONata') throw new AslDefinitionError("QueryLanguage must be 'JSONata'");
  if (typeof StartAt !== 'string' || !isObject(States))
    throw new AslDefinitionError('StartAt and States are required');
  for (const [name, state] of Object.entries(States)) {
    if (!isObject(state)) throw new AslDefinitionError(`State '${name}' is not an object`);
    const fields = STATE_FIELDS[state.Type as AslState['Type']];
    if (fields === undefined)
      throw new AslDefinitionError(`State '${name}' has type '${state.Type}', which is not interpreted`);
    refuse(
      Object.keys(state).find((field) => field !== 'Type' && field !== 'Comment' && !fields.includes(field)),
      `state '${name}'`,
    );
  }
  const read = definition as unknown as AslDefinition;
  for (const target of [read.StartAt, ...Object.values(read.States).flatMap(targetsOf)]) {
    if (!(target in read.States)) throw new AslDefinitionError(`There is no state '${target}'`);
  }
  return read;
}

function targetsOf(state: AslState): string[] {
  const targets: (string | undefined)[] = [];
  if ('Next' in state) targets.push(state.Next);
  if (state.Type === 'Choice') targets.push(state.Default, ...state.Choices.map((choice) => choice.Next));
  if (state.Type === 'Task') targets.push(...(state.Catch ?? []).map((catcher) => catcher.Next));
  return targets.filter((target) => target !== undefined);
}

function refuse(field: string | undefined, where: string): void {
  if (field !== undefined) throw new AslDefinitionError(`Field '${field}' of ${where} is not interpreted`);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
