import { assetOpName } from '../../../model/asset-key';
import type { JobManifest, JobNode, OpManifest } from '../../../model/manifest';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';

export type JobValue = { readonly location: string; readonly job: JobManifest };

export const ISolidDefinition = builder.interfaceRef<OpManifest>('ISolidDefinition').implement({
  resolveType: () => 'SolidDefinition',
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    pools: t.stringList({ resolve: (op) => (op.pool === null ? [] : [op.pool]) }),
  }),
});
export const SolidDefinition = builder.objectRef<OpManifest>('SolidDefinition');
SolidDefinition.implement({
  interfaces: [ISolidDefinition],
  fields: (t) => ({ pool: t.exposeString('pool', { nullable: true }) }),
});

/** A node of a job's graph: an op, or the computation of assets. */
export interface SolidValue {
  readonly name: string;
  readonly op: OpManifest;
  readonly isDynamicMapped: boolean;
  readonly upstream: readonly string[];
  readonly siblings: ReadonlyMap<string, SolidValue>;
}
export const Solid = builder.objectRef<SolidValue>('Solid');
export const Output = builder.objectRef<{ readonly solid: SolidValue }>('Output');
Output.implement({ fields: (t) => ({ solid: t.expose('solid', { type: Solid }) }) });
export const Input = builder.objectRef<{
  readonly solid: SolidValue;
  readonly upstream: readonly SolidValue[];
}>('Input');
Input.implement({
  fields: (t) => ({
    solid: t.expose('solid', { type: Solid }),
    dependsOn: t.field({ type: [Output], resolve: ({ upstream }) => upstream.map((solid) => ({ solid })) }),
  }),
});
Solid.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    definition: t.field({ type: ISolidDefinition, resolve: ({ op }) => op }),
    inputs: t.field({
      type: [Input],
      resolve: (solid) => {
        const upstream = solid.upstream.flatMap((name) => solid.siblings.get(name) ?? []);
        return upstream.length === 0 ? [] : [{ solid, upstream }];
      },
    }),
    outputs: t.field({ type: [Output], resolve: (solid) => solid.op.outputs.map(() => ({ solid })) }),
    isDynamicMapped: t.exposeBoolean('isDynamicMapped'),
  }),
});

/** The nodes of a job with the nodes each waits for. */
export function solidsOf({ location, job }: JobValue, { workspace }: ApiContext): SolidValue[] {
  const siblings = new Map<string, SolidValue>();
  const add = (name: string, opName: string, upstream: readonly string[], isDynamicMapped: boolean): void => {
    const op = workspace.op(location, opName);
    if (op !== undefined)
      siblings.set(name, { name, op, upstream: [...new Set(upstream)], isDynamicMapped, siblings });
  };
  for (const node of job.nodes) add(node.name, node.op, upstreamNodes(node), node.mappedOver !== null);
  const selected = new Set(job.assets ?? []);
  for (const { key, op, dependencies } of workspace.location(location)?.manifest?.assets ?? []) {
    if (op === null || !selected.has(key)) continue;
    const before = dependencies
      .filter((dependency) => selected.has(dependency.key))
      .map((dependency) => workspace.asset(dependency.key)?.definition.op ?? assetOpName(dependency.key))
      .filter((name) => name !== op);
    add(op, op, [...(siblings.get(op)?.upstream ?? []), ...before], false);
  }
  return [...siblings.values()];
}

function upstreamNodes(node: JobNode): string[] {
  return [
    ...node.inputs.flatMap((input) => input.from.map((source) => source.node)),
    ...node.after,
    ...(node.mappedOver === null ? [] : [node.mappedOver.node]),
  ];
}
