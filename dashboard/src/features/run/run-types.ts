import type { RunEventsResult, RunPlanResult, RunStatusResult } from '../../graphql/generated';

export type RunDetail = Extract<RunStatusResult['runOrError'], { readonly __typename: 'Run' }>;
export type RunPlan = Extract<RunPlanResult['runOrError'], { readonly __typename: 'Run' }>;
export type PlanStep = NonNullable<RunPlan['executionPlan']>['steps'][number];
export type StepStats = RunDetail['stepStats'][number];
export type RunEvent = Extract<
  RunEventsResult['logsForRun'],
  { readonly __typename: 'EventConnection' }
>['events'][number];
