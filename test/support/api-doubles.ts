import type { LoadedDefinitions } from '../../lib/definitions/loaded-definitions';
import { partitionConfigsOf } from '../../lib/execution/partition-configs';
import { verifySignature } from '../../lib/execution/verify-signature';
import type { CodeLocation, CodeLocationRequest, CodeLocationResponses } from '../../lib/model/code-location';
import { definitionNames } from '../../lib/model/definition-names';
import type { ExecutionInput } from '../../lib/model/execution-input';
import { toSerializableError } from '../../lib/model/serializable-error';
import { type CodeLocationClient, UserCodeError } from '../../lib/ports/code-location-client';
import type { CodeLocationRegistry } from '../../lib/ports/code-location-registry';
import { PortError } from '../../lib/ports/errors';
import type { ObjectStore } from '../../lib/ports/object-store';
import type { RunCoordinator } from '../../lib/ports/run-coordinator';
import type { RunLauncher } from '../../lib/ports/run-launcher';
import type { Scheduler } from '../../lib/ports/scheduler';

/** Remembers what it was asked for; executes nothing. */
export class RecordingRunCoordinator implements RunCoordinator {
  readonly started: { readonly name: string; readonly input: ExecutionInput }[] = [];
  readonly stopped: string[] = [];

  async startExecution(name: string, input: ExecutionInput): Promise<void> {
    this.started.push({ name, input });
  }

  async stopExecution(name: string): Promise<void> {
    this.stopped.push(name);
  }
}

/** Has no workers, so every worker is confirmed stopped. */
export class RecordingRunLauncher implements RunLauncher {
  readonly stopped: string[] = [];

  run(): never {
    throw new PortError('permanent', 'no run is launched in this test');
  }

  async stop(runId: string, attempt: number): Promise<void> {
    this.stopped.push(`${runId}-${attempt}`);
  }
}

export class RecordingScheduler implements Scheduler {
  readonly precisionMs = 1;
  readonly alarms: (number | null)[] = [];

  async setAlarm(at: number | null): Promise<void> {
    this.alarms.push(at);
  }

  async setTimings(): Promise<void> {}
}

/** Objects in memory. */
export class MemoryObjectStore implements ObjectStore {
  private readonly objects = new Map<string, Uint8Array>();

  async put(key: string, body: Uint8Array): Promise<void> {
    this.objects.set(key, body.slice());
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key)?.slice();
  }

  async list(prefix: string, options: { readonly startAfter?: string; readonly limit?: number } = {}) {
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix) && key > (options.startAfter ?? ''))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, options.limit ?? 1_000)
      .map(([key, body]) => ({ key, bytes: body.byteLength }));
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.objects.delete(key);
  }
}

/** A workspace that tests change at will; the list is the same object until they do. */
export class TestCodeLocations implements CodeLocationRegistry {
  private locations: readonly CodeLocation[];
  /** Names in the order of being reloaded. */
  readonly reloaded: string[] = [];

  constructor(locations: readonly CodeLocation[]) {
    this.locations = locations;
  }

  async list(): Promise<readonly CodeLocation[]> {
    return this.locations;
  }

  async get(name: string): Promise<CodeLocation | undefined> {
    return this.locations.find((location) => location.name === name);
  }

  async reload(name: string): Promise<CodeLocation | undefined> {
    this.reloaded.push(name);
    return this.get(name);
  }

  /** Puts a location in the place of the one of its name, or adds it. */
  set(location: CodeLocation): void {
    const others = this.locations.filter(({ name }) => name !== location.name);
    this.locations = [...others, location].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  remove(name: string): void {
    this.locations = this.locations.filter((location) => location.name !== name);
  }
}

/** Calls user code in this process. `outage` makes every location unreachable. */
export class InProcessCodeLocationClient implements CodeLocationClient {
  outage = false;
  readonly calls: CodeLocationRequest[] = [];
  private readonly definitions: Record<string, LoadedDefinitions>;
  private readonly secrets: Readonly<Record<string, string>>;

  constructor(
    definitions: Readonly<Record<string, LoadedDefinitions>>,
    secrets: Readonly<Record<string, string>> = {},
  ) {
    this.definitions = { ...definitions };
    this.secrets = secrets;
  }

  /** Adds a location. */
  add(location: string, definitions: LoadedDefinitions): void {
    this.definitions[location] = definitions;
  }

  private secretsOf(request: CodeLocationRequest): Readonly<Record<string, string>> {
    const names: readonly string[] = request.kind === 'verify-signature' ? request.secrets : [];
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.secrets[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  async call<K extends CodeLocationRequest['kind']>(
    location: string,
    _bundleHash: string,
    request: Extract<CodeLocationRequest, { kind: K }>,
  ): Promise<CodeLocationResponses[K]> {
    this.calls.push(request);
    const loaded = this.definitions[location];
    if (this.outage || loaded === undefined) {
      throw new PortError('transient', `Code location '${location}' cannot be reached.`);
    }
    try {
      return (await answer(loaded, location, request, this.secretsOf(request))) as CodeLocationResponses[K];
    } catch (error) {
      throw new UserCodeError(`User code of '${location}' failed: ${String(error)}`, {
        cause: toSerializableError(error),
      });
    }
  }
}

const silent = { debug() {}, info() {}, warning() {}, error() {} };

async function answer(
  loaded: LoadedDefinitions,
  location: string,
  request: CodeLocationRequest,
  secrets: Readonly<Record<string, string>>,
): Promise<CodeLocationResponses[CodeLocationRequest['kind']]> {
  const context = { log: silent, resources: {} };
  switch (request.kind) {
    case 'manifest':
      return loaded.manifest(location);
    case 'definition-names':
      return definitionNames(loaded.manifest(location));
    case 'verify-signature':
      return verifySignature({ lookUp: async () => new Map(Object.entries(secrets)) }, request);
    case 'partition-config': {
      const job = loaded.manifest(location).jobs.find(({ name }) => name === request.job);
      if (job === undefined) throw new Error(`no job ${request.job}`);
      return partitionConfigsOf(loaded, job, request.runs);
    }
    case 'validate-config':
      return loaded.validateConfig(request.job, request.config);
    case 'evaluate-schedule': {
      const schedule = loaded.schedules[request.schedule];
      if (schedule === undefined) throw new Error(`no schedule ${request.schedule}`);
      return { result: await schedule.evaluate({ ...context, scheduledAt: request.scheduledAt }), logs: [] };
    }
    case 'evaluate-sensor': {
      const sensor = loaded.sensors[request.sensor];
      if (sensor === undefined) throw new Error(`no sensor ${request.sensor}`);
      return { result: await sensor.evaluate({ ...context, ...request }), logs: [] };
    }
  }
}
