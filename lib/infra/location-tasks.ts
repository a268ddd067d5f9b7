import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Compatibility,
  ContainerImage,
  CpuArchitecture,
  LogDrivers,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { choiceKey } from '../run-coordinator/run-coordinator-definition';
import type { InstanceSettings } from '../settings/instance-settings';
import { taskSettings } from '../settings/with-workspace';
import type { CodeLocationSettings } from '../settings/workspace-settings';

/** Name of the container in a worker's task definition. */
export const WORKER_CONTAINER = 'worker';

export interface LocationTasksProps {
  readonly location: CodeLocationSettings;
  readonly settings: InstanceSettings;
  /** Of locations that name none. */
  readonly image: ContainerImage;
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * The task definitions and task roles of a code location: its own, and those that it declares for runs that ask for
 * them by tag. All are made at deployment, so that nothing else can be launched.
 */
export class LocationTasks {
  readonly own: TaskDefinition;
  /** By `choiceKey`. */
  readonly definitions: Readonly<Record<string, TaskDefinition>>;
  /** By `choiceKey`. */
  readonly roles: Readonly<Record<string, IRole>>;

  constructor(scope: Construct, props: LocationTasksProps) {
    const { location } = props;
    const logGroup = new LogGroup(scope, 'TaskLogs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const image = location.image === null ? props.image : imageOf(scope, 'Image', location.image);
    const own = createDefinition(scope, 'Task', { ...props, image, logGroup });
    const further = Object.entries(location.images).map(([name, reference]) => {
      const id = `Task-${name}`;
      const options = { ...props, image: imageOf(scope, `Image-${name}`, reference), logGroup };
      return [
        choiceKey(location.name, name),
        createDefinition(scope, id, { ...options, taskRole: own.taskRole }),
      ] as const;
    });
    this.own = own;
    this.definitions = { [choiceKey(location.name)]: own, ...Object.fromEntries(further) };
    const roles = Object.entries(location.roles).map(([name, { policies }]) => {
      const role = new Role(scope, `TaskRole-${name}`, {
        description: `Headrace: runs of ${location.name} that are tagged with role ${name}`,
        assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
        managedPolicies: policies.map((arn, index) =>
          ManagedPolicy.fromManagedPolicyArn(scope, `TaskRole-${name}-Policy${index}`, arn),
        ),
      });
      return [choiceKey(location.name, name), role as IRole] as const;
    });
    this.roles = { [choiceKey(location.name)]: own.taskRole, ...Object.fromEntries(roles) };
  }
}

function createDefinition(
  scope: Construct,
  id: string,
  {
    settings,
    location,
    image,
    environment,
    logGroup,
    taskRole,
  }: LocationTasksProps & { readonly logGroup: LogGroup; readonly taskRole?: IRole },
): TaskDefinition {
  const { capacity, cpu, memory } = taskSettings(settings.runLauncher, location);
  const isExternal = capacity === 'external';
  const task = new TaskDefinition(scope, id, {
    compatibility: isExternal ? Compatibility.EXTERNAL : Compatibility.FARGATE,
    // A server of one's own lends its tasks its own network.
    networkMode: isExternal ? NetworkMode.HOST : NetworkMode.AWS_VPC,
    cpu: String(cpu),
    memoryMiB: String(memory),
    ...(isExternal
      ? {}
      : {
          runtimePlatform: {
            cpuArchitecture:
              location.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
            operatingSystemFamily: OperatingSystemFamily.LINUX,
          },
        }),
    ...(taskRole === undefined ? {} : { taskRole }),
  });
  task.addContainer(WORKER_CONTAINER, {
    image,
    environment: { ...environment },
    // Time to flush events and logs after SIGTERM; Fargate's most.
    stopTimeout: Duration.seconds(120),
    readonlyRootFilesystem: false,
    logging: LogDrivers.awsLogs({ streamPrefix: location.name, logGroup }),
  });
  return task;
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`, or `@<digest>`. */
const PRIVATE_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?:[:@](.+))?$/;

/** An image by its name; one in ECR may be pulled by the task. */
function imageOf(scope: Construct, id: string, reference: string): ContainerImage {
  const [, account, region, repositoryName, tag] = PRIVATE_IMAGE.exec(reference) ?? [];
  if (account === undefined || region === undefined || repositoryName === undefined) {
    return ContainerImage.fromRegistry(reference);
  }
  const { partition } = Stack.of(scope);
  const repository = Repository.fromRepositoryAttributes(new Construct(scope, id), 'Repository', {
    repositoryName,
    repositoryArn: `arn:${partition}:ecr:${region}:${account}:repository/${repositoryName}`,
  });
  return ContainerImage.fromEcrRepository(repository, tag);
}
