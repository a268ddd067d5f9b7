import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ComputeLogStream } from '../model/compute-log';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import { FRAME_FD, type FromChild, type OutputHeader, type ToChild } from './child-messages';
import { BundleLoadError } from './errors';
import { exitReason, type ProcessExit } from './exit-reason';
import { FrameDecoder } from './frames';

/** Bytes of standard error kept to find out why a process died. */
const ERROR_TAIL_BYTES = 8_192;

/** The turn under way may have passed the pipes already, so the next two are waited for. */
const RAW_OUTPUT_TURNS = 3;
/** Bytes of output kept until the first run hears them: what the bundle wrote while it was loaded. */
const EARLY_BYTES = 64 * 1_024;

/** Milliseconds after a child's exit in which what it wrote is read. */
const PIPE_PATIENCE = 1_000;

/** How a child is started. */
export interface ChildCommand {
  readonly executable: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string | undefined;
  /** Told where a debugger can attach to a child, and its pid. */
  onInspecting?(url: string, pid: number): void;
}

/** Receives what a child sends while a run is on. */
export interface ChildListener {
  onMessage(message: FromChild): void;
  onOutput(header: OutputHeader, bytes: Buffer): void;
}

/** Why a child is gone. */
export interface ChildDeath extends ProcessExit {
  /** In words. */
  readonly reason: string;
  /** The step that ended the process on purpose or by an uncaught error; null when not known. */
  readonly stepKey: string | null;
}

/**
 * A process with user code in it, seen from its supervisor. It leads a process group of its own, so that what it
 * started dies with it.
 */
export class ChildHandle {
  readonly pid: number;
  /** Resolves when the process is gone and everything that it sent has been read. */
  readonly gone: Promise<ChildDeath>;
  runs = 0;
  /** Resident bytes after its first run, and after its last. */
  firstMemory: number | null = null;
  memory = 0;
  private readonly command: ChildCommand;
  private readonly process: ChildProcess;
  private readonly decoder = new FrameDecoder();
  private readonly pipes: readonly Readable[];
  private listener: ChildListener | null = null;
  private loading: { readonly bundlePath: string; resolve(): void; reject(error: Error): void } | null = null;
  private lastWords: Extract<FromChild, { type: 'exiting' }> | null = null;
  private errorTail = '';
  private isPaused = false;
  private early: (readonly [OutputHeader, Buffer])[] = [];
  private earlyBytes = 0;
  private death: ChildDeath | null = null;

