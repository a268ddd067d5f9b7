import { readdirSync, readFileSync } from 'node:fs';

const INTERVAL_MS = 100;

/** What processes with user code held at most while they were watched. */
export interface MemoryWatch {
  /** The kernel's high-water mark of resident memory, in MB of 1,000,000 bytes, of the largest one. */
  readonly peakMegabytes: number;
  /** Resident memory over time, in MB, of the largest one. */
  readonly samples: readonly number[];
  stop(): void;
}

/** Watches the processes whose command line ends with these words and that descend from `root`. */
export function watchMemory(root: number, words: string): MemoryWatch {
  const watch = { peakMegabytes: 0, samples: [] as number[], stop: () => clearInterval(timer) };
  const timer = setInterval(() => {
    let now = 0;
    for (const pid of descendants(root)) {
      const command = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
      if (!command.endsWith(words)) continue;
      const status = read(pid, 'status');
      now = Math.max(now, megabytes(status, 'VmRSS'));
      watch.peakMegabytes = Math.max(watch.peakMegabytes, megabytes(status, 'VmHWM'));
    }
    if (now > 0) watch.samples.push(now);
  }, INTERVAL_MS);
  return watch;
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(Number(name), 'stat');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0; ) {
    const next = children.get(queue.pop() ?? 0) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** /proc counts in units of 1,024 bytes. */
function megabytes(status: string, field: string): number {
  const kibibytes = Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return Math.round((kibibytes * 1_024) / 1e6);
}
