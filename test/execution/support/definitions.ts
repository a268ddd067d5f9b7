import type {
  ExecutableHook,
  ExecutableOp,
  ExecutableResource,
  ExecutableSchedule,
  ExecutableSensor,
  IoManager,
  LoadedDefinitions,
  OpEvent,
  StepContext,
} from '../../../lib/definitions/loaded-definitions';
import type { PlannedStep } from '../../../lib/model/execution-plan';
import type {
  AssetCheckManifest,
  AssetManifest,
  JobManifest,
  Manifest,
  OpManifest,
  ResourceManifest,
} from '../../../lib/model/manifest';
import type { RunAssignment } from '../../../lib/ports/worker-storage';

const source = { file: 'index.ts', line: 1 };

type OpCode = (
  context: StepContext,
  inputs: Readonly<Record<string, unknown>>,
) => AsyncIterable<OpEvent> | Promise<unknown> | unknown;

export interface TestOp extends Partial<Omit<OpManifest, 'name'>> {
  /** A generator of events, or a function whose value is the output `result`. */
  readonly run: OpCode;
}

export interface TestDefinitions {
  readonly ops?: Readonly<Record<string, TestOp>>;
  readonly assets?: readonly (Partial<AssetManifest> & { readonly key: string })[];
  readonly checks?: readonly (Partial<AssetCheckManifest> & {
    readonly asset: string;
    readonly name: string;
  })[];
  readonly jobs?: Readonly<Record<string, Partial<JobManifest>>>;
  readonly resources?: Readonly<
    Record<string, ExecutableResource & { readonly manifest?: Partial<ResourceManifest> }>
  >;
  readonly hooks?: Readonly<Record<string, ExecutableHook>>;
  readonly schedules?: Readonly<Record<string, ExecutableSchedule>>;
  readonly sensors?: Readonly<Record<string, ExecutableSensor>>;
  readonly validateConfig?: LoadedDefinitions['validateConfig'];
  readonly partitionConfig?: LoadedDefinitions['partitionConfig'];
}

/** Loaded definitions from plain functions, as a bundle would export them. */
export function testDefinitions(given: TestDefinitions): LoadedDefinitions {
  const ops = given.ops ?? {};
  const resources: TestDefinitions['resources'] = { io_manager: artifactIoManager, ...given.resources };
  return {
    apiVersion: 1,
    manifest: (location): Manifest => ({
      apiVersion: 1,
      location,
      assets: (given.assets ?? []).map((asset) => ({ ...emptyAsset, ...asset })),
      assetChecks: (given.checks ?? []).map((check) => ({
        op: check.asset,
        blocking: false,
        description: null,
        metadata: {},
        source,
        ...check,
      })),
      ops: Object.entries(ops).map(([name, { run: _, ...op }]) => ({ ...emptyOp, ...op, name })),
      jobs: Object.entries({ job: {}, ...given.jobs }).map(([name, job]) => ({ ...emptyJob, ...job, name })),
      schedules: [],
      sensors: [],
      resources: Object.entries(resources).map(([name, { manifest }]) => ({
        ...emptyResource,
        ...manifest,
        name,
      })),
    }),
    ops: Object.fromEntries(Object.entries(ops).map(([name, op]) => [name, executable(op)])),
    resources,
    schedules: given.schedules ?? {},
    sensors: given.sensors ?? {},
    hooks: given.hooks ?? {},
    validateConfig: given.validateConfig ?? ((_job, config) => ({ ok: true, config })),
    ...(given.partitionConfig === undefined ? {} : { partitionConfig: given.partitionConfig }),
  };
}

function executable({ run }: TestOp): ExecutableOp {
  return {
    async *run(context, inputs) {
      const returned = await run(context, inputs);
      if (typeof returned === 'object' && returned !== null && Symbol.asyncIterator in returned) {
        yield* returned as AsyncIterable<OpEvent>;
      } else {
        yield { type: 'output', name: 'result', value: returned };
      }
    },
  };
}

/** Keeps values as JSON artifacts, by asset and partition or by run, step, output and mapping key. */
const artifactIoManager: ExecutableResource = {
  async setUp({ artifacts }) {
    const value: IoManager = {
      async handleOutput(context, stored) {
        const key = keyOf(context);
        await artifacts.put(key, new TextEncoder().encode(JSON.stringify(stored ?? null)));
        return { path: key };
      },
      async loadInput(context) {
        const bytes = await artifacts.get(keyOf(context));
        if (bytes === undefined) throw new Error(`nothing is stored under ${keyOf(context)}`);
        return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
      },
    };
    return { value };
  },
};

function keyOf(context: Parameters<IoManager['loadInput']>[0]): string {
  const { asset, run, stepKey, output, mappingKey, partitionKeys } = context;
  const parts =
    asset === null ? [run.runId, stepKey, output, mappingKey ?? '-'] : [asset, ...(partitionKeys ?? [])];
  return parts.map(encodeURIComponent).join('/');
}

const emptyAsset: Omit<AssetManifest, 'key'> = {
  op: null,
  dependencies: [],
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
};

const emptyOp: Omit<OpManifest, 'name'> = {
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
};

const emptyJob: Omit<JobManifest, 'name'> = {
  description: null,
  tags: {},
  runTags: {},
  metadata: {},
  partitions: null,
  owners: [],
  configSchema: {},
  defaultConfig: {},
  hooks: [],
  maxConcurrentSteps: null,
  assets: null,
  assetChecks: null,
  nodes: [],
  source,
};

const emptyResource: Omit<ResourceManifest, 'name'> = {
  description: null,
  configSchema: null,
  config: {},
  environment: [],
  dependencies: [],
  isIoManager: false,
  source,
};

/** A planned step of the op of the same name. */
export function step(key: string, given: Partial<PlannedStep> = {}): PlannedStep {
  return {
    key,
    op: key.replace(/\[.*$/, ''),
    inputs: [],
    dependsOn: [],
    blockedBy: [],
    assets: [],
    checks: [],
    mappedOver: null,
    pool: null,
    retryPolicy: null,
    priority: 0,
    isolated: false,
    ...given,
  };
}

/** A run of job `job` with these steps. */
export function assignment(
  steps: readonly PlannedStep[],
  given: Partial<RunAssignment> & {
    readonly maxConcurrentSteps?: number;
    readonly partitionKeys?: readonly string[];
  } = {},
): RunAssignment {
  const { maxConcurrentSteps = 4, partitionKeys = [], ...rest } = given;
  return {
    runId: '6f1f7e3c-0000-4000-8000-000000000001',
    location: 'test',
    jobName: 'job',
    bundleHash: 'hash',
    config: {},
    tags: {},
    plan: { steps, maxConcurrentSteps, partitionKeys },
    lastSeq: 0,
    completedSteps: [],
    triesByStep: {},
    inputDataVersions: {},
    ...rest,
  };
}
