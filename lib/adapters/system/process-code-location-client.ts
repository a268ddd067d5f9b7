import { type ChildProcess, spawn } from 'node:child_process';
import { environmentForUserCode } from '../../environment';
import type {
  CodeLocationReply,
  CodeLocationRequest,
  CodeLocationResponses,
} from '../../model/code-location';
import type { FromCodeLocation, ToCodeLocation } from '../../model/code-location-messages';
import { errorSummary } from '../../model/serializable-error';
import {
  type CodeLocationClient,
  describeRequest,
  UserCodeError,
  userCodeError,
} from '../../ports/code-location-client';
import { PortError } from '../../ports/errors';
import { type OutputSink, readOutput, toStandardError } from './process-output';

/** Dagster's default. */
const LOAD_TIMEOUT_SECONDS = 180;

export interface ProcessCodeLocationClientOptions {
  /** Path of the built code-location program. */
  readonly codeLocationEntry: string;
  /** Folder of bundles, logs and artifacts; absent = where this process's environment says. */
  readonly objectStore?: string;
  /** Seconds that a location's code may take to load, beside the request's own time-out; default 180. */
  readonly loadTimeoutSeconds?: number;
  /** Working directory of user code; default this process's. */
  readonly directory?: string;
  /** Path of a built bundle's `bundle.mjs`. */
  bundlePath(location: string, bundleHash: string): Promise<string> | string;
  /** Where what a process of this location prints goes; default this process's standard error. */
  openOutput?(location: string): OutputSink;
  /** Told each secret that user code is given, before it can print it. */
  onSecret?(secret: string): void;
}

/** The client, which owns its processes. */
export interface ProcessCodeLocationClient extends CodeLocationClient {
  /** Loads a location's code before a request asks for it. */
  warm(location: string, bundleHash: string): void;
  /** Ends all processes; resolves when they are gone. */
  close(): Promise<void>;
}

/**
 * Runs each code location in a process of its own, one per bundle hash. A request that takes too long ends the
 * process, and the next one starts another; so does a process that dies. No request waits for another one: those that
 * find the process blocked by user code that never pauses, or that were in flight when it was ended for another one's
 * time-out, are asked of the next process.
 */
export function createProcessCodeLocationClient(
  options: ProcessCodeLocationClientOptions,
): ProcessCodeLocationClient {
  /** Location → its process, of the hash that was asked for last. */
  const current = new Map<string, LocationProcess>();
  const all = new Set<LocationProcess>();

  function processOf(location: string, hash: string): LocationProcess {
    const known = current.get(location);
    if (known?.hash === hash && known.isUsable) return known;
    known?.retire();
    const started = new LocationProcess(location, hash, options);
    current.set(location, started);
    all.add(started);
    void started.gone.then(() => all.delete(started));
    return started;
  }

  return {
    async call<K extends CodeLocationRequest['kind']>(
      location: string,
      bundleHash: string,
      request: Extract<CodeLocationRequest, { kind: K }>,
      { timeoutSeconds }: { readonly timeoutSeconds: number },
    ) {
      const ask = () => processOf(location, bundleHash).call(request, timeoutSeconds);
      let reply: AnyReply;
      for (let tries = 1; ; tries += 1) {
        try {
          reply = await ask();
          break;
        } catch (error) {
          if (!(error instanceof BystanderError) || tries === MAX_TRIES) throw error;
        }
      }
      if (reply.ok) return reply.value as CodeLocationResponses[K];
      throw userCodeError(location, request, reply);
    },
    warm: (location, bundleHash) => void processOf(location, bundleHash),
    async close() {
      for (const each of all) each.kill('the client was closed');
      await Promise.all([...all].map((each) => each.gone));
    },
  };
}

type AnyReply = CodeLocationReply<unknown>;

/** Processes that a request is asked of, when others' requests spoil them. */
const MAX_TRIES = 3;
/** A process that takes no request for so long, in milliseconds, is blocked by user code. */
const BLOCKED_MS = 2_000;

/** Another request spoiled the process. */
class BystanderError extends PortError {
  override readonly name = 'BystanderError';
}

/** One process with one location's code of one hash. */
class LocationProcess {
  readonly hash: string;
  readonly gone: Promise<void>;
  private readonly location: string;
  private readonly pending = new Map<number, PromiseWithResolvers<AnyReply>>();
  /** Requests that were sent and not begun: at most one, so that nobody waits behind what blocks the process. */
  private readonly sent = new Map<number, PromiseWithResolvers<void>>();
  /** Requests that have begun and not ended. */
  private readonly begun = new Set<number>();
  /** Settled when the next request may be sent. */
  private isFree: Promise<void> = Promise.resolve();
  private readonly loaded = Promise.withResolvers<void>();
  private readonly ended = Promise.withResolvers<void>();
  private process: ChildProcess | null = null;
  private count = 0;
  private isRetired = false;
  private isOver = false;
  private isBlocked = false;
  /** The request whose time-out ended it. */
  private culprit: number | null = null;
  /** Why it was ended on purpose. */
  private killedBecause: string | null = null;

  constructor(location: string, hash: string, options: ProcessCodeLocationClientOptions) {
    this.location = location;
    this.hash = hash;
    this.gone = this.ended.promise;
    this.loaded.promise.catch(() => {});
    void this.start(options);
  }

