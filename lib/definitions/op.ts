import type { output as OutputOf, ZodType } from 'zod';
import type { Tags } from '../model/tags';
import { type ComputationOptions, type ConfigOf, toComputationBasics } from './asset';
import {
  type Computation,
  type ComputationContext,
  type ComputationOutput,
  SINGLE_OUTPUT,
} from './computation';
import type { StepInfo } from './context';
import { type DynamicHandle, type Handle, type InvocationOptions, invokeOp, type OpInputs } from './graph';
import type { IoManagerDefinition } from './io-manager';
import type { OpEvent, PartitionInfo } from './loaded-definitions';
import type { ResourceRecord, ResourceValues } from './resource';
import type { RetryOptions } from './retry';
import { type CapturedSource, captureSource } from './source-capture';

/** Schemas of values, by name. */
export type SchemaRecord = Readonly<Record<string, ZodType>>;

/** One of an op's outputs, when there is more to say than its schema. */
export interface OutputOptions<S extends ZodType, Required extends boolean> {
  readonly kind: 'output';
  readonly schema: S;
  readonly required: Required;
  readonly description: string | null;
  readonly ioManager: string | IoManagerDefinition | null;
}

/**
 * One of several outputs. `required: false`: `run` may leave it out, which skips what depends on it.
 *
 * @example outputs: { good: output(z.string(), { required: false }), bad: output(z.string(), { required: false }) }
 */
export function output<S extends ZodType, const Required extends boolean = true>(
  schema: S,
  options: {
    readonly required?: Required;
    readonly description?: string;
    readonly ioManager?: string | IoManagerDefinition;
  } = {},
): OutputOptions<S, Required> {
  return {
    kind: 'output',
    schema,
    required: (options.required ?? true) as Required,
    description: options.description ?? null,
    ioManager: options.ioManager ?? null,
  };
}

export type OutputRecord = Readonly<Record<string, ZodType | OutputOptions<ZodType, boolean>>>;

type SchemaOf<O> = O extends OutputOptions<infer S, boolean> ? S : O;
type OptionalOutputs<O extends OutputRecord> = {
  [K in keyof O]: O[K] extends OutputOptions<ZodType, false> ? K : never;
}[keyof O];

/** What `run` of an op with several outputs returns: a value for each, optional ones may be left out. */
export type OutputValues<O extends OutputRecord> = {
  readonly [K in Exclude<keyof O, OptionalOutputs<O>>]: OutputOf<Extract<SchemaOf<O[K]>, ZodType>>;
} & { readonly [K in OptionalOutputs<O>]?: OutputOf<Extract<SchemaOf<O[K]>, ZodType>> };

/** One of an unknown number of outputs, each of which gets steps of its own. */
export interface DynamicOutput<Value> {
  readonly kind: 'dynamic_output';
  readonly mappingKey: string;
  readonly value: Value;
}

/** @param mappingKey letters, digits, `_`, `-`, `.`; unique in the step: it names the mapped steps */
export function dynamicOutput<Value>(mappingKey: string, value: Value): DynamicOutput<Value> {
  return { kind: 'dynamic_output', mappingKey, value };
}

export interface OpContext<R extends ResourceRecord, C extends ZodType | undefined, I extends SchemaRecord>
  extends StepInfo {
  readonly resources: ResourceValues<R>;
  readonly config: ConfigOf<C>;
  readonly inputs: { readonly [K in keyof I]: OutputOf<I[K]> };
  /** The run's partition if its job has partitions. */
  readonly partition: PartitionInfo | null;
  /** For dynamic outputs and assets beside: yields anything the host understands. */
  readonly signal: AbortSignal;
}

export interface OpOptions<
  Returned,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends SchemaRecord,
  O extends OutputRecord | undefined,
> extends ComputationOptions<R, C> {
  readonly name: string;
  readonly description?: string;
  /** Schemas of the values it takes; each value is checked. `z.custom<T>()` checks nothing. */
  readonly inputs?: I;
  /** Several outputs by name. Default: one, `result`, with what `run` returns. */
  readonly outputs?: O;
  /** `run` yields `dynamicOutput(key, value)`s; the graph continues with `.map(...)`. */
  readonly dynamic?: [Returned] extends [AnyIterable<DynamicOutput<unknown>>] ? true : false;
  readonly codeVersion?: string;
  /** IO manager of the single output. */
  readonly ioManager?: string | IoManagerDefinition;
  run(
    context: OpContext<R, C, I>,
  ): O extends OutputRecord ? OutputValues<O> | Promise<OutputValues<O>> : Returned | Promise<Returned>;
  readonly source?: CapturedSource;
}

