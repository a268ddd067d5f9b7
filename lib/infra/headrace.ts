import { dirname } from 'node:path';
import { CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Cluster, ContainerImage, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { type IManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EVENT_BUS_RULES } from '../model/event-bus-rules';
import type { InstanceSettings } from '../settings/instance-settings';
import type { WorkspaceSettings } from '../settings/workspace-settings';
import { Alerts } from './alerts';
import { CodeLocation } from './code-location';
import { ControlPlane } from './control-plane';
import { Dashboard, type DashboardDomain } from './dashboard';
import { DataStack, type DataStackProps } from './data-stack';
import { HttpApi } from './http-api';
import { IdentityProvider, type OidcIssuer } from './identity-provider';
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
  /** Run workers on Spot capacity where there is some. Default false. */
  readonly spot?: boolean | undefined;
  /** EventBridge rules at most, 3–300. Default 80. */
  readonly maxRules?: number | undefined;
  /** CloudWatch retention of the functions' and tasks' logs. Default one month. */
  readonly logRetention?: RetentionDays | undefined;
  /** What user code of a location may do in AWS, by location. */
  readonly policies?: Readonly<Record<string, readonly IManagedPolicy[]>> | undefined;
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
  readonly locations: Readonly<Record<string, CodeLocation>>;
  /** Where people open it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: HeadraceProps) {
    super(scope, id);
    validateHeadraceProps(props);
    const { settings, workspace, programs = OWN_PROGRAMS, instance = 'headrace', logRetention } = props;
    this.data = new DataStack(this, 'Data', { stackName: `${instance}-data`, ...props.data });
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
    const image = props.workerImage ?? ContainerImage.fromAsset(props.root ?? process.cwd(), IMAGE_OPTIONS);
    this.locations = Object.fromEntries(
      workspace.codeLocations.map((location) => [
        location.name,
        new CodeLocation(service, `Location-${location.name}`, {
          location,
          instance,
          settings,
          image,
          programs,
          logRetention,
          database: data.database,
          objectStorage: data.objectStorage,
          encryptionKey: data.encryptionKey,
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
    controlPlane.node.addDependency(migration);
    const { functions } = controlPlane;
    const coordinator = new RunCoordinator(service, 'RunCoordinator', {
      instance,
      network: data.network,
      cluster,
      locations,
      issueAttemptToken: functions['issue-attempt-token'].function,
      finalizeRun: functions['finalize-run'].function,
      spot: props.spot,
      logRetention,
    });
    const wakeUps = new WakeUps(service, 'WakeUps', {
      instance,
      evaluateTicks: functions['evaluate-ticks'].function,
      reconcileRules: functions['reconcile-rules'],
      maxRules: props.maxRules ?? EVENT_BUS_RULES.default,
    });
    controlPlane.connectWakeUps(wakeUps);
    new TaskEvents(service, 'TaskEvents', {
      cluster,
      receiveEvents: functions['receive-events'].function,
      deadLetterQueue: controlPlane.deadLetterQueue,
    });

    const api = new HttpApi(service, 'HttpApi', {
      authorize: functions.authorize.function,
      graphql: functions.graphql.function,
      triggerRun: functions['trigger-run'].function,
      receiveEvents: functions['receive-events'].function,
      logRetention,
    });
    const dashboard = new Dashboard(service, 'Dashboard', {
      api: api.api,
      programs,
      domain: props.domain,
      connectTo: [
        props.oidc === undefined ? 'https://*.amazoncognito.com' : new URL(props.oidc.issuer).origin,
      ],
    });
    const identity = new IdentityProvider(service, 'Identity', {
      oidc: props.oidc,
      firstAdmin: props.firstAdmin,
      dashboardUrl: dashboard.url,
      removalPolicy: props.data?.removalPolicy ?? RemovalPolicy.RETAIN,
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
      deadLetterQueues: { ControlPlane: controlPlane.deadLetterQueue },
      stateMachine: coordinator.stateMachine,
    });

    if (props.permissionsBoundary !== undefined)
      PermissionsBoundary.of(this).apply(props.permissionsBoundary);
    for (const [key, value] of Object.entries({ 'headrace:instance': instance, ...props.tags })) {
      Tags.of(this).add(key, value);
    }
    this.outputs(service, api, controlPlane);
  }

  /** What the CLI's profiles need to know. */
  private outputs(service: Stack, api: HttpApi, { functions, deadLetterQueue }: ControlPlane): void {
    const outputs = {
      Url: this.url,
      ApiUrl: api.api.apiEndpoint,
      BundlesBucket: this.data.objectStorage.bundles.bucketName,
      RegisterFunction: functions['register-code-location'].function.functionName,
      DeadLettersQueue: deadLetterQueue.queueUrl,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(service, name, { value });
    for (const [name, { secret }] of Object.entries(this.locations)) {
      new CfnOutput(service, `Secret-${name}`.replace(/[^A-Za-z0-9]/g, ''), {
        value: secret.secretName,
        description: `Variables of code location ${name}`,
      });
    }
  }
}

/** Only what the image is made of: a change elsewhere must build no image. */
const IMAGE_OPTIONS = { exclude: ['.git', '.headrace', 'cdk.out', 'node_modules', 'test', 'docs', 'bench'] };
