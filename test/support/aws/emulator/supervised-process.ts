import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that leads its own group, writes to one log file, and is told by its standard input to end. */
export interface SupervisedProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Polls until `probe` answers something; throws with the log's end when the process dies or time is up. */
  waitUntil<T>(probe: () => Promise<T | undefined>, timeoutMs: number): Promise<T>;
  /** Closes standard input; SIGKILL to the whole group afterwards, whatever is left of it. */
  stop(): Promise<void>;
}

export interface SupervisedOptions {
  readonly command: readonly [program: string, ...args: string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** How long a process may take to end by itself once its standard input is closed. */
const GRACE_MS = 3_000;
const POLL_MS = 50;

export function startSupervised(options: SupervisedOptions): SupervisedProcess {
  const { command, directory, environment, logFile } = options;
  const [program, ...args] = command;
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...environment },
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  // A process that ended closed its end of the pipe.
  child.stdin?.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(String(error)));
    child.on('exit', (code, signal) => resolve(`exited with ${signal ?? code}`));
  });
  const failure = async (what: string) => {
    const text = await readFile(logFile, 'utf8').catch(() => '');
    return new Error(`${program} ${what}. End of ${logFile}:\n${text.split('\n').slice(-20).join('\n')}`);
  };
  return {
    pid: child.pid ?? 0,
    logFile,
    async waitUntil(probe, timeoutMs) {
      let end: string | undefined;
      ended.then((how) => {
        end = how;
      });
      for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(POLL_MS)) {
        if (end !== undefined) throw await failure(end);
        const answer = await probe();
        if (answer !== undefined) return answer;
      }
      throw await failure(`was not ready after ${timeoutMs} ms`);
    },
    async stop() {
      child.stdin?.end();
      await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
      killGroup(child);
      await ended;
    },
  };
}

/** SIGKILL to a process and everything it started in its group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Pids of every process in these groups, those that only wait to be reaped aside. */
export function processesOfGroups(groups: readonly number[]): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, group, state]) => groups.includes(Number(group)) && !state?.startsWith('Z'))
    .map(([pid]) => Number(pid));
}
