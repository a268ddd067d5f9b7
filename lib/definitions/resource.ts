import type { output, ZodType } from 'zod';
import type { ArtifactStore, Logger, RunInfo } from './loaded-definitions';
import type { Resolved } from './references';
import { type CapturedSource, captureSource } from './source-capture';
import type { VALUE } from './type-keys';

/**
 * Something that steps, schedules and sensors need and that is set up for them: a client, a connection, a
 * setting. Its value is typed by what `setUp` returns.
 */
export interface ResourceDefinition<Value = unknown> {
  readonly kind: 'resource';
  /** Null: named after the key under which it is first used. */
  readonly name: string | null;
  readonly description: string | null;
  readonly isIoManager: boolean;
  readonly configSchema: ZodType | null;
  readonly settings: unknown;
  readonly resources: ResourceRecord;
  readonly source: CapturedSource;
  /** `setUp` of the options with its types erased; the caller resolves settings and parses config. */
  setUp(context: ResourceSetUpContext<unknown, unknown, Readonly<Record<string, unknown>>>): unknown;
  readonly tearDown: ((value: unknown) => void | Promise<void>) | null;
  readonly [VALUE]?: Value;
}

/** Resources by the name that the code which uses them gives them. */
export type ResourceRecord = Readonly<Record<string, ResourceDefinition>>;

/** The value of a resource definition. */
export type ResourceValue<R> = R extends ResourceDefinition<infer Value> ? Value : never;

/** The values of a record of resources. */
export type ResourceValues<R extends ResourceRecord> = { readonly [K in keyof R]: ResourceValue<R[K]> };

/** What `setUp` is given. */
export interface ResourceSetUpContext<Settings, Config, Resources> {
  /** The settings with every `env` and `secret` looked up. */
  readonly settings: Settings;
  /** The run config's `resources.<name>.config`, checked by the schema. */
  readonly config: Config;
  /** Values of the resources it depends on. */
  readonly resources: Resources;
  /** Null in a schedule or sensor. */
  readonly run: RunInfo | null;
  readonly stepKey: string | null;
  readonly log: Logger;
  /** Registers a value to be masked in logs, events and errors; secrets in settings already are. */
  mask(secret: string): void;
  readonly artifacts: ArtifactStore;
}

export interface ResourceOptions<Value, S, C extends ZodType | undefined, R extends ResourceRecord> {
  /** Default: the key under which it is used, e.g. `usgs` for `resources: { usgs }`. */
  readonly name?: string;
  readonly description?: string;
  /** Fixed values, with `env(...)` and `secret(...)` anywhere in them; shown in the dashboard by name. */
  readonly settings?: S;
  /** Schema of what a run may configure, at `resources.<name>.config`. */
  readonly config?: C;
  /** Resources that this one needs. */
  readonly resources?: R;
  /** Makes the value, once per process and run. */
  setUp(
    context: ResourceSetUpContext<Resolved<S>, C extends ZodType ? output<C> : undefined, ResourceValues<R>>,
  ): Value | Promise<Value>;
  /** Called with the value when the run is over, also after a failure. */
  tearDown?(value: NoInfer<Value>): void | Promise<void>;
  /** Where users define it, when an integration calls this for them. */
  readonly source?: CapturedSource;
}

/**
 * Defines a resource.
 *
 * @example
 * const crm = resource({
 *   settings: { url: env('CRM_URL', 'https://crm.example.com'), token: secret('CRM_TOKEN') },
 *   setUp: ({ settings }) => new CrmClient(settings.url, settings.token),
 *   tearDown: (client) => client.close(),
 * });
 */
export function resource<
  Value,
  const S = undefined,
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
>(options: ResourceOptions<Value, S, C, R>): ResourceDefinition<Value> {
  return {
    kind: 'resource',
    name: options.name ?? null,
    description: options.description ?? null,
    isIoManager: false,
    configSchema: options.config ?? null,
    settings: options.settings,
    resources: options.resources ?? {},
    source: options.source ?? captureSource(resource),
    setUp: options.setUp as ResourceDefinition['setUp'],
    tearDown: (options.tearDown as ResourceDefinition['tearDown'] | undefined) ?? null,
  };
}
