import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { AwsEnvironment } from '../../environment';
import type { Clock } from '../../ports/clock';
import type { Ids } from '../../ports/ids';
import type { Instance } from '../../ports/instance';
import { createDataApiDriver } from '../postgres/data-api-driver';
import { createPostgresStorage } from '../postgres/postgres-storage';
import { createBucketStore } from './bucket-store';
import { EcsRunLauncher } from './ecs-run-launcher';
import { createEventBridgeAlertPublisher } from './eventbridge-alert-publisher';
import { EventBridgeScheduler } from './eventbridge-scheduler';
import { invokeWakeUp } from './invoke-wake-up';
import { createLambdaCodeLocationClient } from './lambda-code-location-client';
import { PushedCodeLocations } from './pushed-code-locations';
import { StepFunctionsRunCoordinator } from './step-functions-run-coordinator';

/** Variables that every function of the control plane is given. */
export const CONTROL_PLANE_VARIABLES = [
  'HEADRACE_INSTANCE',
  'HEADRACE_CLUSTER_ARN',
  'HEADRACE_DATABASE',
  'HEADRACE_SECRET_ARN',
  'HEADRACE_BUNDLES_BUCKET',
  'HEADRACE_LOGS_BUCKET',
  'HEADRACE_ARTIFACTS_BUCKET',
  'HEADRACE_CODE_FUNCTIONS',
] as const satisfies readonly (keyof AwsEnvironment)[];

type Given<K extends keyof AwsEnvironment> = AwsEnvironment & {
  readonly [P in K]: NonNullable<AwsEnvironment[P]>;
};

/** An instance in AWS, with the parts that a function may need by their own names. */
export interface AwsInstance {
  readonly instance: Instance;
  readonly scheduler: EventBridgeScheduler;
  readonly codeLocations: PushedCodeLocations;
}

/**
 * Puts the adapters of AWS together, for the life of a function's process. Nothing is called yet.
 *
 * @example const { instance } = createAwsInstance(readAwsEnvironment(CONTROL_PLANE_VARIABLES), { clock: systemClock, ids: systemIds });
 */
export function createAwsInstance(
  environment: Given<(typeof CONTROL_PLANE_VARIABLES)[number]>,
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): AwsInstance {
  const storage = createPostgresStorage({
    driver: createDataApiDriver({
      resourceArn: environment.HEADRACE_CLUSTER_ARN,
      secretArn: environment.HEADRACE_SECRET_ARN,
      database: environment.HEADRACE_DATABASE,
      clock,
      ids,
    }),
  });
  const functions = JSON.parse(environment.HEADRACE_CODE_FUNCTIONS) as Readonly<Record<string, string>>;
  const objectStore = createBucketStore(environment);
  const codeLocations = new PushedCodeLocations({ storage, objectStore, names: Object.keys(functions) });
  const eventBridge = new EventBridgeClient();
  const lambda = new LambdaClient();
  const scheduler = new EventBridgeScheduler({
    client: eventBridge,
    objectStore,
    clock,
    instance: environment.HEADRACE_INSTANCE,
    wakeUpArn: environment.HEADRACE_WAKE_UP_ARN ?? '',
    maxRules: environment.HEADRACE_MAX_RULES,
    wakeUpNow: () => invokeWakeUp(lambda, environment.HEADRACE_WAKE_UP_ARN ?? ''),
  });
  const instance: Instance = {
    storage,
    objectStore,
    codeLocations,
    scheduler,
    alertPublisher: createEventBridgeAlertPublisher({
      client: eventBridge,
      instance: environment.HEADRACE_INSTANCE,
    }),
    clock,
    ids,
    runCoordinator: new StepFunctionsRunCoordinator({
      client: new SFNClient(),
      stateMachineArn: environment.HEADRACE_STATE_MACHINE_ARN ?? '',
    }),
    runLauncher: new EcsRunLauncher({
      client: new ECSClient(),
      cluster: environment.HEADRACE_ECS_CLUSTER ?? '',
      clock,
    }),
    codeLocationClient: createLambdaCodeLocationClient({ client: lambda, functions }),
    // Secrets belong to code locations: the control plane reads none.
    secretStore: { get: async () => undefined },
  };
  return { instance, scheduler, codeLocations };
}