export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;

/** What invoking an op in a graph gives: its output, its outputs by name, or its dynamic output. */
export type OpHandle<Returned, O> = O extends OutputRecord
  ? { readonly [K in keyof O]: Handle<OutputOf<Extract<SchemaOf<O[K]>, ZodType>>> }
  : [Returned] extends [AnyIterable<DynamicOutput<infer Value>>]
    ? DynamicHandle<Value>
    : Handle<Returned>;

/** A unit of work of a graph job. Call it inside a graph to add it there. */
export interface OpDefinition<I extends SchemaRecord = SchemaRecord, H = unknown> {
  (
    ...parameters: keyof I extends never
      ? [inputs?: OpInputs<I>, options?: InvocationOptions]
      : [inputs: OpInputs<I>, options?: InvocationOptions]
  ): H;
  readonly kind: 'op';
  readonly computation: Computation;
}

/** A unit of work without its types. */
export interface AnyOp {
  readonly kind: 'op';
  readonly computation: Computation;
}

export type { InvocationOptions, RetryOptions, Tags };

/**
 * Defines an op: a unit of work in the graph of a job. Call it inside `job({ graph })` to place it.
 *
 * @example
 * const list = op({ name: 'list', dynamic: true, async *run() { yield dynamicOutput('a', '/a.csv'); } });
 * const size = op({ name: 'size', inputs: { file: z.string() }, run: ({ inputs }) => inputs.file.length });
 * const total = op({ name: 'total', inputs: { sizes: z.array(z.number()) }, run: ({ inputs, log }) => log.info(`${inputs.sizes}`) });
 * export const sizes = job({ name: 'sizes', graph: () => total({ sizes: list().map((file) => size({ file })).collect() }) });
 */
export function op<
  Returned = unknown,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends SchemaRecord = {},
  O extends OutputRecord | undefined = undefined,
>(options: OpOptions<Returned, R, C, I, O>): OpDefinition<I, OpHandle<Returned, O>> {
  const source = options.source ?? captureSource(op);
  const inputs: SchemaRecord = options.inputs ?? {};
  const outputs = toOutputs(options.outputs, options.dynamic === true, options.ioManager ?? null);
  const run = options.run as (context: unknown) => unknown;
  const computation: Computation = {
    name: options.name,
    description: options.description ?? null,
    assets: [],
    checks: [],
    inputs: Object.entries(inputs).map(([name, schema]) => ({
      name,
      description: schema.description ?? null,
      schema,
      many: false,
    })),
    outputs,
    ...toComputationBasics(options),
    codeVersion: options.codeVersion ?? null,
    canSubset: false,
    source,
    execute: (context, values) => runOp(outputs, options.outputs !== undefined, run, context, values),
  };
  const definition = (given?: Readonly<Record<string, unknown>>, invocation?: InvocationOptions) =>
    invokeOp(definition, given ?? {}, invocation ?? {});
  definition.kind = 'op' as const;
  definition.computation = computation;
  return definition as unknown as OpDefinition<I, OpHandle<Returned, O>>;
}

function toOutputs(
  record: OutputRecord | undefined,
  isDynamic: boolean,
  ioManager: string | IoManagerDefinition | null,
): readonly ComputationOutput[] {
  if (record === undefined) {
    return [{ name: SINGLE_OUTPUT, description: null, isDynamic, isRequired: true, ioManager }];
  }
  return Object.entries(record).map(([name, given]) =>
    'kind' in given && given.kind === 'output'
      ? {
          name,
          description: given.description,
          isDynamic: false,
          isRequired: given.required,
          ioManager: given.ioManager,
        }
      : { name, description: null, isDynamic: false, isRequired: true, ioManager: null },
  );
}

async function* runOp(
  outputs: readonly ComputationOutput[],
  hasSeveral: boolean,
  run: (context: unknown) => unknown,
  context: ComputationContext,
  inputs: Readonly<Record<string, unknown>>,
): AsyncIterable<OpEvent> {
  const returned = await run({ ...context, inputs });
  if (outputs[0]?.isDynamic === true && !hasSeveral) {
    for await (const { mappingKey, value } of returned as AnyIterable<DynamicOutput<unknown>>) {
      yield { type: 'output', name: SINGLE_OUTPUT, mappingKey, value: value ?? null };
    }
  } else if (hasSeveral) {
    for (const [name, value] of Object.entries(returned ?? {})) {
      if (value !== undefined) yield { type: 'output', name, value };
    }
  } else {
    yield { type: 'output', name: SINGLE_OUTPUT, value: returned ?? null };
  }
}
