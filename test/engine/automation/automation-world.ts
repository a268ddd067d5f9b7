import { automatedKeys } from '../../../lib/engine/automation/automated-keys';
import type {
  AssetFacts,
  AssetUpdateFact,
  AutomationFacts,
  CheckFacts,
  RunFacts,
} from '../../../lib/engine/automation/automation-facts';
import { automationGraph } from '../../../lib/engine/automation/automation-graph';
import {
  type AutomationOutcome,
  evaluateAutomation,
} from '../../../lib/engine/automation/evaluate-automation';
import type { AssetCheckStatus } from '../../../lib/model/asset-check';
import type { AutomationState, TickContext } from '../../../lib/model/automation-state';
import type { Manifest } from '../../../lib/model/manifest';
import { aManifest, type ManifestSketch } from '../support/build-manifest';

interface AssetLog {
  readonly updates: AssetUpdateFact[];
  readonly materialized: Set<string>;
  latest: AssetUpdateFact | null;
}

interface PlannedRun extends RunFacts {
  readonly id: string;
  readonly partition: string | null;
  status: 'STARTED' | 'SUCCESS' | 'FAILURE';
  /** Position of the log when it ended. */
  endedAfter: number;
  readonly made: Set<string>;
}

/** A deployment in memory: things happen to its assets, and its automation is evaluated from time to time. */
export class AutomationWorld {
  manifest: Manifest;
  private readonly sensor = 'automation';
  private readonly logs = new Map<string, AssetLog>();
  private readonly runs = new Map<string, PlannedRun>();
  private readonly checks = new Map<string, CheckFacts>();
  private states: ReadonlyMap<string, AutomationState> = new Map();
  private context: TickContext | null = null;
  private storageId = 0;
  private evaluationId = 0;

  constructor(sketch: ManifestSketch) {
    this.manifest = aManifest(sketch);
  }

  /** New code. */
  reload(sketch: ManifestSketch): void {
    this.manifest = aManifest(sketch);
  }

  update(
    key: string,
    at: number,
    options: Partial<Pick<AssetUpdateFact, 'partition' | 'runId' | 'version'>> = {},
  ): void {
    const log = this.logs.get(key) ?? {
      updates: [],
      materialized: new Set(),
      latest: null,
    };
    this.logs.set(key, log);
    this.storageId += 1;
    const { partition = null, runId = null, version = runId } = options;
    const previous = log.updates.findLast((each) => each.partition === partition);
    const update: AssetUpdateFact = {
      storageId: this.storageId,
      timestamp: at,
      partition,
      runId,
      version,
      previousVersion: previous?.version ?? null,
    };
    log.updates.push(update);
    log.latest = update;
    if (partition !== null) log.materialized.add(partition);
  }

  check(asset: string, name: string, status: AssetCheckStatus, runId: string): void {
    this.storageId += 1;
    this.checks.set(`${asset}:${name}`, { status, runId, storageId: this.storageId, timestamp: 0 });
  }

  startRun(id: string, assets: readonly string[], partition: string | null = null, tags = {}): void {
    this.runs.set(id, {
      id,
      partition,
      tags,
      assets: new Set(assets),
      status: 'STARTED',
      endedAfter: 0,
      made: new Set(),
    });
  }

  finishRun(id: string, status: 'SUCCESS' | 'FAILURE', made: readonly string[], at: number): void {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    for (const key of made) {
      this.update(key, at, { runId: id, partition: run.partition });
      run.made.add(key);
    }
    run.status = status;
    run.endedAfter = this.storageId;
  }

  /** One tick of the sensor that covers all assets with conditions. */
  tick(now: number, only?: readonly string[]): AutomationOutcome {
    this.evaluationId += 1;
    const covered = automatedKeys(this.manifest).filter((key) => only === undefined || only.includes(key));
    const outcome = evaluateAutomation({
      graph: automationGraph([
        {
          name: this.manifest.location,
          status: 'LOADED',
          manifest: this.manifest,
          bundleHash: 'hash',
          error: null,
          updatedAt: 0,
        },
      ]),
      facts: this.facts(now),
      sensor: this.sensor,
      keys: covered,
      evaluationId: this.evaluationId,
      states: this.states,
      contextOf: () => this.context,
    });
    // Through JSON, as storage has it.
    this.states = new Map([
      ...this.states,
      ...(JSON.parse(JSON.stringify([...outcome.states])) as [string, AutomationState][]),
    ]);
    this.context = { evaluationId: this.evaluationId, time: now, eventId: this.storageId };
    return outcome;
  }

  /** `asset` or `asset|partition`, sorted. */
  requested(outcome: AutomationOutcome): string[] {
    return [...outcome.requests]
      .flatMap(([key, subset]) =>
        [...subset].map((partition) => (partition === '' ? key : `${key}|${partition}`)),
      )
      .sort();
  }

  private facts(now: number): AutomationFacts {
    return {
      now,
      throughId: this.storageId,
      assets: new Map(this.manifest.assets.map(({ key }) => [key, this.factsOf(key)])),
      checks: this.checks,
      runs: this.runs,
      dynamicKeys: new Map(),
    };
  }

  private factsOf(key: string): AssetFacts {
    const log = this.logs.get(key);
    const planned = [...this.runs.values()].filter(({ assets }) => assets.has(key));
    const live = planned.filter(({ status, made }) => status === 'STARTED' && !made.has(key));
    const partitionsOf = (runs: readonly PlannedRun[]) =>
      new Set(runs.flatMap(({ partition }) => (partition === null ? [] : [partition])));
    const lastOf = new Map(planned.map((run) => [run.partition, run]));
    const failed = [...lastOf.values()].filter(
      ({ status, made, partition, endedAfter }) =>
        status === 'FAILURE' &&
        !made.has(key) &&
        // As storage tells: of a partition, what was made later; otherwise the latest run alone counts.
        (partition === null ||
          !log?.updates.some((each) => each.partition === partition && each.storageId > endedAfter)),
    );
    return {
      lastMaterialization: log?.latest ?? null,
      runInProgress: live.some(({ partition }) => partition === null),
      backfillInProgress: false,
      executionFailed: failed.some(({ partition }) => partition === null),
      materialized: log?.materialized ?? new Set(),
      partitionsInRuns: partitionsOf(live),
      partitionsInBackfills: new Set(),
      partitionsFailed: partitionsOf(failed),
      updates: (log?.updates ?? []).filter(({ storageId }) => storageId > 0),
    };
  }
}
