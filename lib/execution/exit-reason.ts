/** How a process ended, as the operating system tells it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Exit codes by which shells and containers report a death by signal: 128 + its number. */
const SIGNALS_BY_CODE: Readonly<Record<number, string>> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/**
 * Why a process ended, in words.
 *
 * @param lastWords what the process said before it went, if it did
 * @param errorTail the end of what it wrote to standard error
 * @param memoryLimit megabytes that the process may use, if limited
 */
export function exitReason(
  exit: ProcessExit,
  lastWords: string | null,
  errorTail: string,
  memoryLimit: number | null,
): string {
  if (lastWords !== null) return lastWords;
  if (/heap out of memory|Allocation failed - process out of memory/.test(errorTail)) {
    return `out of memory${memoryLimit === null ? '' : ` (${memoryLimit} MB)`}`;
  }
  const signal = exit.signal ?? SIGNALS_BY_CODE[exit.code ?? -1] ?? null;
  if (signal === 'SIGKILL') {
    return 'killed by SIGKILL (by someone, or by the system because it ran out of memory)';
  }
  if (signal !== null) return `killed by ${signal}`;
  return `the process exited with code ${exit.code ?? 'unknown'} without saying why`;
}
