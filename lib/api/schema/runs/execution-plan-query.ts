import { createExecutionPlan } from '../../../engine/plan/create-execution-plan';
import { selectJobSteps } from '../../../engine/plan/select-job-steps';
import type { ExecutionPlan as Plan } from '../../../model/execution-plan';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { AssetCheckHandle, fromKeyInput } from '../common';
import { InvalidSubsetError, orError, PipelineNotFoundError, PythonError } from '../errors';
import { RunConfigValidationInvalid } from '../launch/config-validation';
import { typedErrors } from '../launch/launch-failures';
import { PipelineSelector, pipelineNotFound } from '../repositories/job';
import { ExecutionPlan } from './execution-plan';

builder.objectFields(ExecutionPlan, (t) => ({
  assetSelection: t.stringList({
    description: 'Keys of the assets that its steps make.',
    resolve: ({ steps }) => steps.flatMap(({ assets }) => assets),
  }),
  assetCheckKeys: t.field({
    type: [AssetCheckHandle],
    resolve: ({ steps }) => steps.flatMap(({ checks }) => checks),
  }),
}));

type PlanValue = Tagged<'ExecutionPlan', Plan & { readonly location: string }>;
const ExecutionPlanOrError = builder.unionType('ExecutionPlanOrError', {
  types: [
    ExecutionPlan,
    RunConfigValidationInvalid,
    PipelineNotFoundError,
    InvalidSubsetError,
    PythonError,
  ] as never,
  resolveType: byTypename as never,
});

builder.queryField('executionPlanOrError', (t) =>
  t.field({
    type: ExecutionPlanOrError,
    description: 'The steps that a run would have. Config changes none of them.',
    args: {
      pipeline: t.arg({ type: PipelineSelector, required: true }),
      mode: t.arg.string(),
      runConfigData: t.arg({ type: 'RunConfigData' }),
    },
    resolve: (_root, { pipeline: selector }, context) => {
      const { repositoryLocationName: location, pipelineName: name } = selector;
      const manifest = context.workspace.location(location)?.manifest;
      const job = context.workspace.job(location, name);
      if (!manifest || job === undefined) return pipelineNotFound(location, name) as never;
      return orError(() =>
        typedErrors({ location, name }, async (): Promise<PlanValue> => {
          const plan = createExecutionPlan(manifest, job, {
            assetSelection: selector.assetSelection?.map(fromKeyInput) ?? null,
            assetCheckSelection:
              selector.assetCheckSelection?.map((check) => ({
                asset: fromKeyInput(check.assetKey),
                name: check.name,
              })) ?? null,
            stepKeys: selectJobSteps(manifest, job, selector.solidSelection),
          });
          return tag('ExecutionPlan', { ...plan, location });
        }),
      ) as never;
    },
  }),
);
