import { WORKER_VARIABLE } from '../model/execution-input';
import type { JsonObject } from '../model/json';

/** Resources that the state machine uses. A value may be a JSONata template, e.g. one made by `byLocation`. */
export interface RunCoordinatorSubstitutions {
  readonly cluster: string;
  readonly taskDefinition: string;
  /** The role of user code in a task. */
  readonly taskRole: string;
  readonly containerName: string;
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
const RETRY_COUNT = '$states.context.State.RetryCount';
/** Of each launch another: RetryCount begins anew after a wait, and a launch whose answer was lost may have started a worker. */
const LAUNCH = `$string($throttledLaunches) & '-' & $string(${RETRY_COUNT})`;
const WORKER_ID = `$states.context.Execution.Name & '-' & ${LAUNCH}`;

/** Lambda's limit of 15 minutes and a margin for its answer. */
const LAMBDA_TIMEOUT_SECONDS = 905;
/** Time that a task gets beyond the run's maximum runtime: to be placed, to pull its image, to stop. */
const TASK_MARGIN_SECONDS = 900;
/** Launches that are tried on Spot capacity before it is clear that there is none. */
const SPOT_LAUNCHES = 2;
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

/** Name of what a location has several of: its own has no name. */
export const choiceKey = (location: string, name?: string): string =>
  name === undefined ? location : `${location}/${name}`;

/**
 * A template that picks what the run's task asks for of its location's, which are named by `choiceKey`. A name that
 * is not there fails the execution: nothing else takes its place.
 *
 * @example byChoice('image', { orchestration: arn, 'orchestration/gpu': otherArn })
 */
export function byChoice(choice: 'image' | 'role', values: Readonly<Record<string, string>>): string {
  const name = `${INPUT}.task.${choice}`;
  const key = `${INPUT}.location & ($exists(${name}) ? '/' & ${name} : '')`;
  return `{% $lookup(${JSON.stringify(values)}, ${key}) %}`;
}

/** Variables that a task gets, each a JSONata expression. */
const TASK_VARIABLES: Readonly<Record<string, string>> = {
  [WORKER_VARIABLE.runId]: `${INPUT}.runId`,
  [WORKER_VARIABLE.attempt]: `$string(${INPUT}.attempt)`,
  [WORKER_VARIABLE.location]: `${INPUT}.location`,
  [WORKER_VARIABLE.bundleHash]: `${INPUT}.bundleHash`,
  [WORKER_VARIABLE.workerId]: WORKER_ID,
  [WORKER_VARIABLE.attemptToken]: '$attemptToken',
  [WORKER_VARIABLE.maxRuntime]: `$string(${INPUT}.maxRuntimeSeconds)`,
};

/** A state that runs a worker in an ECS task until it has stopped; `placement` says where. */
function runTask(
  { cluster, taskDefinition, containerName }: RunCoordinatorSubstitutions,
  placement: JsonObject,
): JsonObject {
  const variables = Object.entries(TASK_VARIABLES).map(
    ([name, value]) => `{'Name': '${name}', 'Value': ${value}}`,
  );
  const container = `{'Name': '${containerName}', 'Environment': [${variables.join(', ')}]}`;
  const task = `${INPUT}.task`;
  return {
    Type: 'Task',
    Resource: RESOURCE.ecsRunTask,
    Arguments: {
      Cluster: cluster,
      TaskDefinition: taskDefinition,
      ...placement,
      // ECS takes at most 64 characters; a run id has 36.
      ClientToken: `{% ${INPUT}.runId & '-' & $string(${INPUT}.attempt) & '-' & ${LAUNCH} %}`,
      PropagateTags: 'TASK_DEFINITION',
      // An execution that was asked for before tasks could be chosen has no task in its input.
      Overrides: `{% $merge([{'TaskRoleArn': $taskRole, 'ContainerOverrides': [${container}]}, $exists(${task}) ? {'Cpu': $string(${task}.cpu), 'Memory': $string(${task}.memory)} : {}]) %}`,
    },
    TimeoutSeconds: `{% ${INPUT}.maxRuntimeSeconds + ${TASK_MARGIN_SECONDS} %}`,
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
  };
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
          taskRole: substitutions.taskRole,
        },
        Next: 'ChooseLauncher',
      },
      ChooseLauncher: {
        Type: 'Choice',
        Choices: [
          { Condition: `{% ${INPUT}.launcher = 'lambda' %}`, Next: 'RunOnLambda' },
          { Condition: `{% ${INPUT}.launcher = 'external' %}`, Next: 'RunOnExternal' },
        ],
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
            workerId: `{% ${WORKER_ID} %}`,
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
      RunOnFargate: runTask(substitutions, {
        // A strategy of two providers spreads tasks over both, and tries no other where one has no capacity.
        CapacityProviderStrategy: [
          {
            CapacityProvider: `{% ${INPUT}.task.capacity = 'fargate_spot' and ${RETRY_COUNT} < ${SPOT_LAUNCHES} ? 'FARGATE_SPOT' : 'FARGATE' %}`,
            Weight: 1,
          },
        ],
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            Subnets: substitutions.subnets,
            SecurityGroups: substitutions.securityGroups,
            AssignPublicIp: substitutions.assignPublicIp ? 'ENABLED' : 'DISABLED',
          },
        },
      }),
      // On servers of one's own a task has their network.
      RunOnExternal: runTask(substitutions, { LaunchType: 'EXTERNAL' }),
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
        Next: 'ChooseLauncher',
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
