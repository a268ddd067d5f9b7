import { type StatusKind, stepStatus, worstStatus } from '../../components/status';
import type { LineageAsset } from '../lineage/lineage-graph';

/** Of an op in a job, what its box says. */
export interface GraphOp {
  /** `outer.inner` where it is in a nested graph. */
  readonly name: string;
  readonly isDynamicMapped: boolean;
  readonly definition: { readonly name: string };
  readonly inputs: readonly {
    readonly isDynamicCollect: boolean;
    readonly dependsOn: readonly { readonly solid: { readonly name: string } }[];
  }[];
  readonly outputs: readonly { readonly definition: { readonly isDynamic: boolean | null } }[];
}

/** How its step ended in the last run; of a mapped op the worst of its copies. */
export function stepStatuses(
  stats: readonly { readonly stepKey: string; readonly status: string | null }[],
): ReadonlyMap<string, StatusKind> {
  const kinds = Map.groupBy(stats, ({ stepKey }) => stepKey.replace(/\[.*\]$/, ''));
  return new Map(
    [...kinds].map(([name, of]) => [name, worstStatus(of.map(({ status }) => stepStatus(status).kind))]),
  );
}

/** Ops that come right before. */
export const opParents = (op: Pick<GraphOp, 'inputs'>): readonly string[] => [
  ...new Set(op.inputs.flatMap((input) => input.dependsOn.map((each) => each.solid.name))),
];

/** The graphs that are nested in a job, outer ones first. */
export function nestedGraphs(ops: readonly Pick<GraphOp, 'name'>[]): readonly string[] {
  return [...new Set(ops.flatMap(({ name }) => enclosing(name)))].sort();
}

/** `a` and `a.b` of `a.b.op`. */
function enclosing(name: string): readonly string[] {
  const parts = name.split('.').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** What sets an op apart from one that runs once, in a word. */
export function dynamicWord(op: GraphOp): string {
  if (op.isDynamicMapped) return 'per key';
  if (op.outputs.some((output) => output.definition.isDynamic)) return 'dynamic';
  return op.inputs.some((input) => input.isDynamicCollect) ? 'collects' : '';
}

/** Ops as boxes: what is in a closed graph shares that graph's box. */
export function opBoxes(
  ops: readonly GraphOp[],
  isOpen: (graph: string) => boolean,
  statuses: ReadonlyMap<string, StatusKind>,
): readonly LineageAsset[] {
  return ops.map((op) => {
    const graphs = enclosing(op.name);
    const group = graphs.find((graph) => !isOpen(graph)) ?? graphs.at(-1) ?? '';
    const title = op.name.slice(group === '' ? 0 : group.length + 1);
    const status = statuses.get(op.name) ?? 'none';
    return {
      key: op.name,
      title,
      path: [op.name],
      group,
      kinds: [dynamicWord(op)].filter(Boolean),
      upstream: opParents(op),
      status,
      word: statusWords[status] ?? 'not run',
      detail: op.definition.name === title ? (statusWords[status] ?? 'not run') : op.definition.name,
    };
  });
}

const statusWords: Readonly<Partial<Record<StatusKind, string>>> = {
  success: 'succeeded',
  failure: 'failed',
  running: 'running',
  skipped: 'skipped',
};
