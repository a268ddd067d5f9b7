import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Cluster, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  byChoice,
  byLocation,
  runCoordinatorDefinition,
} from '../run-coordinator/run-coordinator-definition';
import type { CodeLocation } from './code-location';
import { WORKER_CONTAINER } from './location-tasks';
import type { Network } from './network';
import { vendedLogName } from './vended-log-name';

/** Name of an instance's state machine. */
export const runCoordinatorName = (instance: string): string => `${instance}-run-coordinator`;

export interface RunCoordinatorProps {
  readonly instance: string;
  readonly network: Network;
  readonly cluster: Cluster;
  /** By name. */
  readonly locations: Readonly<Record<string, CodeLocation>>;
  readonly issueAttemptToken: IFunction;
  readonly finalizeRun: IFunction;
  readonly logRetention?: RetentionDays | undefined;
}

/** The state machine that carries one run attempt, and its right to start tasks and functions of the locations. */
export class RunCoordinator extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunCoordinatorProps) {
    super(scope, id);
    const { network, cluster, locations, issueAttemptToken, finalizeRun } = props;
    const each = <T, U>(values: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
    const tasks = Object.values(locations).map((location) => location.tasks);
    const definitions = Object.assign({}, ...tasks.map(({ definitions: all }) => all)) as Record<
      string,
      TaskDefinition
    >;
    const roles = Object.assign({}, ...tasks.map(({ roles: all }) => all)) as Record<string, IRole>;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: runCoordinatorName(props.instance),
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Headrace: one execution per run attempt',
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString(
          runCoordinatorDefinition({
            cluster: cluster.clusterArn,
            taskDefinition: byChoice(
              'image',
              each(definitions, ({ taskDefinitionArn }) => taskDefinitionArn),
            ),
            taskRole: byChoice(
              'role',
              each(roles, ({ roleArn }) => roleArn),
            ),
            containerName: WORKER_CONTAINER,
            subnets: network.taskSubnetIds,
            securityGroups: [network.taskSecurityGroup.securityGroupId],
            assignPublicIp: network.assignPublicIp,
            runFunction: byLocation(each(locations, ({ runFunction }) => runFunction.functionArn)),
            issueTokenFunction: issueAttemptToken.functionArn,
            finalizeFunction: finalizeRun.functionArn,
          }),
        ),
      ),
      logs: {
        destination: new LogGroup(this, 'Logs', {
          logGroupName: vendedLogName(`states/${runCoordinatorName(props.instance)}`),
          retention: props.logRetention ?? RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        // An execution's data holds the attempt's token.
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    this.grantLaunching(props);
  }

  private grantLaunching({ cluster, locations, issueAttemptToken, finalizeRun }: RunCoordinatorProps): void {
    const { stateMachine } = this;
    issueAttemptToken.grantInvoke(stateMachine);
    finalizeRun.grantInvoke(stateMachine);
    const all = Object.values(locations);
    const definitions = all.flatMap(({ tasks }) => Object.values(tasks.definitions));
    const roles = all.flatMap(({ tasks }) => Object.values(tasks.roles));
    for (const { runFunction } of all) runFunction.grantInvoke(stateMachine);
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:RunTask'],
        resources: definitions.map(({ taskDefinitionArn }) => taskDefinitionArn),
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    const tasks = [
      Stack.of(this).formatArn({
        service: 'ecs',
        resource: 'task',
        resourceName: `${cluster.clusterName}/*`,
      }),
    ];
    stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['ecs:StopTask', 'ecs:DescribeTasks'], resources: tasks }),
    );
    // Tasks take over the tags of their definition, for the bill: a launch that may not tag is refused.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:TagResource'],
        resources: tasks,
        conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      }),
    );
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [
          ...roles.map(({ roleArn }) => roleArn),
          ...definitions.map((definition) => definition.obtainExecutionRole().roleArn),
        ],
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      }),
    );
    // How `.sync` learns that a task ended: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [
          Stack.of(this).formatArn({
            service: 'events',
            resource: 'rule',
            resourceName: 'StepFunctionsGetEventsForECSTaskRule',
          }),
        ],
      }),
    );
  }
}
