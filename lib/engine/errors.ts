import type { ConfigError } from '../model/code-location';
import { didYouMean, nearMisses } from '../model/near-misses';
import { ASSET_JOB } from '../model/run';

/** Base of what the engine refuses: the request is wrong, so trying it again unchanged is useless. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
}

export type PlanErrorCode =
  | 'unknown-location'
  | 'location-not-loaded'
  | 'unknown-job'
  | 'unknown-run'
  | 'unknown-asset'
  | 'unknown-check'
  | 'unknown-step'
  | 'not-materializable'
  | 'invalid-selection'
  | 'several-locations'
  | 'nothing-missing'
  | 'mixed-partitions'
  | 'partition-required'
  | 'partition-not-allowed'
  | 'unknown-partition'
  | 'cycle';

/** A run that cannot be planned. `subject` is the name at fault, `suggestions` what may have been meant. */
export class PlanError extends EngineError {
  override readonly name = 'PlanError';
  readonly code: PlanErrorCode;
  readonly subject: string;
  readonly suggestions: readonly string[];

  constructor(
    code: PlanErrorCode,
    subject: string,
    message: string,
    options: ErrorOptions & { readonly known?: Iterable<string> } = {},
  ) {
    const suggestions = options.known === undefined ? [] : nearMisses(subject, options.known);
    super(`${message}${didYouMean(suggestions)}`, options);
    this.code = code;
    this.subject = subject;
    this.suggestions = suggestions;
  }
}

/** The run config does not fit the job's schema. */
export class RunConfigError extends EngineError {
  override readonly name = 'RunConfigError';
  readonly errors: readonly ConfigError[];

  constructor(jobName: string, errors: readonly ConfigError[]) {
    const lines = errors.map((error) => `  ${error.path.join('.') || '(root)'}: ${error.message}`);
    const subject = jobName === ASSET_JOB ? 'the chosen assets' : `job '${jobName}'`;
    super(`The config does not fit ${subject}:\n${lines.join('\n')}`);
    this.errors = errors;
  }
}

/** A run's tags ask for a task that its location does not have. */
export class TaskTagsError extends EngineError {
  override readonly name = 'TaskTagsError';
  readonly location: string;

  constructor(location: string, cause: Error) {
    super(`Code location '${location}' has no such task for the run: ${cause.message}`, { cause });
    this.location = location;
  }
}

/** There is no run of this id. */
export class RunNotFoundError extends EngineError {
  override readonly name = 'RunNotFoundError';
  readonly runId: string;

  constructor(runId: string) {
    super(`There is no run '${runId}'. It may have been deleted; the runs page lists those that exist.`);
    this.runId = runId;
  }
}

/** A run is in a state in which what was asked cannot be done. */
export class RunStateError extends EngineError {
  override readonly name = 'RunStateError';
  readonly runId: string;

  constructor(runId: string, message: string) {
    super(message);
    this.runId = runId;
  }
}

/** There is no backfill of this id. */
export class BackfillNotFoundError extends EngineError {
  override readonly name = 'BackfillNotFoundError';
  readonly backfillId: string;

  constructor(backfillId: string) {
    super(`There is no backfill '${backfillId}'.`);
    this.backfillId = backfillId;
  }
}

/** A backfill is in a state in which what was asked cannot be done. */
export class BackfillStateError extends EngineError {
  override readonly name = 'BackfillStateError';
  readonly backfillId: string;

  constructor(backfillId: string, message: string) {
    super(message);
    this.backfillId = backfillId;
  }
}

/** An idempotency key stands for another request already. */
export class IdempotencyKeyReusedError extends EngineError {
  override readonly name = 'IdempotencyKeyReusedError';
  readonly runId: string;
  /** What the two requests differ in, e.g. `partition`. */
  readonly differences: readonly string[];

  constructor(key: string, runId: string, differences: readonly string[]) {
    const named = differences.length === 0 ? 'what they ask for' : differences.join(', ');
    super(
      `The idempotency key '${key}' was used for another request, which made run '${runId}'. The two differ in: ${named}. Send the same request again, or this one with a key of its own.`,
    );
    this.runId = runId;
    this.differences = differences;
  }
}

/** There is no schedule or sensor of this name. */
export class InstigatorNotFoundError extends EngineError {
  override readonly name = 'InstigatorNotFoundError';
  readonly instigator: string;

  constructor(kind: 'schedule' | 'sensor', name: string, location: string, known: Iterable<string>) {
    super(
      `There is no ${kind} '${name}' in code location '${location}'.${didYouMean(nearMisses(name, known))}`,
    );
    this.instigator = name;
  }
}

/** Pushed code of a location is not put in force. */
export class CodeLocationRefusedError extends EngineError {
  override readonly name = 'CodeLocationRefusedError';
  readonly location: string;

  constructor(location: string, reason: string) {
    super(`Code location '${location}' does not take this version: ${reason}`);
    this.location = location;
  }
}
