import type { RunOutcome } from '../ports/worker-storage';
import type { ToChild } from './child-messages';
import type { RunAbortedError } from './errors';

/** What tells a child to stop. */
export function abortMessage({ why, message }: RunAbortedError): Extract<ToChild, { type: 'abort' }> {
  return { type: 'abort', why, message };
}

/** How a run ends that was stopped; null when nothing is decided by it. */
export function abortedOutcome(abortion: RunAbortedError | null): RunOutcome | null {
  if (abortion === null || abortion.why === 'interrupt') return null;
  const { why, message: cause } = abortion;
  return why === 'cancel'
    ? { status: 'CANCELED', failureReason: null, cause }
    : { status: 'FAILURE', failureReason: 'MAX_RUNTIME_EXCEEDED', cause };
}