  get isUsable(): boolean {
    return !this.isOver && !this.isBlocked && this.killedBecause === null;
  }

  /** @throws {PortError} transient: timed out, or the process died; {UserCodeError}: the code does not load */
  async call(request: CodeLocationRequest, timeoutSeconds: number): Promise<AnyReply> {
    this.count += 1;
    const id = this.count;
    const pending = Promise.withResolvers<AnyReply>();
    this.pending.set(id, pending);
    // While the code still loads nobody waits for it yet.
    pending.promise.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    let blocked: NodeJS.Timeout | undefined;
    const begun = Promise.withResolvers<void>();
    const before = this.isFree;
    this.isFree = begun.promise;
    try {
      await this.loaded.promise;
      await Promise.race([before, pending.promise]);
      const kill = (): void => {
        this.culprit = id;
        this.kill(`${describeRequest(request)} took longer than ${timeoutSeconds} s`);
      };
      timer = setTimeout(kill, timeoutSeconds * 1_000);
      this.sent.set(id, begun);
      blocked = setTimeout(() => this.setAside(), BLOCKED_MS);
      void begun.promise.then(() => clearTimeout(blocked));
      this.send({ type: 'request', id, request });
      return await pending.promise;
    } finally {
      clearTimeout(timer);
      clearTimeout(blocked);
      this.sent.delete(id);
      this.begun.delete(id);
      begun.resolve();
      this.pending.delete(id);
      if (this.isRetired && this.pending.size === 0) this.kill('newer code replaced it');
    }
  }

  /** Newer code is there: ends when its last request has. */
  retire(): void {
    this.isRetired = true;
    if (this.pending.size === 0) this.kill('newer code replaced it');
  }

  /** Takes no more: the request that was sent last never let go of it. Those that wait for it go elsewhere. */
  private setAside(): void {
    this.isBlocked = true;
    this.isRetired = true;
    for (const [id, pending] of this.pending) {
      if (!this.sent.has(id) && !this.begun.has(id))
        pending.reject(this.bystander('user code blocks its process'));
    }
  }

  private bystander(why: string): BystanderError {
    return new BystanderError('transient', `Code location "${this.location}" gave no answer: ${why}.`);
  }

  kill(because: string): void {
    this.killedBecause ??= because;
    if (this.process === null) this.end('');
    else this.process.kill('SIGKILL');
  }

  private async start(options: ProcessCodeLocationClientOptions): Promise<void> {
    const { location, hash } = this;
    const { codeLocationEntry, objectStore, directory, openOutput, onSecret } = options;
    let bundlePath: string;
    try {
      bundlePath = await options.bundlePath(location, hash);
    } catch (error) {
      this.loaded.reject(error);
      this.end('its code was not found');
      return;
    }
    if (this.isOver) return;
    const child = spawn(process.execPath, ['--enable-source-maps', codeLocationEntry], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...environmentForUserCode(),
        ...(objectStore === undefined ? {} : { HEADRACE_OBJECT_STORE: objectStore }),
      },
      ...(directory === undefined ? {} : { cwd: directory }),
    });
    this.process = child;
    readOutput(child, openOutput?.(location) ?? toStandardError);
    child.on('message', (message: FromCodeLocation) => {
      if (message.type === 'mask') onSecret?.(message.secret);
      else this.receive(message);
    });
    child.once('error', (error) => this.end(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      this.end(signal === null ? `exited with code ${code}` : `was killed by ${signal}`),
    );
    const seconds = options.loadTimeoutSeconds ?? LOAD_TIMEOUT_SECONDS;
    const timer = setTimeout(
      () => this.kill(`loading took longer than ${seconds} s (code_servers.local_startup_timeout)`),
      seconds * 1_000,
    );
    timer.unref();
    void this.loaded.promise.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
    this.send({ type: 'load', location, bundlePath });
  }

  private receive(message: Exclude<FromCodeLocation, { type: 'mask' }>): void {
    if (message.type === 'loaded') this.loaded.resolve();
    else if (message.type === 'begun') {
      // Its reply may have come first.
      if (this.pending.has(message.id)) this.begun.add(message.id);
      this.sent.get(message.id)?.resolve();
      this.sent.delete(message.id);
    } else if (message.type === 'reply') this.pending.get(message.id)?.resolve(message.reply);
    else {
      const text = `Code location "${this.location}" does not load: ${errorSummary(message.error)}`;
      this.loaded.reject(new UserCodeError(text, { cause: message.error }));
      this.kill('its code does not load');
    }
  }

  private end(how: string): void {
    if (this.isOver) return;
    this.isOver = true;
    const why =
      this.killedBecause === null ? `its process ${how}` : `its process was ended: ${this.killedBecause}`;
    const error = new PortError('transient', `Code location "${this.location}" gave no answer: ${why}.`);
    this.loaded.reject(error);
    for (const [id, pending] of this.pending) {
      const isBystander = this.culprit !== null && this.culprit !== id;
      pending.reject(isBystander ? this.bystander(why) : error);
    }
    this.ended.resolve();
  }

  private send(message: ToCodeLocation): void {
    if (this.process?.connected === true) this.process.send(message, () => {});
  }
}
