import type { AssetKey } from '../../../model/asset-key';
import type {
  AssetManifest,
  JobManifest,
  JobNode,
  OpInputManifest,
  OpManifest,
  OpOutputManifest,
} from '../../../model/manifest';
import type { RetryPolicy } from '../../../model/retry-policy';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { InputDefinition, ISolidDefinition, OutputDefinition } from './op-definitions';

export type JobValue = { readonly location: string; readonly job: JobManifest };

/** An input of a node, with the outputs that it waits for. */
interface InputValue {
  readonly definition: OpInputManifest;
  readonly isCollect: boolean;
  readonly from: readonly { readonly node: string; readonly output: string }[];
}

/** A node of a job's graph: an op, or the computation of assets. */
export interface SolidValue {
  readonly name: string;
  readonly location: string;
  readonly job: string;
  readonly op: OpManifest;
  readonly isDynamicMapped: boolean;
  /** The node's own, else its op's. */
  readonly retryPolicy: RetryPolicy | null;
  readonly inputs: readonly InputValue[];
  readonly siblings: ReadonlyMap<string, SolidValue>;
}

interface OutputOfSolid {
  readonly solid: SolidValue;
  readonly definition: OpOutputManifest;
}
interface InputOfSolid extends InputValue {
  readonly solid: SolidValue;
}

export const Solid = builder.objectRef<SolidValue>('Solid');
const Output = builder.objectRef<OutputOfSolid>('Output');
const Input = builder.objectRef<InputOfSolid>('Input');
Output.implement({
  fields: (t) => ({
    solid: t.expose('solid', { type: Solid }),
    definition: t.expose('definition', { type: OutputDefinition }),
    dependedBy: t.field({
      type: [Input],
      resolve: ({ solid, definition }) =>
        [...solid.siblings.values()].flatMap((other) =>
          other.inputs
            .filter(({ from }) => from.some((s) => s.node === solid.name && s.output === definition.name))
            .map((input) => ({ ...input, solid: other })),
        ),
    }),
  }),
});
Input.implement({
  fields: (t) => ({
    solid: t.expose('solid', { type: Solid }),
    definition: t.expose('definition', { type: InputDefinition }),
    isDynamicCollect: t.exposeBoolean('isCollect'),
    dependsOn: t.field({
      type: [Output],
      resolve: ({ solid: { siblings }, from }) =>
        from.flatMap(({ node, output }) => {
          const solid = siblings.get(node);
          const definition = solid?.op.outputs.find(({ name }) => name === output);
          return solid === undefined || definition === undefined ? [] : [{ solid, definition }];
        }),
    }),
  }),
});
const RetryPolicyType = builder.objectRef<RetryPolicy>('RetryPolicy');
RetryPolicyType.implement({
  description: 'How often, and how long after a failure, a step is tried again.',
  fields: (t) => ({
    maxRetries: t.exposeInt('maxRetries', { description: 'Tries after the first.' }),
    delaySeconds: t.float({
      description: 'Before the first retry.',
      resolve: ({ delaySeconds }) => delaySeconds ?? 0,
    }),
    backoff: t.string({
      nullable: true,
      description: 'How the delay grows: LINEAR or EXPONENTIAL; null: it does not.',
      resolve: ({ backoff }) => backoff ?? null,
    }),
    jitter: t.string({
      nullable: true,
      description: 'FULL, PLUS_MINUS or none.',
      resolve: ({ jitter }) => jitter ?? null,
    }),
  }),
});
Solid.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    definition: t.field({ type: ISolidDefinition, resolve: ({ location, op }) => ({ location, op }) }),
    inputs: t.field({
      type: [Input],
      resolve: (solid) => solid.inputs.map((input) => ({ ...input, solid })),
    }),
    outputs: t.field({
      type: [Output],
      resolve: (solid) => solid.op.outputs.map((definition) => ({ solid, definition })),
    }),
    isDynamicMapped: t.exposeBoolean('isDynamicMapped'),
    retryPolicy: t.expose('retryPolicy', {
      type: RetryPolicyType,
      nullable: true,
      description: "The node's own, else its op's; null: it is not tried again.",
    }),
    definitionSource: t.string({
      description: 'Where its op stands in the code, as `file:line`.',
      resolve: ({ op: { source } }) => `${source.file}:${source.line}`,
    }),
  }),
});

