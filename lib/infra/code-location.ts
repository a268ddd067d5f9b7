import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ContainerImage, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { WORKER_VARIABLE } from '../model/execution-input';
import type { InstanceSettings } from '../settings/instance-settings';
import type { CodeLocationSettings } from '../settings/workspace-settings';
import { controlPlaneFunctionName } from './control-plane-function';
import { DATABASE_NAME, type Database } from './database';
import { functionRole } from './function-role';
import { grantSecretRead } from './grant-secret-read';
import { LocationTasks } from './location-tasks';
import type { ObjectStorage } from './object-storage';

export interface CodeLocationProps {
  readonly location: CodeLocationSettings;
  readonly instance: string;
  readonly settings: InstanceSettings;
  readonly database: Database;
  readonly objectStorage: ObjectStorage;
  readonly encryptionKey: Key;
  /** The generic worker image; a location may name its own. */
  readonly image: ContainerImage;
  readonly programs: string;
  readonly logRetention?: RetentionDays | undefined;
  /** Of the secret: CloudFormation deletes one at once, and nobody can bring its values back. */
  readonly removalPolicy: RemovalPolicy;
  /** What user code of this location may do in AWS, beyond its own secret. Default nothing. */
  readonly policies?: readonly IManagedPolicy[] | undefined;
  /** Variables of this location's code that are no secrets. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Seconds that a schedule or sensor function may take at most; the client's own time-out is shorter. */
const CODE_TIMEOUT = Duration.minutes(2);
/** Lambda's limit. */
const RUN_TIMEOUT = Duration.minutes(15);

/**
 * One code location on AWS: a function that answers for its code, a function for short runs, task definitions for
 * the others, each with a role of the location's own, and a secret for its credentials. Code itself arrives by
 * `headrace push`, without a deployment.
 */
export class CodeLocation extends Construct {
  readonly codeFunction: LambdaFunction;
  readonly runFunction: LambdaFunction;
  readonly tasks: LocationTasks;
  /** JSON object of what `env('NAME')` finds in this location's code. Its values are set by its owners. */
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: CodeLocationProps) {
    super(scope, id);
    const { location, instance, settings, objectStorage, encryptionKey } = props;
    this.secret = new Secret(this, 'Secret', {
      // Without a name of its own, which one that was kept would hold.
      description: `Headrace ${instance}: variables of code location ${location.name}`,
      encryptionKey,
      removalPolicy: props.removalPolicy,
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'HEADRACE_GENERATED' },
    });
    const shared = {
      ...props.environment,
      ...objectStorage.environment,
      HEADRACE_INSTANCE: instance,
      [WORKER_VARIABLE.location]: location.name,
      HEADRACE_LOCATION_SECRET_ARN: this.secret.secretArn,
      // The driver looks for a cloud's metadata service otherwise, which takes seconds.
      SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    };
    const dequeue = controlPlaneFunctionName(instance, 'dequeue');
    const worker = {
      ...shared,
      HEADRACE_CLUSTER_ARN: props.database.cluster.clusterArn,
      HEADRACE_DATABASE: DATABASE_NAME,
      HEADRACE_WORKER_SECRET_ARN: props.database.workerSecret.secretArn,
      HEADRACE_DEQUEUE_FUNCTION: dequeue,
      ...(settings.computeLogs.enabled ? {} : { HEADRACE_COMPUTE_LOGS: 'off' }),
    };
    this.codeFunction = this.createFunction('Code', props, {
      name: 'code-location',
      description: `definitions, schedules and sensors of ${location.name}`,
      environment: shared,
      memory: 1024,
      timeout: CODE_TIMEOUT,
    });
    this.runFunction = this.createFunction('Run', props, {
      name: 'run-on-lambda',
      description: `short runs of ${location.name}`,
      environment: worker,
      memory: settings.runLauncher.lambda.memory,
      timeout: RUN_TIMEOUT,
    });
    this.tasks = new LocationTasks(this, { ...props, environment: worker });
    const taskRoles = Object.values(this.tasks.roles);
    objectStorage.grantCode(this.codeFunction);
    grantSecretRead(this.secret, encryptionKey, this.codeFunction);
    for (const grantee of [this.runFunction, ...taskRoles]) {
      objectStorage.grantWorker(grantee);
      props.database.grantWorker(grantee);
      grantSecretRead(this.secret, encryptionKey, grantee);
      // By name: the control plane knows the locations, and so cannot exist before them.
      LambdaFunction.fromFunctionName(this, `Dequeue-${grantee.node.id}`, dequeue).grantInvoke(grantee);
    }
    for (const policy of props.policies ?? []) {
      for (const role of [this.runFunction.role, this.codeFunction.role, ...taskRoles]) {
        (role as Role).addManagedPolicy(policy);
      }
    }
  }

  /** Of runs that ask for nothing else. */
  get taskDefinition(): TaskDefinition {
    return this.tasks.own;
  }

  private createFunction(
    id: string,
    { programs, logRetention }: CodeLocationProps,
    options: {
      readonly name: string;
      readonly description: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly memory: number;
      readonly timeout: Duration;
    },
  ): LambdaFunction {
    const logGroup = new LogGroup(this, `${id}Logs`, {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new LambdaFunction(this, id, {
      description: `Headrace: ${options.description}`,
      code: Code.fromAsset(join(programs, 'lambdas', options.name)),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: options.memory,
      timeout: options.timeout,
      environment: { ...options.environment },
      logGroup,
      role: functionRole(this, `${id}Role`, logGroup),
    });
  }
}
