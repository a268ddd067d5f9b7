import { join } from 'node:path';
import { App, CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AllowedMethods, CachePolicy, Distribution, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnUserPoolUser, CfnUserPoolUserToGroupAttachment, UserPool } from 'aws-cdk-lib/aws-cognito';
import { type IVpc, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  Secret as EcsSecret,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
} from 'aws-cdk-lib/aws-rds';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * One of each resource that a Headrace deployment is made of, wired together, to show that the emulator deploys and
 * runs them. Context `fixture`: this folder.
 */
class FixtureStack extends Stack {
  constructor(app: App, id: string) {
    super(app, id);
    const fixture = String(this.node.getContext('fixture'));

    // CDK's own classes do not satisfy its interfaces under exactOptionalPropertyTypes.
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC },
        { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
      ],
    }) as IVpc;
    const database = new DatabaseCluster(this, 'Database', {
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_4 }),
      writer: ClusterInstance.serverlessV2('writer'),
      serverlessV2MinCapacity: 0,
      serverlessV2MaxCapacity: 1,
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      enableDataApi: true,
      defaultDatabaseName: 'fixture',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const secret = new Secret(this, 'Secret', { generateSecretString: { passwordLength: 20 } }) as ISecret;

    const lambda = (name: 'api' | 'work' | 'record' | 'issueToken') =>
      new LambdaFn(this, name, {
        runtime: Runtime.NODEJS_24_X,
        handler: `index.${name}`,
        code: Code.fromAsset(join(fixture, 'functions')),
        timeout: Duration.seconds(10),
        environment: { CLUSTER_ARN: database.clusterArn, SECRET_ARN: secret.secretArn },
        logGroup: new LogGroup(this, `${name}Logs`, { removalPolicy: RemovalPolicy.DESTROY }),
      });
    const [api, work, record, issueToken] = [
      lambda('api'),
      lambda('work'),
      lambda('record'),
      lambda('issueToken'),
    ];
    database.grantDataApiAccess(api);
    secret.grantRead(api);

    const http = new HttpApi(this, 'Http');
    http.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Api', api),
    });
    const queue = new Queue(this, 'Queue', { visibilityTimeout: Duration.seconds(60) });
    record.addEventSource(new SqsEventSource(queue));
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.expression('cron(* * * * ? *)'),
      targets: [
        new LambdaFunction(record, {
          event: RuleTargetInput.fromObject({ rule: 'EveryMinute', time: EventField.time }),
        }),
      ],
    });

    const cluster = new Cluster(this, 'Cluster', { vpc, enableFargateCapacityProviders: true });
    const taskLogs = new LogGroup(this, 'TaskLogs', { removalPolicy: RemovalPolicy.DESTROY });
    const task = new FargateTaskDefinition(this, 'Task', { cpu: 256, memoryLimitMiB: 512 });
    task.addContainer('worker', {
      image: ContainerImage.fromAsset(join(fixture, 'worker')),
      secrets: { WORKER_SECRET: EcsSecret.fromSecretsManager(secret) },
      stopTimeout: Duration.seconds(4),
      logging: LogDrivers.awsLogs({ streamPrefix: 'task', logGroup: taskLogs }),
    });
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(
        this.toJsonString(
          machineDefinition({
            work: work.functionArn,
            cluster: cluster.clusterArn,
            task: task.taskDefinitionArn,
            subnets: vpc.publicSubnets.map(({ subnetId }) => subnetId),
          }),
        ),
      ),
    });
    work.grantInvoke(machine);
    task.grantRun(machine);

    const bucket = new Bucket(this, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }) as IBucket;
    const distribution = new Distribution(this, 'Distribution', {
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
      defaultRootObject: 'index.html',
      additionalBehaviors: {
        'api/*': {
          origin: new HttpOrigin(Fn.select(2, Fn.split('/', http.apiEndpoint))),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    });

    const users = new UserPool(this, 'Users', {
      passwordPolicy: { minLength: 20 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const group = users.addGroup('Editors', { groupName: 'editors' });
    const user = new CfnUserPoolUser(this, 'User', { userPoolId: users.userPoolId, username: 'ann' });
    const member = new CfnUserPoolUserToGroupAttachment(this, 'Member', {
      userPoolId: users.userPoolId,
      username: 'ann',
      groupName: 'editors',
    });
    member.node.addDependency(group, user);

    for (const [name, value] of Object.entries({
      HttpApiEndpoint: http.apiEndpoint,
      UserPoolId: users.userPoolId,
      WorkFunction: work.functionArn,
      IssueTokenFunction: issueToken.functionArn,
      RecordFunction: record.functionArn,
      RecordLogGroup: record.logGroup.logGroupName,
      QueueUrl: queue.queueUrl,
      ClusterArn: cluster.clusterArn,
      TaskDefinition: task.taskDefinitionArn,
      TaskLogGroup: taskLogs.logGroupName,
      MachineArn: machine.stateMachineArn,
      BucketName: bucket.bucketName,
      DistributionDomain: distribution.distributionDomainName,
      SecretArn: secret.secretArn,
      DatabaseSecretArn: database.secret?.secretArn ?? '',
    })) {
      new CfnOutput(this, name, { value });
    }
  }
}

/** Calls the function, then runs the task in the mode that the input names. */
function machineDefinition(of: {
  readonly work: string;
  readonly cluster: string;
  readonly task: string;
  readonly subnets: readonly string[];
}): object {
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'CallFunction',
    States: {
      CallFunction: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: of.work, Payload: '{% $states.input %}' },
        Output: '{% $states.result.Payload.echoed %}',
        Next: 'RunTask',
      },
      RunTask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::ecs:runTask.sync',
        Arguments: {
          Cluster: of.cluster,
          TaskDefinition: of.task,
          LaunchType: 'FARGATE',
          NetworkConfiguration: {
            AwsvpcConfiguration: { Subnets: of.subnets },
          },
          Overrides: {
            ContainerOverrides: [
              { Name: 'worker', Environment: [{ Name: 'MODE', Value: '{% $states.input.mode %}' }] },
            ],
          },
        },
        TimeoutSeconds: 60,
        End: true,
      },
    },
  };
}

new FixtureStack(new App(), 'Fixture');
