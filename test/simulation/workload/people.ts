import { applyPoolLimits } from '../../../lib/engine/apply-pool-limits';
import { cancelRun } from '../../../lib/engine/cancel-run';
import { changeBackfill } from '../../../lib/engine/change-backfill';
import { launchBackfill } from '../../../lib/engine/launch-backfill';
import { type LaunchRunRequest, launchRun } from '../../../lib/engine/launch-run';
import { pauseInstance, resumeInstance } from '../../../lib/engine/pause-instance';
import { reconcileScheduler } from '../../../lib/engine/reconcile-scheduler';
import { reexecuteRun } from '../../../lib/engine/reexecute-run';
import { setInstigatorStatus } from '../../../lib/engine/set-instigator-status';
import type { BackfillChange } from '../../../lib/ports/backfill-storage';
import type { Instance } from '../../../lib/ports/instance';
import type { Random } from '../core/random';
import { isFinished, type RunBook } from '../invariants/run-book';
import type { Functions } from '../world/functions';
import type { Simulation } from '../world/simulation';
import { JOBS, LOCATION, MANIFEST, PARTITIONS } from './manifest';
import { CUSTOMERS } from './settings';

const MINUTE = 60_000;
/** Who asks for a run asks again until there is an answer, by the same key. */
const ASK_AGAIN = { low: 2_000, high: 20_000 };

/** People and programs that ask the control plane for things, each when the seed says. */
export class People {
  private readonly simulation: Simulation;
  private readonly functions: Functions;
  private readonly book: RunBook;
  private readonly random: Random;
  /** Idempotency keys of requests that were answered, with the run that was named. */
  readonly accepted = new Map<string, string>();
  /** Requests that have no answer yet. */
  readonly asking = new Set<string>();
  private readonly backfills: string[] = [];
  hasPaused = false;

  constructor(simulation: Simulation, functions: Functions, book: RunBook, random: Random) {
    this.simulation = simulation;
    this.functions = functions;
    this.book = book;
    this.random = random;
  }

  /** Spreads all that they do over the time given, in milliseconds. */
  begin(within: number): void {
    const { random } = this;
    void this.insist('deploy', async (instance) => {
      await applyPoolLimits(instance, this.simulation.settings);
      await reconcileScheduler(instance, this.simulation.settings);
    });
    const several = (low: number, high: number, act: () => Promise<void>): void => {
      const count = random.integer(low, high);
      for (let index = 0; index < count; index += 1) this.at(random.between(1_000, within), act);
    };
    several(7, 11, () => this.launch());
    several(2, 6, () => this.cancel());
    several(0, 2, () => this.reexecute());
    several(1, 2, () => this.backfill());
    several(0, 3, () => this.changeBackfill());
    several(0, 1, () => this.pause());
  }

  /** Turns schedules and sensors off, so that there is an end. */
  async turnOff(): Promise<void> {
    const all = [
      ...MANIFEST.schedules.map(({ name }) => ({ location: LOCATION, kind: 'schedule' as const, name })),
      ...MANIFEST.sensors.map(({ name }) => ({ location: LOCATION, kind: 'sensor' as const, name })),
    ];
    for (const id of all) {
      await this.insist(`turn off ${id.name}`, (instance) =>
        setInstigatorStatus(instance, this.simulation.settings, id, 'STOPPED'),
      );
    }
  }

