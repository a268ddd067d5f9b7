import type { output as OutputOf, ZodType } from 'zod';
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
import type {
  AnyIterable,
  DynamicOutput,
  OutputRecord,
  OutputValues,
  SchemaOf,
  SchemaRecord,
} from './op-outputs';
import type { ResourceRecord, ResourceValues } from './resource';
import { materializationEvents } from './result-events';
import { isMaterializeResult, type MaterializeResult } from './results';
import { type CapturedSource, captureSource } from './source-capture';

export interface OpContext<R extends ResourceRecord, C extends ZodType | undefined, I extends SchemaRecord>
  extends StepInfo {
  readonly resources: ResourceValues<R>;
  readonly config: ConfigOf<C>;
  readonly inputs: { readonly [K in keyof I]: OutputOf<I[K]> };
  /** The run's partition if its job has partitions. */
  readonly partition: PartitionInfo | null;
}

/** What every op says. */
export interface OpBasics<R extends ResourceRecord, C extends ZodType | undefined, I extends SchemaRecord>
  extends ComputationOptions<R, C> {
  readonly name: string;
  readonly description?: string;
  /** Schemas of the values it takes; each value is checked. `z.custom<T>()` checks nothing. */
  readonly inputs?: I;
  readonly codeVersion?: string;
  readonly source?: CapturedSource;
}

/** An op with one output, `result`: what `run` returns. */
export interface OpOptions<
  Returned,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends SchemaRecord,
> extends OpBasics<R, C, I> {
  readonly dynamic?: never;
  readonly outputs?: never;
  /** Where the output is stored. */
  readonly ioManager?: string | IoManagerDefinition;
  run(context: OpContext<R, C, I>): Returned | Promise<Returned>;
}

/** An op whose output turns out to be any number of outputs. */
export interface DynamicOpOptions<
  Value,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends SchemaRecord,
> extends OpBasics<R, C, I> {
  /** `run` yields `dynamicOutput(key, value)`s; the graph continues with `.map(...)` or `.collect()`. */
  readonly dynamic: true;
  readonly outputs?: never;
  readonly ioManager?: string | IoManagerDefinition;
  run(
    context: OpContext<R, C, I>,
  ): AnyIterable<DynamicOutput<Value>> | Promise<Iterable<DynamicOutput<Value>>>;
}

/** An op with several outputs by name. */
export interface MultiOutputOpOptions<
  O extends OutputRecord,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends SchemaRecord,
> extends OpBasics<R, C, I> {
  /** A schema for each output, or `output(schema, { required: false })`. */
  readonly outputs: O;
  readonly dynamic?: never;
  readonly ioManager?: never;
  run(context: OpContext<R, C, I>): OutputValues<O> | Promise<OutputValues<O>>;
}

/** What placing an op with several outputs gives. */
export type OutputHandles<O extends OutputRecord> = {
  readonly [K in keyof O]: Handle<OutputOf<Extract<SchemaOf<O[K]>, ZodType>>>;
};

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

/**
 * Defines an op: a unit of work in the graph of a job. Call it inside `job({ graph })` to place it.
 *
 * An op that makes assets on its way returns `materializeResult({ asset, partition, metadata })`, or a list of
 * them: they are recorded as materializations, and its output is null.
 *
 * @example
 * const list = op({ name: 'list', dynamic: true, async *run() { yield dynamicOutput('a', '/a.csv'); } });
 * const size = op({ name: 'size', inputs: { file: z.string() }, run: ({ inputs }) => inputs.file.length });
 * const total = op({ name: 'total', inputs: { sizes: z.array(z.number()) }, run: ({ inputs, log }) => log.info(`${inputs.sizes}`) });
 * export const sizes = job({ name: 'sizes', graph: () => total({ sizes: list().map((file) => size({ file })).collect() }) });
 */
export function op<
  Value,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends SchemaRecord = {},
>(options: DynamicOpOptions<Value, R, C, I>): OpDefinition<I, DynamicHandle<Value>>;
export function op<
  O extends OutputRecord,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends SchemaRecord = {},
>(options: MultiOutputOpOptions<O, R, C, I>): OpDefinition<I, OutputHandles<O>>;
export function op<
  Returned,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends SchemaRecord = {},
>(options: OpOptions<Returned, R, C, I>): OpDefinition<I, Handle<Returned>>;
export function op(
  options: OpBasics<ResourceRecord, ZodType | undefined, SchemaRecord> & {
    readonly dynamic?: true;
    readonly outputs?: OutputRecord;
    readonly ioManager?: string | IoManagerDefinition;
    run(context: never): unknown;
  },
): OpDefinition {
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
  return definition as unknown as OpDefinition;
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
    const made = [returned].flat().filter(isMaterializeResult);
    yield* materializedBeside(made);
    yield { type: 'output', name: SINGLE_OUTPUT, value: made.length > 0 ? null : (returned ?? null) };
  }
}

/** The events of assets that an op made without being their own computation. */
function* materializedBeside(results: readonly MaterializeResult[]): Iterable<OpEvent> {
  for (const result of results) {
    if (result.asset === undefined) continue;
    for (const event of materializationEvents(result.asset, '', result, { isStored: () => false })) {
      if (event.type !== 'output') yield event;
    }
  }
}
