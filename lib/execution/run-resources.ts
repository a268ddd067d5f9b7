import type { LoadedDefinitions, ResourceContext, RunInfo } from '../definitions/loaded-definitions';
import type { JsonObject } from '../model/json';
import type { SecretMask } from '../model/secret-mask';
import { toSerializableError } from '../model/serializable-error';
import { DefinitionNotFoundError } from './errors';
import type { ExecutionHost } from './execution-host';
import type { ManifestIndex } from './manifest-index';
import { createLogger, type Emit } from './run-scope';

interface SetUpResource {
  readonly name: string;
  readonly value: unknown;
  readonly tearDown: (() => Promise<void>) | null;
}

export interface RunResourcesOptions {
  readonly definitions: LoadedDefinitions;
  readonly index: ManifestIndex;
  readonly run: RunInfo | null;
  /** The run config's `resources`. */
  readonly config: JsonObject;
  readonly host: Pick<ExecutionHost, 'lookUp' | 'mask' | 'artifacts' | 'clock'>;
  readonly mask: SecretMask;
  readonly emit: Emit;
}

/**
 * The resources of one run: each set up when a step first needs it, after those it depends on, once; torn down
 * in reverse at the end. A resource that fails is tried again by the next step (or try) that needs it.
 */
export class RunResources {
  private readonly options: RunResourcesOptions;
  private readonly pending = new Map<string, Promise<SetUpResource>>();
  /** In the order in which they became ready. */
  private readonly ready: SetUpResource[] = [];

  constructor(options: RunResourcesOptions) {
    this.options = options;
  }

  /** Values of the named resources, set up if they are not yet. Throws what the first failing set-up threw. */
  async values(names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const missing = [...new Set(names)].filter((name) => !this.pending.has(name));
    if (missing.length > 0) await this.setUpReported(missing);
    const entries = await Promise.all(
      names.map(async (name) => [name, (await this.get(name)).value] as const),
    );
    return Object.fromEntries(entries);
  }

  /** Tears down in reverse order; what a tear-down throws is logged and does not stop the others. */
  async tearDown(): Promise<void> {
    const { emit } = this.options;
    for (const { name, tearDown } of this.ready.splice(0).reverse()) {
      try {
        await tearDown?.();
      } catch (error) {
        const data = { error: toSerializableError(error) };
        emit('ENGINE_EVENT', `Tear-down of resource "${name}" failed.`, data, { level: 'ERROR' });
      }
    }
    this.pending.clear();
  }

  private async setUpReported(names: readonly string[]): Promise<void> {
    const { emit, host } = this.options;
    const list = names.join(', ');
    const started = host.clock.now();
    emit('RESOURCE_INIT_STARTED', `Setting up ${list}.`, { resources: names });
    try {
      await Promise.all(names.map((name) => this.get(name)));
    } catch (error) {
      const data = { resources: names, error: toSerializableError(error) };
      emit('RESOURCE_INIT_FAILURE', `Setting up ${list} failed.`, data, { level: 'ERROR' });
      throw error;
    }
    const seconds = (host.clock.now() - started) / 1_000;
    emit('RESOURCE_INIT_SUCCESS', `Set up ${list}.`, { resources: names, seconds });
  }

  private get(name: string): Promise<SetUpResource> {
    const known = this.pending.get(name);
    if (known !== undefined) return known;
    const pending = this.setUp(name);
    this.pending.set(name, pending);
    pending.catch(() => this.pending.delete(name));
    return pending;
  }

  private async setUp(name: string): Promise<SetUpResource> {
    const { definitions, index, host, mask } = this.options;
    const resource = definitions.resources[name];
    if (resource === undefined) {
      throw new DefinitionNotFoundError('resource', name, Object.keys(definitions.resources));
    }
    const dependencies = index.resourceDependencies.get(name) ?? [];
    const values: Record<string, unknown> = {};
    for (const dependency of dependencies) values[dependency] = (await this.get(dependency)).value;
    const variables = await host.lookUp(index.environment.get(name) ?? [], (value) => {
      if (mask.addStored(value)) host.mask(value);
    });
    const { value, tearDown } = await resource.setUp(this.context(name, values, variables));
    const setUp = { name, value, tearDown: tearDown ?? null };
    this.ready.push(setUp);
    return setUp;
  }

  private context(
    name: string,
    resources: Readonly<Record<string, unknown>>,
    variables: ReadonlyMap<string, string>,
  ): ResourceContext {
    const { run, config, host, mask, emit } = this.options;
    const own = config[name];
    const isObject = typeof own === 'object' && own !== null && !Array.isArray(own);
    return {
      run,
      stepKey: null,
      config: isObject ? ((own as JsonObject)['config'] ?? null) : null,
      resources,
      env: (variable) => variables.get(variable),
      mask: (secret) => {
        mask.add(secret);
        host.mask(secret);
      },
      log: createLogger(emit, {}),
      artifacts: host.artifacts,
    };
  }
}
