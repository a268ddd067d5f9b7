import { WORKER_VARIABLE } from '../model/execution-input';
import type { JsonObject } from '../model/json';

/** Resources that the state machine uses. A value may be a JSONata template, e.g. one made by `byLocation`. */
export interface RunCoordinatorSubstitutions {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly capacityProviders: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** Function that executes short runs of a location. */
  readonly runFunction: string;
  /** Function that makes the secret of an attempt. */
  readonly issueTokenFunction: string;
  readonly finalizeFunction: string;
}

/** Service integrations that the state machine calls. */
export const RESOURCE = {
  ecsRunTask: 'arn:aws:states:::ecs:runTask.sync',
  lambdaInvoke: 'arn:aws:states:::lambda:invoke',
} as const;

const INPUT = '$states.context.Execution.Input';
const WORKER_ID = "{% $states.context.Execution.Name & '-' & $string($states.context.State.RetryCount) %}";

/** Lambda's limit of 15 minutes and a margin for its answer. */
const LAMBDA_TIMEOUT_SECONDS = 905;
/** Time that a task gets beyond the run's maximum runtime: to be placed, to pull its image, to stop. */
const FARGATE_MARGIN_SECONDS = 900;
/** Launches that ECS may refuse with a throttled InvalidParameterException before the attempt fails. */
const THROTTLED_LAUNCHES = 6;

/** What Lambda itself may throw, user code aside. */
const LAMBDA_FAULTS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.SdkClientException',
  'Lambda.AWSLambdaException',
];
const LAMBDA_RETRY = {
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 5,
  MaxDelaySeconds: 30,
  JitterStrategy: 'FULL',
};

const CATCH_ALL = {
  ErrorEquals: ['States.ALL'],
  Output: { cause: '{% $states.errorOutput %}' },
  Next: 'Finalize',
};

/**
 * A template that picks the value of the run's location.
 *
 * @example byLocation({ orchestration: taskDefinitionArn })
 */
export function byLocation(values: Readonly<Record<string, string>>): string {
  return `{% $lookup(${JSON.stringify(values)}, ${INPUT}.location) %}`;
}

/**
 * The state machine that carries one run attempt from its claim to its end, in Amazon States Language (JSONata).
 * Its input is an `ExecutionInput`. It decides nothing about the run: finalize trusts storage. A failure in user
 * code is no failure here, so nothing is retried but the launch itself.
 */
