import type { output as OutputOf, ZodType } from 'zod';
import type { IoManagerDefinition } from './io-manager';

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

export type SchemaOf<O> = O extends OutputOptions<infer S, boolean> ? S : O;
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

/** What a generator, or a list, gives. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>;
