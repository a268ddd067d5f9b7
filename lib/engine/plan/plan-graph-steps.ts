import type { PlannedStep, StepInput } from '../../model/execution-plan';
import type { JobManifest, JobNode, Manifest } from '../../model/manifest';
import { runPriority } from '../../model/tags';
import { PlanError } from '../errors';

/**
 * Steps of a graph job: one per node; a node under a dynamic output is `name[?]` until its keys are known.
 *
 * @throws {PlanError} `cycle` for a manifest whose nodes depend on each other
 */
export function planGraphSteps(manifest: Manifest, job: JobManifest): PlannedStep[] {
  const ops = new Map(manifest.ops.map((op) => [op.name, op]));
  const stepKeys = new Map(job.nodes.map((node) => [node.name, stepKeyOf(node)]));
  const stepKey = (node: string): string => stepKeys.get(node) ?? node;

  return inOrder(job.nodes).map((node): PlannedStep => {
    const op = ops.get(node.op);
    if (op === undefined) throw new Error(`Manifest of '${manifest.location}' has no op '${node.op}'`);
    const valueless = new Set(op.inputs.filter((input) => !input.hasValue).map((input) => input.name));
    const inputs = node.inputs.flatMap((input): StepInput[] =>
      valueless.has(input.name) || input.from.length === 0
        ? []
        : [
            {
              name: input.name,
              sources: input.from.map((from) => ({
                kind: from.collect ? 'collect' : 'step',
                stepKey: stepKey(from.node),
                output: from.output,
              })),
            },
          ],
    );
    return {
      key: stepKey(node.name),
      op: node.op,
      inputs,
      dependsOn: upstreamOf(node).map(stepKey),
      blockedBy: [],
      assets: [],
      checks: [],
      mappedOver:
        node.mappedOver === null
          ? null
          : { stepKey: stepKey(node.mappedOver.node), output: node.mappedOver.output },
      pool: op.pool,
      retryPolicy: node.retryPolicy ?? op.retryPolicy,
      priority: runPriority({ ...op.tags, ...node.tags }),
      isolated: op.isolation === 'process',
    };
  });
}

function stepKeyOf(node: JobNode): string {
  return node.mappedOver === null ? node.name : `${node.name}[?]`;
}

function upstreamOf(node: JobNode): string[] {
  return [
    ...new Set([
      ...node.inputs.flatMap((input) => input.from.map((from) => from.node)),
      ...node.after,
      ...(node.mappedOver === null ? [] : [node.mappedOver.node]),
    ]),
  ];
}

/** Keeps the manifest's order, which is topological, and proves it. */
function inOrder(nodes: readonly JobNode[]): readonly JobNode[] {
  const seen = new Set<string>();
  for (const node of nodes) {
    const late = upstreamOf(node).find((name) => !seen.has(name));
    if (late !== undefined) {
      throw new PlanError(
        'cycle',
        node.name,
        `Node '${node.name}' comes before '${late}', on which it depends.`,
      );
    }
    seen.add(node.name);
  }
  return nodes;
}
