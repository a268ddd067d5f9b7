import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time, its own and that of children it has waited for. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Every process of the machine, from /proc. */
function processes(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat
          .slice(stat.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number);
        const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
        return [
          {
            pid: Number(name),
            parent: fields[1] ?? 0,
            cpuSeconds: (utime + stime + cutime + cstime) / TICKS_PER_SECOND,
            residentBytes: (fields[21] ?? 0) * 4096,
          },
        ];
      } catch {
        return [];
      }
    });
}

/** CPU seconds and memory of processes and all their descendants. */
export interface TreeUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/**
 * What the trees under `roots` have used so far. PostgreSQL detaches from the process that starts it, so its
 * postmaster is a root of its own.
 */
export function treeUsage(roots: readonly number[]): TreeUsage {
  const all = processes();
  const members = new Set(roots);
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  const chosen = all.filter(({ pid }) => members.has(pid));
  return {
    cpuSeconds: chosen.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    residentBytes: chosen.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}