export const SolidHandle = builder.objectRef<SolidValue>('SolidHandle');
SolidHandle.implement({
  fields: (t) => ({
    handleID: t.exposeString('name'),
    solid: t.field({ type: Solid, resolve: (solid) => solid }),
    parent: t.field({
      type: SolidHandle,
      nullable: true,
      description: 'Null: nested graphs are kept flat, as `outer.inner`.',
      resolve: () => null,
    }),
  }),
});

/** The nodes of a job with the nodes each waits for. */
export function solidsOf({ location, job }: JobValue, { workspace }: ApiContext): SolidValue[] {
  const siblings = new Map<string, SolidValue>();
  const add = (name: string, op: OpManifest, inputs: readonly InputValue[], node?: JobNode) =>
    siblings.set(name, {
      name,
      location,
      job: job.name,
      op,
      inputs,
      isDynamicMapped: node != null && node.mappedOver !== null,
      retryPolicy: node?.retryPolicy ?? op.retryPolicy,
      siblings,
    });
  const opOf = (name: string) => workspace.op(location, name);
  for (const node of job.nodes) {
    const op = opOf(node.op);
    if (op !== undefined) add(node.name, op, inputsOfNode(node, op, job, opOf), node);
  }
  const selected = new Set(job.assets ?? []);
  const assets = (workspace.location(location)?.manifest?.assets ?? []).filter(
    ({ key, op }) => op !== null && selected.has(key),
  );
  const makers = new Map(assets.map(({ key, op }) => [key, op ?? '']));
  for (const [name, made] of Map.groupBy(assets, ({ op }) => op ?? '')) {
    const op = opOf(name);
    if (op !== undefined) add(name, op, inputsOfAssets(made, op, makers, opOf));
  }
  return [...siblings.values()];
}

/** What a node waits for without taking a value. */
const ORDER: OpInputManifest = { name: '__order__', description: null, hasValue: false };
type FindOp = (name: string) => OpManifest | undefined;

function inputsOfNode(
  { inputs, after, mappedOver }: JobNode,
  op: OpManifest,
  job: JobManifest,
  opOf: FindOp,
): InputValue[] {
  const taken = inputs.map(({ name, from }) => ({
    definition: op.inputs.find((each) => each.name === name) ?? { ...ORDER, name },
    isCollect: from.some(({ collect }) => collect),
    from,
  }));
  const seen = new Set(taken.flatMap(({ from }) => from.map(({ node }) => node)));
  const outputsOf = (name: string) => {
    const node = job.nodes.find((each) => each.name === name);
    return (node && opOf(node.op))?.outputs.map((output) => ({ node: name, output: output.name })) ?? [];
  };
  const order = [
    ...after.filter((name) => !seen.has(name)).flatMap(outputsOf),
    ...(mappedOver === null || seen.has(mappedOver.node) ? [] : [mappedOver]),
  ];
  return order.length === 0 ? taken : [...taken, { definition: ORDER, isCollect: false, from: order }];
}

function inputsOfAssets(
  made: readonly AssetManifest[],
  op: OpManifest,
  makers: ReadonlyMap<AssetKey, string>,
  opOf: FindOp,
): InputValue[] {
  const edges = made
    .flatMap(({ dependencies }) => dependencies)
    .flatMap(({ key, input }) => {
      const node = makers.get(key);
      if (node === undefined || node === op.name) return [];
      const maker = opOf(node);
      const output = maker?.outputs[maker.assets.indexOf(key)] ?? maker?.outputs[0];
      return output === undefined ? [] : [{ input, source: { node, output: output.name } }];
    });
  return [...Map.groupBy(edges, ({ input }) => input)].map(([name, ofInput]) => ({
    definition: op.inputs.find((each) => each.name === name) ?? (name === null ? ORDER : { ...ORDER, name }),
    isCollect: false,
    from: [...new Map(ofInput.map(({ source }) => [`${source.node}.${source.output}`, source])).values()],
  }));
}
