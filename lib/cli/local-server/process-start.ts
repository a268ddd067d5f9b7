import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * Tells a process from another one that has its id: ids are used again after a restart of the machine, and in a
 * container each start gives the same ones. Null where it cannot be told.
 *
 * @example processStart(process.pid) === processStart(process.pid) // true
 */
export function processStart(pid: number): string | null {
  try {
    if (platform() === 'linux') return `${bootId()}/${startTicks(pid)}`;
    if (platform() === 'win32') return null;
    const ps = ['-o', 'lstart=', '-p', String(pid)];
    return execFileSync('/bin/ps', ps, { encoding: 'utf8', env: { LC_ALL: 'C', TZ: 'UTC' } }).trim();
  } catch {
    return null;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Field 22 of `<pid> (<name>) <state> …`, where a name may hold parentheses and blanks: proc_pid_stat(5). */
function startTicks(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fromState = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fromState[22 - 3];
}
