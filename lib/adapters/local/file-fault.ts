import { PortError } from '../../ports/errors';

/** Error codes of a disk that takes no more. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** What a failed file operation means to the caller of a port. `what`: `written`, `read`, `listed`, `deleted`. */
export function fileFault(error: unknown, what: string, path: string): PortError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (FULL.has(code ?? '')) {
    const remedy =
      'The disk (or your quota) is full: free some space, e.g. remove old folders of compute_logs and bundles in the home folder, and try again.';
    return new PortError('transient', `${path} could not be ${what}: ${code}. ${remedy}`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const remedy = 'Give this user the right to write there, or choose another folder with HEADRACE_HOME.';
    return new PortError('permanent', `${path} could not be ${what}: ${code}. ${remedy}`, { cause: error });
  }
  const isPassing = code === 'EMFILE' || code === 'ENFILE' || code === 'EBUSY' || code === 'EAGAIN';
  return new PortError(isPassing ? 'transient' : 'permanent', `${path} could not be ${what}: ${message}`, {
    cause: error,
  });
}