  constructor(command: ChildCommand) {
    this.command = command;
    this.process = spawn(command.executable, command.args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
      detached: true,
      env: command.environment as NodeJS.ProcessEnv,
      ...(command.directory === undefined ? {} : { cwd: command.directory }),
    });
    this.pid = this.process.pid ?? 0;
    const frames = this.process.stdio[FRAME_FD] as Readable;
    this.pipes = [frames, this.process.stdout as Readable, this.process.stderr as Readable];
    frames.on('data', (bytes: Buffer) => this.onFrames(bytes));
    this.onRaw('stdout', this.process.stdout as Readable);
    this.onRaw('stderr', this.process.stderr as Readable);
    for (const pipe of this.pipes) pipe.on('error', () => {});
    this.gone = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(this.end({ code: null, signal: null }, error)));
      this.process.once('close', (code, signal) => resolve(this.end({ code, signal }, null)));
      // A grandchild that left the group may keep the pipes open: what the child wrote is read by then.
      this.process.once('exit', () => this.closePipesLater());
    });
  }

  get isAlive(): boolean {
    return this.death === null && this.process.exitCode === null && this.process.signalCode === null;
  }

  /**
   * Loads a bundle; once per child.
   *
   * @throws {BundleLoadError} when user code throws while it is imported
   * @throws {ExecutionError} when the process dies
   */
  async load(bundlePath: string): Promise<void> {
    const loaded = new Promise<void>((resolve, reject) => {
      this.loading = { bundlePath, resolve, reject };
    });
    this.send({ type: 'load', bundlePath });
    const died = this.gone.then(({ reason }) => {
      throw new BundleLoadError(bundlePath, `its process ended: ${reason}`);
    });
    died.catch(() => {});
    await Promise.race([loaded, died]);
  }

  /** Sends everything that comes from now on to a listener; null: nobody (between runs). */
  listen(listener: ChildListener | null): void {
    this.listener = listener;
    if (listener === null) return;
    for (const [header, bytes] of this.early.splice(0)) listener.onOutput(header, bytes);
  }

  send(message: ToChild): void {
    if (!this.isAlive || !this.process.connected) return;
    this.process.send(message, () => {});
  }

  /** Stops reading from the child, which then waits in its next write. */
  pause(): void {
    this.isPaused = true;
    for (const pipe of this.pipes) pipe.pause();
  }

  resume(): void {
    this.isPaused = false;
    for (const pipe of this.pipes) pipe.resume();
  }

  /** Kills the process with everything that it started. */
  kill(): void {
    this.resume();
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      this.process.kill('SIGKILL');
    }
  }

  private onFrames(bytes: Buffer): void {
    let frames: ReturnType<FrameDecoder['push']>;
    try {
      frames = this.decoder.push(bytes);
    } catch (error) {
      this.errorTail = (error as Error).message;
      this.kill();
      return;
    }
    for (const { message, output } of frames) {
      if (output !== null) this.onOutput(message as OutputHeader, output);
      else this.onMessage(message as FromChild);
    }
  }

  private onMessage(message: FromChild): void {
    if (message.type === 'exiting') this.lastWords = message;
    else if (message.type === 'inspecting') this.command.onInspecting?.(message.url, this.pid);
    else if (message.type === 'loaded') this.loading?.resolve();
    else if (message.type === 'load-failed') {
      const { bundlePath = '' } = this.loading ?? {};
      const reason = errorSummary(message.error);
      this.loading?.reject(new BundleLoadError(bundlePath, reason, { cause: message.error }));
    } else if (message.type === 'ended')
      void this.afterRawOutput().then(() => this.listener?.onMessage(message));
    else this.listener?.onMessage(message);
  }

  /**
   * What was written past the capture before a message lies in its pipe already, but is read in a turn of its own:
   * each turn of the event loop reads every pipe once.
   */
  private async afterRawOutput(): Promise<void> {
    for (let turn = 0; turn < RAW_OUTPUT_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  private onOutput(header: OutputHeader, bytes: Buffer): void {
    if (this.listener !== null) {
      this.listener.onOutput(header, bytes);
    } else if (this.runs === 0 && this.earlyBytes < EARLY_BYTES) {
      this.early.push([header, bytes]);
      this.earlyBytes += bytes.length;
    }
  }

  /** What native code and processes that user code started write past the capture. */
  private onRaw(stream: ComputeLogStream, pipe: Readable): void {
    pipe.on('data', (bytes: Buffer) => {
      if (stream === 'stderr') this.errorTail = (this.errorTail + bytes.toString()).slice(-ERROR_TAIL_BYTES);
      this.onOutput({ type: 'output', stream, stepKey: null, tryNumber: 0 }, bytes);
    });
  }

  private end(exit: ProcessExit, error: Error | null): ChildDeath {
    try {
      if (this.pid > 0) process.kill(-this.pid, 'SIGKILL');
    } catch {
      // The group is empty: nothing was left behind.
    }
    const said =
      this.lastWords?.reason ?? (error === null ? null : `it could not be started: ${error.message}`);
    // Said twice, the last one counts.
    const limit = this.process.spawnargs.join(' ').match(/.*--max-old-space-size=(\d+)/)?.[1];
    this.death = {
      ...exit,
      reason: exitReason(exit, said, this.errorTail, limit === undefined ? null : Number(limit)),
      stepKey: this.lastWords?.stepKey ?? null,
    };
    return this.death;
  }

  /** Not while reading is held back: what the child wrote before it went must be read first. */
  private closePipesLater(): void {
    setTimeout(() => {
      if (this.isPaused) this.closePipesLater();
      else for (const pipe of this.pipes) pipe.destroy();
    }, PIPE_PATIENCE).unref();
  }
}

/** An error as the refusal of a child's call. */
export function refusal(id: number, error: unknown): ToChild {
  return { type: 'refusal', id, error: toSerializableError(error) };
}
