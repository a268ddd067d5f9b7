import type { output, ZodType } from 'zod';
import type { JobNode, NodeInput } from '../model/manifest';
import type { Tags } from '../model/tags';
import { SINGLE_OUTPUT } from './computation';
import type { AnyOp } from './op';
import type { RetryOptions } from './retry';
import type { VALUE } from './type-keys';

/** Stands, while a graph is drawn, for a value that exists only when it runs. */
export interface Handle<Value = unknown> {
  readonly kind: 'handle';
  readonly node: string;
  readonly output: string;
  /** The dynamic output over which it is mapped. */
  readonly mappedOver: { readonly node: string; readonly output: string } | null;
  readonly isCollected: boolean;
  readonly [VALUE]?: Value;
}

/** The result of a step that is mapped over a dynamic output. */
export interface MappedHandle<Value = unknown> extends Handle<Value> {
  /** All results as one list, in the order of the mapping keys. */
  collect(): Handle<Value[]>;
}

/** A dynamic output: as many values as there turn out to be. */
export interface DynamicHandle<Value = unknown> {
  readonly kind: 'dynamic_handle';
  readonly node: string;
  readonly output: string;
  /** Draws what is done for each value. @example files().map((file) => load({ file })) */
  map<H>(each: (item: Handle<Value>) => H): MappedResult<H>;
  /** All values as one list. */
  collect(): Handle<Value[]>;
}

/** Handles made inside `map` can be collected. */
export type MappedResult<H> =
  H extends Handle<infer Value> ? MappedHandle<Value> : { readonly [K in keyof H]: MappedResult<H[K]> };

/** A value for an input: a handle of that type, or several handles for an input that is a list. */
export type InputHandle<Value> =
  | Handle<Value>
  | (Value extends readonly (infer Item)[] ? readonly Handle<Item>[] : never);

/** What an op is called with. */
export type OpInputs<I extends Readonly<Record<string, ZodType>>> = {
  readonly [K in keyof I]: InputHandle<output<I[K]>>;
};

/** How an op is placed in a graph. */
export interface InvocationOptions {
  /** Name of the node; default: the op's, with `_2`, `_3` … when it is placed again. */
  readonly name?: string;
  /** Nodes that must have succeeded before, without a value from them. */
  readonly after?: AnyHandle | readonly AnyHandle[];
  readonly tags?: Tags;
  readonly retry?: RetryOptions;
}

export type AnyHandle = Handle | DynamicHandle | Readonly<Record<string, Handle>>;

/** A node as drawn, with its op. */
export interface DrawnNode extends Omit<JobNode, 'op' | 'retryPolicy'> {
  readonly op: AnyOp;
  readonly retry: RetryOptions | null;
}

interface Drawing {
  readonly nodes: Map<string, DrawnNode>;
  readonly prefix: string[];
  readonly mistakes: string[];
}

/** Drawing is synchronous, so one current drawing is enough. */
let current: Drawing | null = null;

/** Runs a function that calls ops, and returns the nodes that it placed and the mistakes that it made. */
export function drawGraph(compose: () => unknown): {
  readonly nodes: readonly DrawnNode[];
  readonly mistakes: readonly string[];
} {
  const before = current;
  const drawing: Drawing = { nodes: new Map(), prefix: [], mistakes: [] };
  current = drawing;
  try {
    compose();
  } catch (error) {
    drawing.mistakes.push(`its graph could not be drawn: ${(error as Error).message}`);
  } finally {
    current = before;
  }
  return { nodes: [...drawing.nodes.values()], mistakes: drawing.mistakes };
}

/**
 * Defines a part of graphs: a function that calls ops. Its nodes are named `<name>.<op>`.
 *
 * @example
 * const clean = graph('clean', (inputs: { rows: Handle<string[]> }) => dedupe({ rows: trim(inputs) }));
 * job({ name: 'etl', graph: () => load({ rows: clean({ rows: extract() }) }) });
 */
export function graph<Inputs, Result>(
  name: string,
  compose: (inputs: Inputs) => Result,
): (inputs: Inputs, options?: { readonly name?: string }) => Result {
  return (inputs, options = {}) => {
    if (current === null) throw new GraphError(`Graph "${name}" was called outside of a job's graph.`);
    current.prefix.push(options.name ?? name);
    try {
      return compose(inputs);
    } finally {
      current.prefix.pop();
    }
  };
}

