import { Duration } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { AwsEnvironment } from '../environment';
import type { IdentitySettings } from '../model/identity-settings';
import type { InstanceSettings } from '../settings/instance-settings';
import { ControlPlaneFunction, controlPlaneFunctionName } from './control-plane-function';
import type { DataStack } from './data-stack';
import { DATABASE_NAME } from './database';
import { runCoordinatorName } from './run-coordinator';
import type { WakeUps } from './wake-ups';

export interface ControlPlaneProps {
  readonly instance: string;
  readonly settings: InstanceSettings;
  readonly data: DataStack;
  readonly cluster: Cluster;
  /** Location to the function that holds its code. */
  readonly codeFunctions: Readonly<Record<string, IFunction>>;
  readonly programs: string;
  readonly logRetention?: RetentionDays | undefined;
}

/** What the functions are for; the key is the folder under `lambdas/`. */
const FUNCTIONS = {
  graphql: 'answers GraphQL and REST',
  'trigger-run': 'takes POST /api/runs',
  authorize: 'checks who calls the API',
  'evaluate-ticks': 'evaluates schedules and sensors, repairs what was lost',
  dequeue: 'claims queued runs',
  'deliver-outbox': 'starts and stops executions',
  'finalize-run': 'settles an attempt that ended',
  'issue-attempt-token': "makes an attempt's secret",
  'register-code-location': 'takes new code of a location',
  'receive-events': 'takes webhooks, queue messages and task events',
  'reconcile-rules': 'makes the EventBridge rules follow what is on',
} as const;

export type ControlPlaneFunctionName = keyof typeof FUNCTIONS;

/** Functions that answer a person get more CPU: it comes with memory. */
const MEMORY: Partial<Record<ControlPlaneFunctionName, number>> = {
  graphql: 1024,
  'trigger-run': 1024,
  'evaluate-ticks': 1024,
};
/** API Gateway gives up after 30 s; the engine's own deadline is 25 s. */
const TIMEOUT: Partial<Record<ControlPlaneFunctionName, Duration>> = {
  'evaluate-ticks': Duration.minutes(5),
  'register-code-location': Duration.minutes(2),
  'reconcile-rules': Duration.minutes(5),
  'receive-events': Duration.minutes(1),
};

/** Functions that change runs, and so claim, start and stop: the engine runs in each of them. */
const RUNS_THE_ENGINE: readonly ControlPlaneFunctionName[] = [
  'graphql',
  'trigger-run',
  'evaluate-ticks',
  'dequeue',
  'deliver-outbox',
  'finalize-run',
  'receive-events',
];
/** Functions that set alarms, or change which schedules and sensors are on. */
const SETS_ALARMS: readonly ControlPlaneFunctionName[] = [...RUNS_THE_ENGINE, 'register-code-location'];
/** Functions that ask a location's code: config, schedules, sensors. */
const ASKS_CODE: readonly ControlPlaneFunctionName[] = [
  'graphql',
  'trigger-run',
  'evaluate-ticks',
  'receive-events',
  'register-code-location',
];

/** Functions that take events for sensors, or new code, and have what is due evaluated at once. */
const TAKES_EVENTS: readonly ControlPlaneFunctionName[] = [
  'graphql',
  'receive-events',
  'register-code-location',
];

/** The functions of the control plane, each with a role of its own that allows what it does. */
export class ControlPlane extends Construct {
  readonly functions: Readonly<Record<ControlPlaneFunctionName, ControlPlaneFunction>>;
  /** Events that failed for good: rules' wake-ups, and other invocations that nobody waits for. */
  readonly deadLetterQueue: Queue;
  readonly #props: ControlPlaneProps;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    this.#props = props;
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      // By SQS's own key: EventBridge, which sends here too, may use no key of ours.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const names = Object.keys(FUNCTIONS) as ControlPlaneFunctionName[];
    this.functions = Object.fromEntries(names.map((name) => [name, this.create(name)])) as Record<
      ControlPlaneFunctionName,
      ControlPlaneFunction
    >;
    this.connectRunCoordinator();
    for (const name of TAKES_EVENTS) {
      this.functions[name].function.addToRolePolicy(
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [this.functions['evaluate-ticks'].function.functionArn],
        }),
      );
    }
    for (const name of ASKS_CODE) {
      for (const code of Object.values(props.codeFunctions)) code.grantInvoke(this.functions[name].function);
    }
  }

  /**
   * Lets the functions that run the engine start and stop executions, and confirm that a task has stopped. They know
   * the state machine by name: it calls some of them, and so cannot exist before them.
   */
  private connectRunCoordinator(): void {
    const { cluster, instance } = this.#props;
    const stateMachine = StateMachine.fromStateMachineName(
      this,
      'RunCoordinator',
      runCoordinatorName(instance),
    );
    for (const name of RUNS_THE_ENGINE) {
      const target = this.functions[name];
      target.addEnvironment({
        HEADRACE_STATE_MACHINE_ARN: stateMachine.stateMachineArn,
        HEADRACE_ECS_CLUSTER: cluster.clusterArn,
      });
      stateMachine.grantStartExecution(target.function);
      stateMachine.grantExecution(target.function, 'states:StopExecution', 'states:DescribeExecution');
      target.function.addToRolePolicy(
        new PolicyStatement({
          actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
          resources: [cluster.arnForTasks('*')],
        }),
      );
      target.function.addToRolePolicy(
        // Listing names its cluster by a condition; it has no resource of its own.
        new PolicyStatement({
          actions: ['ecs:ListTasks'],
          resources: ['*'],
          conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
        }),
      );
    }
  }

  /** Functions that run the engine. */
  get engineFunctions(): readonly LambdaFunction[] {
    return RUNS_THE_ENGINE.map((name) => this.functions[name].function);
  }

  /** Lets the functions that change what is due set alarms. */
  connectWakeUps(wakeUps: WakeUps): void {
    for (const name of SETS_ALARMS) wakeUps.grantReconcile(this.functions[name]);
  }

  /** Tells the authorizer whose tokens count. */
  connectIdentity(identity: IdentitySettings): void {
    this.functions.authorize.addEnvironment({ HEADRACE_IDENTITY: JSON.stringify(identity) });
  }

  private create(name: ControlPlaneFunctionName): ControlPlaneFunction {
    const { instance, data, settings, programs, logRetention } = this.#props;
    const created = new ControlPlaneFunction(this, pascalCase(name), {
      name,
      functionName: controlPlaneFunctionName(instance, name),
      description: FUNCTIONS[name],
      programs,
      settings,
      logRetention,
      memory: MEMORY[name],
      timeout: TIMEOUT[name],
      environment: this.environment(),
      deadLetterQueue: this.deadLetterQueue,
    });
    data.database.grantApp(created.function);
    if (name !== 'authorize' && name !== 'issue-attempt-token') {
      data.objectStorage.grantControlPlane(created.function);
    }
    return created;
  }

  private environment(): AwsEnvironment {
    const { data, instance, codeFunctions } = this.#props;
    return {
      HEADRACE_INSTANCE: instance,
      HEADRACE_CLUSTER_ARN: data.database.cluster.clusterArn,
      HEADRACE_DATABASE: DATABASE_NAME,
      HEADRACE_SECRET_ARN: data.database.appSecret.secretArn,
      ...data.objectStorage.environment,
      HEADRACE_CODE_FUNCTIONS: JSON.stringify(
        Object.fromEntries(Object.entries(codeFunctions).map(([name, fn]) => [name, fn.functionName])),
      ),
    };
  }
}

const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