export function runCoordinatorDefinition(substitutions: RunCoordinatorSubstitutions): JsonObject {
  return {
    Comment:
      'One execution per run attempt, named <runId>-<attempt>, started only after the run was claimed.',
    QueryLanguage: 'JSONata',
    StartAt: 'IssueToken',
    States: {
      IssueToken: {
        Type: 'Task',
        Resource: RESOURCE.lambdaInvoke,
        Arguments: {
          FunctionName: substitutions.issueTokenFunction,
          Payload: { runId: `{% ${INPUT}.runId %}`, attempt: `{% ${INPUT}.attempt %}` },
        },
        TimeoutSeconds: 60,
        Retry: [{ ErrorEquals: LAMBDA_FAULTS, ...LAMBDA_RETRY }],
        // An attempt that is stale already gets no token, and its finalization finds nothing to do.
        Catch: [CATCH_ALL],
        Assign: {
          attemptToken: '{% $states.result.Payload.attemptToken %}',
          throttledLaunches: 0,
        },
        Next: 'ChooseLauncher',
      },
      ChooseLauncher: {
        Type: 'Choice',
        Choices: [{ Condition: `{% ${INPUT}.launcher = 'lambda' %}`, Next: 'RunOnLambda' }],
        Default: 'RunOnFargate',
      },
      RunOnLambda: {
        Type: 'Task',
        Resource: RESOURCE.lambdaInvoke,
        Arguments: {
          FunctionName: substitutions.runFunction,
          Payload: {
            runId: `{% ${INPUT}.runId %}`,
            attempt: `{% ${INPUT}.attempt %}`,
            location: `{% ${INPUT}.location %}`,
            bundleHash: `{% ${INPUT}.bundleHash %}`,
            workerId: WORKER_ID,
            attemptToken: '{% $attemptToken %}',
            maxRuntimeSeconds: `{% ${INPUT}.maxRuntimeSeconds %}`,
          },
        },
        TimeoutSeconds: LAMBDA_TIMEOUT_SECONDS,
        Retry: [{ ErrorEquals: LAMBDA_FAULTS, ...LAMBDA_RETRY }],
        Catch: [CATCH_ALL],
        Output: { cause: null },
        Next: 'Finalize',
      },
      RunOnFargate: {
        Type: 'Task',
        Resource: RESOURCE.ecsRunTask,
        Arguments: {
          Cluster: substitutions.cluster,
          TaskDefinition: substitutions.taskDefinition,
          CapacityProviderStrategy: substitutions.capacityProviders.map((provider) => ({
            CapacityProvider: provider,
            Weight: 1,
          })),
          NetworkConfiguration: {
            AwsvpcConfiguration: {
              Subnets: substitutions.subnets,
              SecurityGroups: substitutions.securityGroups,
              AssignPublicIp: substitutions.assignPublicIp ? 'ENABLED' : 'DISABLED',
            },
          },
          // ECS takes at most 64 characters; a run id has 36.
          ClientToken: `{% ${INPUT}.runId & '-' & $string(${INPUT}.attempt) & '-' & $string($throttledLaunches) & '-' & $string($states.context.State.RetryCount) %}`,
          PropagateTags: 'TASK_DEFINITION',
          Overrides: {
            ContainerOverrides: [
              {
                Name: substitutions.containerName,
                Environment: [
                  { Name: WORKER_VARIABLE.runId, Value: `{% ${INPUT}.runId %}` },
                  { Name: WORKER_VARIABLE.attempt, Value: `{% $string(${INPUT}.attempt) %}` },
                  { Name: WORKER_VARIABLE.location, Value: `{% ${INPUT}.location %}` },
                  { Name: WORKER_VARIABLE.bundleHash, Value: `{% ${INPUT}.bundleHash %}` },
                  { Name: WORKER_VARIABLE.workerId, Value: WORKER_ID },
                  { Name: WORKER_VARIABLE.attemptToken, Value: '{% $attemptToken %}' },
                  { Name: WORKER_VARIABLE.maxRuntime, Value: `{% $string(${INPUT}.maxRuntimeSeconds) %}` },
                ],
              },
            ],
          },
        },
        TimeoutSeconds: `{% ${INPUT}.maxRuntimeSeconds + ${FARGATE_MARGIN_SECONDS} %}`,
        Retry: [
          {
            // AmazonECS.Unknown is a RunTask that answered with failures: mostly no capacity.
            ErrorEquals: [
              'AmazonECS.Unknown',
              'ECS.AmazonECSException',
              'ECS.ServerException',
              'ECS.ThrottlingException',
            ],
            IntervalSeconds: 5,
            BackoffRate: 2,
            MaxAttempts: 6,
            MaxDelaySeconds: 120,
            JitterStrategy: 'FULL',
          },
        ],
        Catch: [
          {
            ErrorEquals: ['ECS.InvalidParameterException'],
            Assign: { throttledLaunches: '{% $throttledLaunches + 1 %}' },
            Output: { cause: '{% $states.errorOutput %}' },
            Next: 'WasThrottled',
          },
          CATCH_ALL,
        ],
        Output: { cause: null },
        Next: 'Finalize',
      },
      // ECS reports throttling of RunTask as InvalidParameterException too; real mistakes must not wait for minutes.
      WasThrottled: {
        Type: 'Choice',
        Choices: [
          {
            Condition: `{% $contains($states.input.cause.Cause, /rate exceeded/i) and $throttledLaunches <= ${THROTTLED_LAUNCHES} %}`,
            Next: 'WaitForThrottle',
          },
        ],
        Default: 'Finalize',
      },
      WaitForThrottle: {
        Type: 'Wait',
        Seconds: '{% $ceil($min([5 * $power(2, $throttledLaunches - 1), 120]) * $random()) %}',
        Next: 'RunOnFargate',
      },
      Finalize: {
        Type: 'Task',
        Resource: RESOURCE.lambdaInvoke,
        Arguments: {
          FunctionName: substitutions.finalizeFunction,
          Payload: {
            runId: `{% ${INPUT}.runId %}`,
            attempt: `{% ${INPUT}.attempt %}`,
            cause: '{% $states.input.cause %}',
          },
        },
        TimeoutSeconds: 60,
        Retry: [
          {
            ErrorEquals: ['States.ALL'],
            IntervalSeconds: 2,
            BackoffRate: 2,
            MaxAttempts: 10,
            MaxDelaySeconds: 60,
            JitterStrategy: 'FULL',
          },
        ],
        End: true,
      },
    },
  };
}
