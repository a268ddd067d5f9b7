import type { RawMetadata } from '../model/metadata';
import { type Duration, toSeconds } from './duration';
import type { StepErrorMarks } from './loaded-definitions';

export interface FailureOptions extends ErrorOptions {
  readonly metadata?: RawMetadata;
  /** False: the step's retry policy does not apply. Default true. */
  readonly allowRetries?: boolean;
}

/**
 * Fails the step, with metadata that is shown with the failure.
 *
 * @example throw new Failure('The file has no rows', { allowRetries: false, metadata: { file } });
 */
export class Failure extends Error implements StepErrorMarks {
  override readonly name = 'Failure';
  readonly allowRetries: boolean;
  readonly metadata: RawMetadata;

  constructor(description: string, options: FailureOptions = {}) {
    super(description, options);
    this.allowRetries = options.allowRetries ?? true;
    this.metadata = options.metadata ?? {};
  }
}

export interface RetryRequestedOptions extends ErrorOptions {
  /** Default 1. */
  readonly maxRetries?: number;
  /** Wait before the retry; default none. */
  readonly delay?: Duration;
  readonly metadata?: RawMetadata;
}

/**
 * Asks for the step to be tried again, whatever its retry policy.
 *
 * @example throw new RetryRequested('The API is warming up', { maxRetries: 5, delay: '30s' });
 */
export class RetryRequested extends Error implements StepErrorMarks {
  override readonly name = 'RetryRequested';
  readonly retryRequested: { readonly maxRetries: number; readonly secondsToWait: number };
  readonly metadata: RawMetadata;

  constructor(description = 'A retry was requested', options: RetryRequestedOptions = {}) {
    super(description, options);
    const { maxRetries = 1, delay = 0 } = options;
    const secondsToWait = toSeconds(delay);
    if (secondsToWait === undefined) throw new RangeError(`delay ${JSON.stringify(delay)} is not a duration`);
    this.retryRequested = { maxRetries, secondsToWait };
    this.metadata = options.metadata ?? {};
  }
}
