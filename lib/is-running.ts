import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * Whether a process of this machine is running. One that ended but that nobody has collected yet is not: in a container
 * whose first process collects late, or never, the killed stay listed.
 *
 * @param pid its id; those of processes that ended are used again, so a caller that must be sure compares more
 * @example isRunning(process.pid) // true
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM' && !isUncollected(pid);
  }
  return !isUncollected(pid);
}

/** `<pid> (<name>) <state> …`, where a name may hold parentheses itself: proc_pid_stat(5). */
function isUncollected(pid: number): boolean {
  if (platform() !== 'linux') return false;
  try {
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
