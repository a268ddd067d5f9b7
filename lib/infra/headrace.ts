import { dirname } from 'node:path';
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Cluster, ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import {
  type IGrantable,
  type IManagedPolicy,
  ManagedPolicy,
  PermissionsBoundary,
} from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EVENT_BUS_RULES } from '../model/event-bus-rules';
import type { InstanceSettings } from '../settings/instance-settings';
import { withWorkspace } from '../settings/with-workspace';
import type { CodeLocationSettings, WorkspaceSettings } from '../settings/workspace-settings';
import { Alerts } from './alerts';
import { CodeLocation } from './code-location';
import { ControlPlane } from './control-plane';
import { Dashboard, type DashboardDomain } from './dashboard';
import { DataStack, type DataStackProps } from './data-stack';
import { EventQueue } from './event-queue';
import { ExternalServers } from './external-servers';
import { HttpApi } from './http-api';
import { cognitoOrigin, IdentityProvider, type OidcIssuer } from './identity-provider';
import { loginOrigins } from './login-origins';
import { RunCoordinator } from './run-coordinator';
import { SchemaMigration } from './schema-migration';
import { TaskEvents } from './task-events';
import { validateHeadraceProps } from './validate-headrace-props';
import { WakeUps } from './wake-ups';

export interface HeadraceProps {
  /** The checked `headrace.yaml`; see `loadInstanceSettings`. */
  readonly settings: InstanceSettings;
  /** The checked `workspace.yaml`: each code location gets functions, tasks, a role and a secret of its own. */
  readonly workspace: WorkspaceSettings;
  /** Folder of the built programs. Default: this package's own. */
  readonly programs?: string | undefined;
  /** Image of the workers, with Node, Python and dbt. Default: built from the `Dockerfile` in `root`. */
  readonly workerImage?: ContainerImage | undefined;
  /** Folder of the `Dockerfile`. Default the current folder. */
  readonly root?: string | undefined;
  /** Name of this deployment in the account: prefix of rules and secrets. Lower case, digits, hyphens. Default `headrace`. */
  readonly instance?: string | undefined;
  /** Network, database capacity, retention of logs, what becomes of data when the stack goes. */
  readonly data?: DataStackProps | undefined;
  /** An address of your own for the dashboard; default CloudFront's. */
  readonly domain?: DashboardDomain | undefined;
  /** Who logs people in; default a Cognito user pool. */
  readonly oidc?: OidcIssuer | undefined;
  /** E-mail address of the first admin in the user pool. */
  readonly firstAdmin?: string | undefined;
  /** E-mail addresses that alarms go to. */
  readonly alertEmails?: readonly string[] | undefined;
  /** Run workers on Spot capacity where there is some, whatever `run_launcher.fargate.spot` says. Default as it says. */
  readonly spot?: boolean | undefined;
  /**
   * Buckets whose new objects sensors may follow (`objectCreated`). Each must send its events to EventBridge:
   * `eventBridgeEnabled: true`. Default none.
   */
  readonly eventBuckets?: readonly string[] | undefined;
  /** EventBridge rules at most, 3–300. Default 80. */
  readonly maxRules?: number | undefined;
  /** CloudWatch retention of the functions' and tasks' logs. Default one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** What user code of a location may do in AWS, by location. */
  readonly policies?: Readonly<Record<string, readonly IManagedPolicy[]>> | undefined;
  /**
   * Variables of a location's code that are no secrets, by location: shown in the consoles of Lambda and ECS, and not
   * masked in logs as all of the location's secret is.
   */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Boundary of every role that is made. */
  readonly permissionsBoundary?: IManagedPolicy | undefined;
  /** On every resource. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** This module is built into `dist/lib` or `dist/bin`, or a chunk beside them. */
const OWN_PROGRAMS = dirname(import.meta.dirname);

/**
 * Headrace in an app of your own: two stacks, one that keeps the data and one that can be replaced at any time.
 *
 * @throws {HeadracePropsError} at synth, with everything that is wrong with the properties
 * @example
 * new Headrace(app, 'Headrace', { ...readProject(process.cwd()), firstAdmin: 'ann@example.com' });
 */
export class Headrace extends Construct {
  readonly data: DataStack;
  readonly service: Stack;
  readonly api: HttpApi;
  /**
   * Lets whoever it is attached to call the API as `admin`, by requests that they sign: make the first token, pause.
   * Its name is `<instance>-admin`.
   */
  readonly adminPolicy: ManagedPolicy;
  readonly locations: Readonly<Record<string, CodeLocation>>;
  /** Where people open it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: HeadraceProps) {
    super(scope, id);
    validateHeadraceProps(props);
    const { workspace, programs = OWN_PROGRAMS, instance = 'headrace', logRetention } = props;
    const settings = withWorkspace(withSpot(props.settings, props.spot), workspace);
    const removalPolicy = props.data?.removalPolicy ?? RemovalPolicy.RETAIN;
    const { purgeAfterDays } = settings.computeLogs;
    const logDuration = purgeAfterDays === null ? null : Duration.days(purgeAfterDays);
    this.data = new DataStack(this, 'Data', {
      stackName: `${instance}-data`,
      ...props.data,
      objectStorage: { logRetention: logDuration, ...props.data?.objectStorage },
    });
    const { data } = this;
    const service = new Stack(this, 'Service', {
      stackName: instance,
      description: 'Headrace: its functions, tasks and pages',
      ...(props.data?.env === undefined ? {} : { env: props.data.env }),
    });
    this.service = service;

    const migration = new SchemaMigration(service, 'SchemaMigration', { database: data.database, programs });
    const cluster = new Cluster(service, 'Workers', {
      vpc: data.network.vpc,
      enableFargateCapacityProviders: true,
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    const images = new Map<string, ContainerImage>();
    const imageFor = ({ architecture }: CodeLocationSettings): ContainerImage => {
      const platform = architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;
      const known = props.workerImage ?? images.get(architecture);
      const image =
        known ?? ContainerImage.fromAsset(props.root ?? process.cwd(), { ...IMAGE_OPTIONS, platform });
      images.set(architecture, image);
      return image;
    };
    this.locations = Object.fromEntries(
      workspace.codeLocations.map((location) => [
        location.name,
        new CodeLocation(service, `Location-${location.name}`, {
          location,
          instance,
          settings,
          programs,
          logRetention,
          image: imageFor(location),
          environment: props.environment?.[location.name],
          database: data.database,
          objectStorage: data.objectStorage,
          encryptionKey: data.encryptionKey,
          removalPolicy,
          policies: props.policies?.[location.name],
        }),
      ]),
    );
    const { locations } = this;

    const controlPlane = new ControlPlane(service, 'ControlPlane', {
      instance,
      settings,
      data,
      cluster,
      programs,
      logRetention,
      codeFunctions: Object.fromEntries(
        Object.entries(locations).map(([name, { codeFunction }]) => [name, codeFunction]),
      ),
    });
    for (const served of [controlPlane, ...Object.values(locations)]) served.node.addDependency(migration);
    const { functions } = controlPlane;
    const coordinator = new RunCoordinator(service, 'RunCoordinator', {
      instance,
      network: data.network,
      cluster,
      locations,
      issueAttemptToken: functions['issue-attempt-token'].function,
      finalizeRun: functions['finalize-run'].function,
      logRetention,
    });
    if (workspace.codeLocations.some(({ capacity }) => capacity === 'external')) {
      new ExternalServers(service, 'ExternalServers', { cluster });
    }
    const wakeUps = new WakeUps(service, 'WakeUps', {
      instance,
      evaluateTicks: functions['evaluate-ticks'].function,
      reconcileRules: functions['reconcile-rules'],
      maxRules: props.maxRules ?? EVENT_BUS_RULES.default,
    });
    controlPlane.connectWakeUps(wakeUps);
    const events = new EventQueue(service, 'Events', {
      instance,
      receiveEvents: functions['receive-events'].function,
      buckets: props.eventBuckets ?? [],
    });
    new TaskEvents(service, 'TaskEvents', {
      cluster,
      receiveEvents: functions['receive-events'].function,
      deadLetterQueue: controlPlane.deadLetterQueue,
    });

    const api = new HttpApi(service, 'HttpApi', {
      instance,
      authorize: functions.authorize.function,
      graphql: functions.graphql.function,
      triggerRun: functions['trigger-run'].function,
      receiveEvents: functions['receive-events'].function,
      logRetention,
    });
    this.api = api;
    this.adminPolicy = new ManagedPolicy(service, 'AdminAccess', {
      managedPolicyName: `${instance}-admin`,
      description: `Headrace ${instance}: calls its API as admin`,
      statements: [api.statementFor('admin')],
    });
    // Unique in the region over all accounts of AWS: the stack's own id ends with a UUID.
    const loginDomain = `headrace-${Fn.select(2, Fn.split('/', service.stackId))}`;
    const dashboard = new Dashboard(service, 'Dashboard', {
      api: api.api,
      programs,
      domain: props.domain,
      connectTo: props.oidc === undefined ? [cognitoOrigin(service, loginDomain)] : loginOrigins(props.oidc),
    });
    const identity = new IdentityProvider(service, 'Identity', {
      oidc: props.oidc,
      loginDomain,
      firstAdmin: props.firstAdmin,
      dashboardUrl: dashboard.url,
      removalPolicy,
    });
    controlPlane.connectIdentity(identity.settings);
    dashboard.publish({ apiUrl: '/graphql', auth: identity.settings });
    this.url = dashboard.url;

    new Alerts(service, 'Alerts', {
      instance,
      encryptionKey: data.encryptionKey,
      emails: props.alertEmails,
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, { function: each }]) => [name, each]),
      ),
      deadLetterQueues: { ControlPlane: controlPlane.deadLetterQueue, Events: events.deadLetterQueue },
      stateMachine: coordinator.stateMachine,
      publishers: controlPlane.engineFunctions,
      undelivered: controlPlane.deadLetterQueue,
    });

    if (props.permissionsBoundary !== undefined)
      PermissionsBoundary.of(this).apply(props.permissionsBoundary);
    for (const [key, value] of Object.entries({ 'headrace:instance': instance, ...props.tags })) {
      Tags.of(this).add(key, value);
    }
    this.outputs(service, api, controlPlane, events);
  }

  /** Lets a role call the API as `editor`, by requests that it signs; below `/iam`. */
  grantEditor(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(this.api.statementFor('editor'));
  }

