import type { AssetKey } from '../../../model/asset-key';
import type { PlannedStep } from '../../../model/execution-plan';
import { builder } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { MetadataItemDefinition, metadataItems } from '../repositories/op-definitions';

const StepKind = builder.enumType('StepKind', {
  values: ['COMPUTE', 'UNRESOLVED_MAPPED', 'UNRESOLVED_COLLECT'] as const,
});
interface StepInPlan {
  readonly location: string;
  readonly step: PlannedStep;
  readonly byKey: ReadonlyMap<string, PlannedStep>;
}

const ExecutionStep = builder.objectRef<StepInPlan>('ExecutionStep');
const ExecutionStepInput = builder.objectRef<{
  readonly name: string;
  readonly upstream: readonly StepInPlan[];
}>('ExecutionStepInput');
ExecutionStepInput.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    dependsOn: t.field({ type: [ExecutionStep], resolve: (input) => [...input.upstream] }),
  }),
});
const ExecutionStepOutput = builder.objectRef<{ readonly name: string }>('ExecutionStepOutput');
ExecutionStepOutput.implement({ fields: (t) => ({ name: t.exposeString('name') }) });
ExecutionStep.implement({
  fields: (t) => ({
    key: t.string({ resolve: ({ step }) => step.key }),
    kind: t.field({ type: StepKind, resolve: ({ step }) => stepKind(step) }),
    inputs: t.field({ type: [ExecutionStepInput], resolve: stepInputs }),
    outputs: t.field({
      type: [ExecutionStepOutput],
      description: 'As its op has them now.',
      resolve: ({ location, step }, _args, { workspace }) => [
        ...(workspace.op(location, step.op)?.outputs ?? []),
      ],
    }),
    metadata: t.field({
      type: [MetadataItemDefinition],
      description: 'Tags of its op as they are now, as Dagster answers here.',
      resolve: ({ location, step }, _args, { workspace }) =>
        metadataItems(workspace.op(location, step.op)?.tags ?? {}),
    }),
    solidHandleID: t.string({ resolve: ({ step }) => step.op }),
    assetKeys: t.field({ type: [AssetKeyType], resolve: ({ step }) => assetsOf(step).map(assetKey) }),
    pool: t.string({ nullable: true, resolve: ({ step }) => step.pool }),
  }),
});

const assetsOf = ({ assets, observes = [] }: PlannedStep): readonly AssetKey[] => [...assets, ...observes];

function stepKind(step: PlannedStep): 'COMPUTE' | 'UNRESOLVED_MAPPED' | 'UNRESOLVED_COLLECT' {
  if (step.mappedOver !== null) return 'UNRESOLVED_MAPPED';
  const collects = step.inputs.some((input) => input.sources.some((source) => source.kind === 'collect'));
  return collects ? 'UNRESOLVED_COLLECT' : 'COMPUTE';
}

/** Named inputs first; whatever else the step waits for is one input without a value. */
function stepInputs({ location, step, byKey }: StepInPlan): { name: string; upstream: StepInPlan[] }[] {
  const find = (key: string | null): StepInPlan[] => {
    const found = key === null ? undefined : byKey.get(key);
    return found === undefined ? [] : [{ location, step: found, byKey }];
  };
  const named = step.inputs.map((input) => ({
    name: input.name,
    upstream: input.sources.flatMap((s) => find(s.stepKey)),
  }));
  const seen = new Set(named.flatMap(({ upstream }) => upstream.map((up) => up.step.key)));
  const others = step.dependsOn.filter((key) => !seen.has(key)).flatMap(find);
  return others.length === 0 ? named : [...named, { name: '__order__', upstream: others }];
}

export const ExecutionPlan = builder.objectRef<{
  readonly location: string;
  readonly steps: readonly PlannedStep[];
}>('ExecutionPlan');
ExecutionPlan.implement({
  fields: (t) => ({
    steps: t.field({
      type: [ExecutionStep],
      resolve: ({ location, steps }) => {
        const byKey = new Map(steps.map((step) => [step.key, step]));
        return steps.map((step) => ({ location, step, byKey }));
      },
    }),
    artifactsPersisted: t.boolean({ resolve: () => true }),
    assetKeys: t.field({
      type: [AssetKeyType],
      resolve: ({ steps }) => steps.flatMap(assetsOf).map(assetKey),
    }),
  }),
});
