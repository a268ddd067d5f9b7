import { AslRunCoordinator } from '../../../lib/adapters/local/asl-run-coordinator';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { systemIds } from '../../../lib/adapters/system/system-ids';
import type { EngineSettings } from '../../../lib/engine/engine-settings';
import { finalizeRun } from '../../../lib/engine/finalize-run';
import { wakeUp } from '../../../lib/engine/wake-up';
import type { CodeLocation } from '../../../lib/model/code-location';
import type { Clock } from '../../../lib/ports/clock';
import { isTransient } from '../../../lib/ports/errors';
import type { LaunchRequest, RunLauncher, TaskExit } from '../../../lib/ports/run-launcher';
import { createTestInstance, type TestInstance } from '../../engine/support/test-instance';
import type { ChaosDatabase } from './chaos-database';
import { Activity, ChaosProcess, type Crash, CrashPoints, crashingDriver } from './crashing-driver';
import { type Spoken, scriptedWorker, type WorkerScript } from './scripted-worker';

/** Sleeps of so long only end when they are aborted: the state machine's time-outs. */
const FOR_EVER_MS = 50_000;
/** A sleep takes this part of its time. */
const HASTE = 25;
/** Longer than every lease and time-out of these tests. */
export const PATIENCE_MS = 65_000;

/** Rounds of patience after which the end of a process that vanished is known. */
const REPORTED_AFTER = 6;

/** The whole product but for user code: every write of every process is a point at which it may be killed. */
export class World {
  readonly activity = new Activity();
  readonly points: CrashPoints;
  readonly spoken: Spoken[] = [];
  /** Attempts whose workers lived at the same time as another one of their run; must stay empty. */
  readonly overlaps: string[] = [];
  /** Servers that were started after the first. */
  restarts = 0;
  server: Server;
  readonly database: ChaosDatabase;
  readonly settings: EngineSettings;
  readonly script: WorkerScript;
  readonly locations: readonly CodeLocation[];
  readonly answer: TestInstance['answer'];
  private readonly workers = new Map<string, LiveWorker>();
  private readonly isVanishing: boolean;
  private aheadBy: number;

  constructor(options: {
    readonly database: ChaosDatabase;
    readonly settings: EngineSettings;
    readonly script: WorkerScript;
    readonly locations: readonly CodeLocation[];
    readonly answer?: TestInstance['answer'];
    readonly crash: Crash | null;
    /** Milliseconds by which the world's time is ahead of the machine's. */
    readonly aheadBy: number;
  }) {
    this.database = options.database;
    this.settings = options.settings;
    this.script = options.script;
    this.locations = options.locations;
    this.answer = options.answer ?? (() => Promise.reject(new Error('no user code is asked for')));
    this.aheadBy = options.aheadBy;
    this.points = new CrashPoints(options.database.writers, options.crash);
    this.isVanishing = options.crash?.mode === 'vanished after';
    this.server = this.startServer();
  }

  now = (): number => Date.now() + this.aheadBy;

  async advance(ms: number): Promise<void> {
    this.aheadBy += ms;
    await this.database.setClock(this.aheadBy);
  }

  idle(): Promise<void> {
    return this.activity.idle();
  }

  /** A caller who asks again, with the same words, until the answer arrives. */
  async insist<T>(call: (server: Server) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < 5; tries += 1) {
      if (!this.server.process.isAlive) await this.restart();
      const { process } = this.server;
      try {
        const answer = await Promise.race([
          call(this.server).then((value) => ({ value })),
          process.died.then(() => null),
        ]);
        if (answer !== null) return answer.value;
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
    }
    throw new Error('The server never answered.');
  }

  /** What an alarm leads to; whatever goes wrong is left to the next. */
  async wakeUp(): Promise<void> {
    if (!this.server.process.isAlive) await this.restart();
    const { process, instance } = this.server;
    await Promise.race([wakeUp(instance, this.settings), process.died]);
    await this.idle();
  }

  /** Lets time pass until nothing is left to do. */
  async recover(unsettled: () => Promise<readonly string[]>): Promise<void> {
    await this.idle();
    if (!this.server.process.isAlive) await this.restart();
    await this.idle();
    for (let round = 0; round < 14; round += 1) {
      // However long it takes, the end of a task is reported at last.
      if (round === REPORTED_AFTER) for (const worker of this.workers.values()) worker.report();
      if (this.server.process.isAlive && (await unsettled()).length === 0) return;
      await this.advance(PATIENCE_MS);
      await this.wakeUp();
    }
    const left = await unsettled();
    if (left.length > 0) throw new Error(`It never came to rest: ${left.join('; ')}`);
  }