  /** Lets a role call the API as `admin`, by requests that it signs; below `/iam-admin`. */
  grantAdmin(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(this.api.statementFor('admin'));
  }

  /** What the CLI's profiles need to know. */
  private outputs(
    service: Stack,
    api: HttpApi,
    { functions, deadLetterQueue }: ControlPlane,
    events: EventQueue,
  ): void {
    const outputs = {
      Url: this.url,
      ApiUrl: api.api.apiEndpoint,
      BundlesBucket: this.data.objectStorage.bundles.bucketName,
      RegisterFunction: functions['register-code-location'].function.functionName,
      DeadLettersQueue: deadLetterQueue.queueUrl,
      EventsQueue: events.queue.queueUrl,
      AdminPolicy: this.adminPolicy.managedPolicyArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(service, name, { value });
    for (const [name, { secret }] of Object.entries(this.locations)) {
      new CfnOutput(service, `Secret-${name}`.replace(/[^A-Za-z0-9]/g, ''), {
        value: secret.secretArn,
        description: `Variables of code location ${name}`,
      });
    }
  }
}

/** Only what the image is made of: a change elsewhere must build no image. */
const IMAGE_OPTIONS = {
  exclude: ['.env', '.git', '.headrace', 'cdk.out*', 'node_modules', 'test', 'docs', 'bench'],
};

function withSpot(settings: InstanceSettings, spot: boolean | undefined): InstanceSettings {
  if (spot === undefined) return settings;
  const { runLauncher } = settings;
  return { ...settings, runLauncher: { ...runLauncher, fargate: { ...runLauncher.fargate, spot } } };
}
