import { type ChildProcess, spawn } from 'node:child_process';
import { REPOSITORY } from './scratch-server';

/** A program that the benchmark started. */
export interface Service {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const LISTENING = /listening on (?:\S*:)?(\d+)/;

/** Starts a program of this repository; resolves once it says `listening on <port>`. It ends with this process. */
export function startService(program: string, args: readonly string[]): Promise<Service> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: REPOSITORY,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    let isUp = false;
    const read = (bytes: Buffer): void => {
      if (isUp) return;
      said += bytes.toString();
      const port = LISTENING.exec(said)?.[1];
      if (port === undefined) return;
      isUp = true;
      resolve({ pid: child.pid ?? 0, port: Number(port), stop: () => stop(child) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${program} ended with ${code} before it was up:\n${said}`)),
    );
  });
}

/** Ends a child process and waits until it is gone. */
export function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