  /** Ends what still runs. */
  dispose(): void {
    this.server.process.kill();
    for (const { process } of this.workers.values()) process.kill();
  }

  readonly clockOf = (process: ChaosProcess): Clock => ({
    now: this.now,
    sleep: (ms, signal) => {
      const sleep = new Promise<void>((resolve, reject) => {
        if (signal?.aborted) reject(signal.reason);
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        if (ms < FOR_EVER_MS) setTimeout(resolve, ms / HASTE);
      });
      return process.hear(ms < FOR_EVER_MS ? this.activity.during(sleep) : sleep);
    },
  });

  private async restart(): Promise<void> {
    this.restarts += 1;
    this.server = this.startServer();
    const { coordinator, process } = this.server;
    await Promise.race([coordinator.resume(), process.died]);
  }

  private startServer(): Server {
    const process = new ChaosProcess();
    const clock = this.clockOf(process);
    const { control } = this.database;
    const storage = createPostgresStorage({
      driver: crashingDriver(control, 'server', process, this.points, this.activity),
    });
    const test = createTestInstance(storage, clock);
    test.locations.push(...this.locations);
    test.answer = this.answer;
    const runLauncher: RunLauncher = {
      run: (request, signal) => this.runWorker(request, signal),
      stop: (runId, attempt) => this.stopWorker(runId, attempt),
    };
    const coordinator = new AslRunCoordinator({
      storage,
      runLauncher,
      clock,
      ids: systemIds,
      issueToken: (runId, attempt) => storage.issueAttemptToken(runId, attempt),
      finalize: (input) => finalizeRun(instance, this.settings, input),
      onError: () => undefined,
    });
    const instance: TestInstance = Object.assign(test, { runCoordinator: coordinator, runLauncher });
    return { process, instance, coordinator };
  }

  private async runWorker(request: LaunchRequest, signal: AbortSignal): Promise<TaskExit> {
    const { runId, attempt, attemptToken, clientToken } = request;
    const known = this.workers.get(clientToken);
    if (known !== undefined) return known.exit;
    for (const other of this.workers.values()) {
      if (other.runId === runId && other.attempt !== attempt && other.process.isAlive && !other.hasEnded) {
        this.overlaps.push(`${runId}-${attempt} beside ${other.attempt}`);
      }
    }
    const process = new ChaosProcess();
    let ask: () => void = () => undefined;
    const stopping = new Promise<void>((resolve) => {
      ask = resolve;
    });
    let isListening = false;
    const work = scriptedWorker({
      ref: { runId, attempt, workerId: clientToken, token: attemptToken },
      driver: crashingDriver(this.database.worker, 'worker', process, this.points, this.activity),
      process,
      clock: this.clockOf(process),
      script: this.script,
      spoken: this.spoken,
      stopping: () => {
        isListening = true;
        return stopping;
      },
    });
    let report: () => void = () => undefined;
    const reported = new Promise<void>((resolve) => {
      report = resolve;
    });
    const killed = process.died
      .then(() => (this.isVanishing ? reported : undefined))
      .then(() => ({ exitCode: null, reason: 'killed by SIGKILL' }));
    const worker: LiveWorker = {
      runId,
      attempt,
      process,
      stopping: ask,
      isListening: () => isListening,
      hasEnded: false,
      report,
      kill: () => {
        report();
        process.kill();
      },
      exit: Promise.race([work, killed]),
    };
    worker.exit.then(
      () => {
        worker.hasEnded = true;
      },
      () => undefined,
    );
    this.workers.set(clientToken, worker);
    signal.addEventListener('abort', () => {
      worker.kill();
    });
    return worker.exit;
  }

  /** Asks the attempt's workers to stop, and ends those that do not listen. */
  private async stopWorker(runId: string, attempt: number): Promise<void> {
    for (const worker of this.workers.values()) {
      if (worker.runId !== runId || worker.attempt !== attempt || worker.hasEnded) continue;
      if (worker.process.isAlive && worker.isListening()) {
        worker.stopping();
        await Promise.race([worker.exit, worker.process.died]);
      }
      worker.kill();
    }
  }
}

export interface Server {
  readonly process: ChaosProcess;
  readonly instance: TestInstance;
  readonly coordinator: AslRunCoordinator;
}

interface LiveWorker {
  readonly runId: string;
  readonly attempt: number;
  readonly process: ChaosProcess;
  readonly exit: Promise<TaskExit>;
  stopping(): void;
  isListening(): boolean;
  /** Lets its end be known, if it has ended. */
  report(): void;
  /** Ends it; whoever waits for its exit hears of it. */
  kill(): void;
  hasEnded: boolean;
}