  private async launch(): Promise<void> {
    const { random, book } = this;
    const key = `key-${random.hex(8)}`;
    const earlier = [...this.accepted.values()];
    const upstream =
      earlier.length > 0 && random.chance(0.5)
        ? [...new Set([random.pick(earlier), random.pick(earlier)])]
        : [];
    const requires = random.pick(['success', 'end'] as const);
    const mode = random.pick(['all', 'any'] as const);
    if (upstream.length > 0) book.dependencies.set(key, { upstream, requires, mode });
    const request: LaunchRunRequest = {
      location: LOCATION,
      jobName: random.pick(JOBS),
      idempotencyKey: key,
      tags: {
        ...(random.chance(0.5) ? { team: 'data' } : {}),
        ...(random.chance(0.5) ? { customer: random.pick(CUSTOMERS) } : {}),
        ...(random.chance(0.4) ? { 'dagster/priority': String(random.integer(-2, 5)) } : {}),
      },
      ...(upstream.length > 0 ? { after: { runs: upstream, requires, mode } } : {}),
    };
    this.asking.add(key);
    const { runId } = await this.insist(`launch ${request.jobName}`, (instance) =>
      launchRun(instance, this.simulation.settings, request),
    );
    const known = book.runs.get(runId);
    if (known?.idempotencyKey !== key)
      this.simulation.violate(`run ${runId} was promised for ${key} and is not there`);
    this.asking.delete(key);
    this.accepted.set(key, runId);
  }

  private async cancel(): Promise<void> {
    const live = [...this.book.runs.values()].filter((run) => !isFinished(run));
    if (live.length === 0) return;
    const { runId } = this.random.pick(live);
    const force = this.random.chance(0.4);
    await this.once('cancel', (instance) =>
      cancelRun(instance, this.simulation.settings, runId, { force, cause: 'Canceled by somebody.' }),
    );
  }

  private async reexecute(): Promise<void> {
    const failed = [...this.book.runs.values()].filter(({ status }) => status === 'FAILURE');
    if (failed.length === 0) return;
    const { runId } = this.random.pick(failed);
    await this.once('re-execute', (instance) =>
      reexecuteRun(instance, this.simulation.settings, { parentRunId: runId, strategy: 'FROM_FAILURE' }),
    );
  }

  private async backfill(): Promise<void> {
    const launched = await this.once('backfill', (instance) =>
      launchBackfill(instance, this.simulation.settings, {
        location: LOCATION,
        jobName: 'partitioned',
        assets: null,
        partitions: this.random.chance(0.5)
          ? 'all'
          : PARTITIONS.slice(0, this.random.integer(1, PARTITIONS.length)),
        config: null,
        tags: this.random.chance(0.5) ? { team: 'data' } : {},
      }),
    );
    if (launched !== undefined) this.backfills.push(launched.backfillId);
  }

  private async changeBackfill(): Promise<void> {
    const { random } = this;
    if (this.backfills.length === 0) return;
    const id = random.pick(this.backfills);
    const change = (wanted: BackfillChange): Promise<unknown> =>
      this.insist(`${wanted.kind} backfill`, (instance) =>
        changeBackfill(instance, this.simulation.settings, id, wanted),
      );
    const kind = random.pick(['cancel', 'pause', 'priority'] as const);
    if (kind === 'priority') await change({ kind, priority: random.integer(-5, 5) });
    else if (kind === 'cancel') await change({ kind, cause: 'Canceled by somebody.' });
    else {
      await change({ kind });
      this.at(random.between(0, 4 * MINUTE), async () => void (await change({ kind: 'resume' })));
    }
  }

  private async pause(): Promise<void> {
    const { settings } = this.simulation;
    const scope = this.random.pick(['all', 'dequeue'] as const);
    this.hasPaused = true;
    await this.insist('pause', (instance) => pauseInstance(instance, settings, { scope, by: 'somebody' }));
    this.at(this.random.between(0, 4 * MINUTE), () =>
      this.insist('resume', (instance) => resumeInstance(instance, settings)),
    );
  }

  private at(delay: number, act: () => Promise<void>): void {
    this.simulation.timeline.after(delay, () => void act());
  }

  private async once<T>(what: string, call: (instance: Instance) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.functions.request(what, call);
    } catch {
      return undefined;
    }
  }

  /** Asks until it is done. */
  private async insist<T>(what: string, call: (instance: Instance) => Promise<T>): Promise<T> {
    const { timeline } = this.simulation;
    for (;;) {
      try {
        return await this.functions.request(what, call);
      } catch {
        const wait = this.random.between(ASK_AGAIN.low, ASK_AGAIN.high);
        await new Promise<void>((resolve) => void timeline.after(wait, resolve));
      }
    }
  }
}