/** An op or graph was called where no graph is drawn. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** Places an op in the graph that is being drawn. */
export function invokeOp(
  op: AnyOp,
  given: Readonly<Record<string, unknown>>,
  options: InvocationOptions,
): unknown {
  const { name: opName, outputs, inputs: declared } = op.computation;
  if (current === null) {
    throw new GraphError(
      `Op "${opName}" was called outside of a job's graph: call it inside job({ graph: () => ... }). To run it in a test use executeJob.`,
    );
  }
  const drawing = current;
  const name = nameOf(drawing, options.name ?? opName, options.name !== undefined);
  const report = (message: string) => drawing.mistakes.push(`node "${name}": ${message}`);
  for (const { name: input } of declared) {
    if (given[input] === undefined) report(`input "${input}" is not connected`);
  }
  const handles = new Map(Object.entries(given).map(([input, value]) => [input, toHandles(value)]));
  const inputs = [...handles].map(([input, list]): NodeInput => {
    if (list.length === 0) report(`input "${input}" is not given the result of an op`);
    const from = list.map((handle) => ({
      node: handle.node,
      output: handle.output,
      collect: handle.isCollected,
    }));
    return { name: input, from };
  });
  const after = [options.after ?? []].flat().flatMap((each) => toNodes(each as AnyHandle));
  const mappedOver = mappingOf([...handles.values()].flat(), report);
  drawing.nodes.set(name, {
    name,
    op,
    inputs,
    after: [...new Set(after)],
    tags: options.tags ?? {},
    retry: options.retry ?? null,
    mappedOver,
  });
  const made = outputs.map((output) => {
    if (!output.isDynamic) return [output.name, createHandle(name, output.name, mappedOver, false)] as const;
    if (mappedOver !== null) report('a dynamic output cannot be made inside a map');
    return [output.name, createDynamicHandle(name, output.name)] as const;
  });
  return outputs.length === 1 && outputs[0]?.name === SINGLE_OUTPUT ? made[0]?.[1] : Object.fromEntries(made);
}

function nameOf(drawing: Drawing, wanted: string, isExplicit: boolean): string {
  const base = [...drawing.prefix, wanted].join('.');
  if (!drawing.nodes.has(base)) return base;
  if (isExplicit) drawing.mistakes.push(`two nodes are named "${base}"`);
  let number = 2;
  while (drawing.nodes.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

function createHandle(
  node: string,
  output: string,
  mappedOver: Handle['mappedOver'],
  isCollected: boolean,
): Handle {
  const handle = { kind: 'handle' as const, node, output, mappedOver, isCollected };
  if (mappedOver === null) return handle;
  const mapped: MappedHandle = {
    ...handle,
    collect: () => createHandle(node, output, null, true) as Handle<unknown[]>,
  };
  return mapped;
}

function createDynamicHandle(node: string, output: string): DynamicHandle {
  return {
    kind: 'dynamic_handle',
    node,
    output,
    map: (each) => each(createHandle(node, output, { node, output }, false)) as never,
    collect: () => createHandle(node, output, null, true) as Handle<unknown[]>,
  };
}

function toHandles(value: unknown): Handle[] {
  if (Array.isArray(value)) return value.flatMap(toHandles);
  return (value as { kind?: unknown } | null)?.kind === 'handle' ? [value as Handle] : [];
}

function toNodes(handle: AnyHandle): string[] {
  if ('kind' in handle && (handle.kind === 'handle' || handle.kind === 'dynamic_handle')) {
    return [(handle as Handle).node];
  }
  return Object.values(handle as Readonly<Record<string, Handle>>).map(({ node }) => node);
}

function mappingOf(handles: readonly Handle[], report: (message: string) => void): Handle['mappedOver'] {
  const mappings = handles.flatMap(({ mappedOver }) => (mappedOver === null ? [] : [mappedOver]));
  const [first] = mappings;
  if (first === undefined) return null;
  if (mappings.some(({ node, output }) => node !== first.node || output !== first.output)) {
    report('its inputs are mapped over different dynamic outputs; collect one of them first');
  }
  return first;
}
