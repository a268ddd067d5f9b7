import { assetOpName } from '../../../lib/model/asset-key';
import type {
  AssetCheckManifest,
  AssetManifest,
  JobManifest,
  JobNode,
  Manifest,
  OpManifest,
  ScheduleManifest,
  SensorManifest,
} from '../../../lib/model/manifest';
import { ASSET_JOB } from '../../../lib/model/run';

const source = { file: 'orchestration/index.ts', line: 1 };

/** An asset of its own op unless `op` says otherwise; `deps` are data dependencies, `after` ordering ones. */
export interface AssetSketch extends Partial<Omit<AssetManifest, 'key'>> {
  readonly deps?: readonly string[];
  readonly after?: readonly string[];
}

export interface CheckSketch extends Partial<AssetCheckManifest> {
  readonly asset: string;
  readonly name: string;
}

export interface ManifestSketch {
  readonly location?: string;
  readonly assets?: Readonly<Record<string, AssetSketch>>;
  readonly checks?: readonly CheckSketch[];
  /** Fields of ops made for assets and nodes, by op name. */
  readonly ops?: Readonly<Record<string, Partial<OpManifest>>>;
  readonly jobs?: readonly (Partial<JobManifest> & { readonly name: string })[];
  readonly schedules?: readonly (Partial<ScheduleManifest> & { readonly name: string })[];
  readonly sensors?: readonly (Partial<SensorManifest> & { readonly name: string })[];
}

export function anOp(name: string, fields: Partial<OpManifest> = {}): OpManifest {
  return {
    name,
    description: null,
    inputs: [],
    outputs: [
      { name: 'result', description: null, isDynamic: false, isRequired: true, ioManager: 'io_manager' },
    ],
    configSchema: null,
    resources: [],
    retryPolicy: null,
    pool: null,
    tags: {},
    codeVersion: null,
    assets: [],
    checks: [],
    canSubset: false,
    isolation: 'shared',
    source,
    ...fields,
  };
}

export function aNode(name: string, fields: Partial<JobNode> = {}): JobNode {
  return { name, op: name, inputs: [], after: [], tags: {}, retryPolicy: null, mappedOver: null, ...fields };
}

export function aJob(name: string, fields: Partial<JobManifest> = {}): JobManifest {
  return {
    name,
    description: null,
    tags: {},
    runTags: {},
    metadata: {},
    partitions: null,
    owners: [],
    configSchema: { type: 'object' },
    defaultConfig: {},
    hooks: [],
    maxConcurrentSteps: null,
    assets: null,
    assetChecks: null,
    nodes: [],
    source,
    ...fields,
  };
}

export function aManifest(sketch: ManifestSketch): Manifest {
  const assets = Object.entries(sketch.assets ?? {}).map(([key, fields]) => anAsset(key, fields));
  const checks = (sketch.checks ?? []).map(aCheck(assets));
  const opNames = new Set([
    ...assets.flatMap((asset) => asset.op ?? []),
    ...checks.map((check) => check.op),
    ...(sketch.jobs ?? []).flatMap((job) => (job.nodes ?? []).map((node) => node.op)),
  ]);
  const ops = [...opNames].map((name) => {
    const own = assets.filter((asset) => asset.op === name);
    const inputs = new Set(
      own.flatMap((asset) => asset.dependencies.flatMap((dependency) => dependency.input ?? [])),
    );
    return anOp(name, {
      assets: own.map((asset) => asset.key),
      checks: checks.filter((check) => check.op === name).map((check) => check.name),
      inputs: [...inputs].map((input) => ({ name: input, description: null, hasValue: true })),
      ...sketch.ops?.[name],
    });
  });
  const materializable = assets.filter((asset) => asset.op !== null).map((asset) => asset.key);
  const location = sketch.location ?? 'orchestration';
  return {
    apiVersion: 1,
    location,
    assets,
    assetChecks: checks,
    ops,
    jobs: [
      aJob(ASSET_JOB, {
        assets: materializable,
        assetChecks: checks.map(({ asset, name }) => ({ asset, name })),
      }),
      ...(sketch.jobs ?? []).map((job) => aJob(job.name, job)),
    ],
    schedules: (sketch.schedules ?? []).map((schedule) => ({
      description: null,
      cron: ['0 0 * * *'],
      timezone: 'UTC',
      jobName: ASSET_JOB,
      defaultStatus: 'RUNNING',
      request: { config: {}, tags: {}, partitioned: false },
      tags: {},
      metadata: {},
      source,
      ...schedule,
    })),
    sensors: (sketch.sensors ?? []).map((sensor) => ({
      description: null,
      kind: 'STANDARD',
      jobNames: [ASSET_JOB],
      minimumIntervalSeconds: 30,
      defaultStatus: 'RUNNING',
      runStatus: null,
      assets: [],
      tags: {},
      metadata: {},
      source,
      ...sensor,
    })),
    resources: [],
  };
}

export function jobOf(manifest: Manifest, name: string = ASSET_JOB): JobManifest {
  const job = manifest.jobs.find((candidate) => candidate.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
}

function anAsset(key: string, { deps = [], after = [], ...fields }: AssetSketch): AssetManifest {
  return {
    key,
    op: assetOpName(key),
    dependencies: [
      ...deps.map((dependency) => ({
        key: dependency,
        kind: 'data' as const,
        input: assetOpName(dependency),
        mapping: null,
      })),
      ...after.map((dependency) => ({
        key: dependency,
        kind: 'ordering' as const,
        input: null,
        mapping: null,
      })),
    ],
    group: 'default',
    description: null,
    tags: {},
    kinds: [],
    owners: [],
    metadata: {},
    codeVersion: null,
    partitions: null,
    automationCondition: null,
    freshnessPolicy: null,
    backfillPolicy: null,
    ioManager: 'io_manager',
    source,
    ...fields,
  };
}

const aCheck =
  (assets: readonly AssetManifest[]) =>
  (check: CheckSketch): AssetCheckManifest => ({
    op: assets.find((asset) => asset.key === check.asset)?.op ?? check.name,
    blocking: false,
    description: null,
    metadata: {},
    source,
    ...check,
  });
