import { type FaultKind, PortError, UnstorableValueError } from '../../ports/errors';
import { StaleAttemptError } from '../../ports/worker-storage';

/** SQLSTATEs that our own functions raise; see migrations/000005-worker.sql. */
const OWN = { stale: 'HR001', conflict: 'HR002', wrongInput: 'HR003' } as const;

/**
 * Classes and codes after which the same call may succeed: connection lost, serialization or deadlock, lock not
 * granted in time, no resources, server stopping or starting.
 */
const TRANSIENT = /^(08...|40...|53...|55P03|57P0[1-5]|57014|58...|25P03)$/;
/** A unique, exclusion or foreign key says that the world moved on. */
const CONFLICT = /^23(503|505|P01)$/;
/** Characters that no text holds, and numbers out of range. */
const UNSTORABLE = /^22(021|P05|003)$/;

/**
 * Sorts a database's failure by what the caller can do about it.
 *
 * @param code SQLSTATE; undefined when no answer came, so that it is unknown whether the statement ran
 */
export function toPortError(code: string | undefined, message: string, cause: unknown): PortError {
  if (code === OWN.stale) return new StaleAttemptError(message, { cause });
  const text =
    code === undefined ? `The database did not answer: ${message}` : `${message} (SQLSTATE ${code})`;
  if (code !== undefined && UNSTORABLE.test(code)) return new UnstorableValueError(text, { cause });
  return new PortError(faultOf(code), text, { cause });
}

function faultOf(code: string | undefined): FaultKind {
  if (code === undefined || TRANSIENT.test(code)) return 'transient';
  if (code === OWN.conflict || CONFLICT.test(code)) return 'conflict';
  return 'permanent';
}
