import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import type { ContainerImage } from './container-image';

/** The part of Docker's "create container" body that ECS tasks need. */
export interface ContainerConfig {
  readonly Image: string;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** Exit code of a process that a signal ended, as Docker counts it. */
const SIGNALED = 128;
const NEVER = '0001-01-01T00:00:00Z';
/** Docker reports a command that could not be started with this code. */
const NOT_FOUND = 127;

/** One container: a local process group with the task's environment. */
export class LocalContainer {
  readonly id: string;
  readonly name: string;
  readonly config: ContainerConfig;
  readonly createdAt = new Date().toISOString();
  #state: 'created' | 'running' | 'exited' = 'created';
  #exitCode = 0;
  #startedAt = NEVER;
  #finishedAt = NEVER;
  #process: ChildProcess | undefined;
  readonly #log: WriteStream;
  readonly #frames: Buffer[] = [];
  readonly #followers = new Set<Writable>();
  readonly #exited: Promise<number>;
  #exit: (code: number) => void = () => {};

  constructor(options: { id: string; name: string; config: ContainerConfig; logFile: string }) {
    this.id = options.id;
    this.name = options.name;
    this.config = options.config;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    this.#exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  get isExited(): boolean {
    return this.#state === 'exited';
  }

  /** @param environment what the image and the host give; the container's own variables win. */
  start(image: ContainerImage, environment: Readonly<Record<string, string>>): void {
    const command = this.config.Cmd?.length ? this.config.Cmd : image.command;
    const [program = '', ...args] = [...(image.entrypoint ?? []), ...command];
    this.#state = 'running';
    this.#startedAt = new Date().toISOString();
    const child = spawn(program, args, {
      cwd: image.workingDirectory,
      env: { ...environment, ...image.environment, ...this.#environment() },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process = child;
    for (const [stream, output] of [
      [1, child.stdout],
      [2, child.stderr],
    ] as const) {
      createInterface({ input: output }).on('line', (line) => this.#emit(stream, line));
    }
    child.on('error', (error) => {
      this.#emit(2, String(error));
      this.#end(NOT_FOUND);
    });
    child.on('close', (code, signal) =>
      this.#end(code ?? SIGNALED + (signal === null ? 0 : constants.signals[signal])),
    );
  }

  /** SIGTERM to the process, SIGKILL to its group after the grace period; resolves when it has ended. */
  async stop(graceMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    if (graceMs > 0) this.#process?.kill('SIGTERM');
    const kill = setTimeout(() => this.#killGroup(), graceMs);
    await this.#exited;
    clearTimeout(kill);
  }

  /** Resolves with the exit code when the process has ended. */
  wait(): Promise<number> {
    return this.#exited;
  }

  /** Writes the log in Docker's multiplexed format; ends with the process when it follows. */
  streamLogs(to: Writable, follow: boolean): void {
    for (const frame of this.#frames) to.write(frame);
    if (!follow || this.isExited) {
      to.end();
      return;
    }
    this.#followers.add(to);
    to.on('close', () => this.#followers.delete(to));
  }

  /** Docker's "inspect container" answer, as far as docker-py reads it. */
  inspect(): object {
    return {
      Id: this.id,
      Name: `/${this.name}`,
      Created: this.createdAt,
      Image: this.config.Image,
      Config: { ...this.config, Tty: false, Labels: this.config.Labels ?? {} },
      State: {
        Status: this.#state,
        Running: this.isRunning,
        ExitCode: this.#exitCode,
        StartedAt: this.#startedAt,
        FinishedAt: this.#finishedAt,
        Pid: this.#process?.pid ?? 0,
      },
      HostConfig: { NetworkMode: 'default' },
      NetworkSettings: { IPAddress: '127.0.0.1', Ports: {}, Networks: {} },
      Mounts: [],
    };
  }

  /** Docker's entry in "list containers". */
  summary(): object {
    const { id, name, config } = this;
    const state = this.#state;
    return {
      Id: id,
      Names: [`/${name}`],
      Image: config.Image,
      Labels: config.Labels ?? {},
      State: state,
      Status: state,
    };
  }

  #environment(): Record<string, string> {
    const entries = (this.config.Env ?? []).map((entry): [string, string] => {
      const at = entry.indexOf('=');
      // The name under which a container reaches its host.
      return [entry.slice(0, at), entry.slice(at + 1).replace('host.docker.internal', '127.0.0.1')];
    });
    return Object.fromEntries(entries);
  }

  #emit(stream: 1 | 2, line: string): void {
    const text = Buffer.from(`${line}\n`);
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(text.length, 4);
    const frame = Buffer.concat([header, text]);
    this.#frames.push(frame);
    this.#log.write(text);
    for (const follower of this.#followers) follower.write(frame);
  }

  /** A container's processes end with its first. */
  #end(code: number): void {
    if (this.#state === 'exited') return;
    this.#killGroup();
    this.#state = 'exited';
    this.#exitCode = code;
    this.#finishedAt = new Date().toISOString();
    for (const follower of this.#followers) follower.end();
    this.#log.end();
    this.#exit(code);
  }

  #killGroup(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  }
}
