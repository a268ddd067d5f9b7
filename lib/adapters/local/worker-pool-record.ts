import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning } from '../../is-running';
import { run } from './embedded-postgres-process';

/** Milliseconds after which a killed process that still exists is taken to be dead, only not collected yet. */
const ZOMBIE_PATIENCE = 1_000;

/** Processes that execute runs, and the process that had them started. */
interface Recorded {
  readonly owner: number;
  readonly worker: string;
  readonly pool: number;
  readonly children: readonly number[];
}

/**
 * Remembers in a file which processes execute runs, so that the next server can end those that outlived a killed
 * one: until they are gone no run of theirs may start again.
 */
export class WorkerPoolRecord {
  /** Resolves when no process of a dead server executes runs any more. */
  readonly formerGone: Promise<void>;
  private readonly path: string;
  private readonly worker: string;

  /** @param worker path of the worker program, by which its processes are recognised */
  constructor(path: string, worker: string) {
    this.path = path;
    this.worker = worker;
    this.formerGone = endFormer(read(path));
  }

  /** Replaces what is remembered; a file that cannot be written costs only what it is for. */
  write(pool: number, children: readonly number[]): void {
    const recorded: Recorded = { owner: process.pid, worker: this.worker, pool, children };
    try {
      writeFileSync(this.path, JSON.stringify(recorded), { mode: 0o600 });
    } catch {
      this.forget();
    }
  }

  forget(): void {
    rmSync(this.path, { force: true });
  }
}

function read(path: string): Recorded | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Recorded;
  } catch {
    return undefined;
  }
}

async function endFormer(recorded: Recorded | undefined): Promise<void> {
  if (recorded === undefined || isRunning(recorded.owner)) return;
  const { pool, children, worker } = recorded;
  const ours = await ofProgram([pool, ...children], worker);
  // The pool first: while it lives it may start other children.
  if (ours.has(pool)) await confirmGone(pool);
  await Promise.all(children.filter((pid) => ours.has(pid)).map((pid) => confirmGone(-pid)));
}

/** Those of the processes that run the program: ids are used again. */
async function ofProgram(pids: readonly number[], program: string): Promise<ReadonlySet<number>> {
  const { output } = await run('/bin/ps', ['-o', 'pid=,command=', '-p', pids.join(',')], undefined).catch(
    () => ({ output: '' }),
  );
  const lines = output.split('\n').filter((line) => line.includes(program));
  return new Set(lines.map((line) => Number.parseInt(line, 10)));
}

/**
 * Kills a process (a group: its negated id) and waits until it is gone; dead processes that nobody has collected yet
 * do not count.
 */
export async function confirmGone(target: number): Promise<void> {
  for (const end = Date.now() + ZOMBIE_PATIENCE; Date.now() < end; ) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
