import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { byLocation, runCoordinatorDefinition } from '../run-coordinator/run-coordinator-definition';
import { type CodeLocation, WORKER_CONTAINER } from './code-location';
import type { Network } from './network';

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
  /** Runs on Spot capacity; an interrupted run goes on in a new attempt. Default false. */
  readonly spot?: boolean | undefined;
  readonly logRetention?: RetentionDays | undefined;
}

/** The state machine that carries one run attempt, and its right to start tasks and functions of the locations. */
export class RunCoordinator extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: RunCoordinatorProps) {
    super(scope, id);
    const { network, cluster, locations, issueAttemptToken, finalizeRun } = props;
    const each = <T>(value: (location: CodeLocation) => T): Record<string, T> =>
      Object.fromEntries(Object.entries(locations).map(([name, location]) => [name, value(location)]));
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: runCoordinatorName(props.instance),
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Headrace: one execution per run attempt',
      definitionBody: DefinitionBody.fromString(
        Stack.of(this).toJsonString(
          runCoordinatorDefinition({
            cluster: cluster.clusterArn,
            taskDefinition: byLocation(each(({ taskDefinition }) => taskDefinition.taskDefinitionArn)),
            containerName: WORKER_CONTAINER,
            capacityProviders: props.spot === true ? ['FARGATE_SPOT', 'FARGATE'] : ['FARGATE'],
            subnets: network.taskSubnetIds,
            securityGroups: [network.taskSecurityGroup.securityGroupId],
            assignPublicIp: network.assignPublicIp,
            runFunction: byLocation(each(({ runFunction }) => runFunction.functionArn)),
            issueTokenFunction: issueAttemptToken.functionArn,
            finalizeFunction: finalizeRun.functionArn,
          }),
        ),
      ),
      logs: {
        destination: new LogGroup(this, 'Logs', {
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
    for (const { runFunction } of all) runFunction.grantInvoke(stateMachine);
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:RunTask'],
        resources: all.map(({ taskDefinition }) => taskDefinition.taskDefinitionArn),
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
        resources: [
          Stack.of(this).formatArn({
            service: 'ecs',
            resource: 'task',
            resourceName: `${cluster.clusterName}/*`,
          }),
        ],
      }),
    );
    stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: all.flatMap(({ taskDefinition }) => [
          taskDefinition.taskRole.roleArn,
          taskDefinition.obtainExecutionRole().roleArn,
        ]),
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
