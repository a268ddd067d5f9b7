import type { ErrorSource } from '../model/event';
import { type Metadata, toMetadata } from '../model/metadata';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import { BlockingCheckFailedError, ExecutionError, StepOutputError } from './errors';
import { errorMarks } from './retry-decision';

/**
 * What user code gave to be shown with its failure. Only errors that are marked as ours are read: others have fields of
 * this name for purposes of their own. Never throws: what cannot be stored is replaced by the reason.
 */
export function failureMetadata(thrown: unknown): { readonly metadata?: Metadata } {
  const { allowRetries, retryRequested, metadata } = errorMarks(thrown);
  const isOurs = typeof allowRetries === 'boolean' || retryRequested !== undefined;
  if (!isOurs || metadata === undefined || metadata === null) return {};
  try {
    const stored = JSON.parse(JSON.stringify(toMetadata(metadata))) as Metadata;
    return Object.keys(stored).length === 0 ? {} : { metadata: stored };
  } catch (unfit) {
    const reason = `cannot be stored: ${errorSummary(toSerializableError(unfit))}`;
    return { metadata: { metadata: { kind: 'text', value: reason } } };
  }
}

/** Whose fault it is: a run that is being stopped fails its steps; what user code did wrong is its own. */
export function errorSource(thrown: unknown, signal: AbortSignal): ErrorSource {
  if (signal.aborted) return 'INTERRUPT';
  const isOfUserCode =
    !(thrown instanceof ExecutionError) ||
    thrown instanceof StepOutputError ||
    thrown instanceof BlockingCheckFailedError;
  return isOfUserCode ? 'USER_CODE_ERROR' : 'FRAMEWORK_ERROR';
}
