/** A finding of cdk-nag that is right as it is. */
export interface NagSuppression {
  /** Rule, with what it found in brackets where it says so. */
  readonly rule: RegExp;
  /** Paths of the resources that it may be found at. */
  readonly at: RegExp;
  readonly reason: string;
}

const CONTROL_PLANE = /\/ControlPlane\/\w+\/Role\//;
const RUNS_THE_ENGINE =
  /\/ControlPlane\/(Graphql|TriggerRun|EvaluateTicks|Dequeue|DeliverOutbox|FinalizeRun|ReceiveEvents)\/Role\//;
const LOCATION = /\/Location-\w+\/(CodeRole|RunRole|Task\/TaskRole)\//;

/** Everything that cdk-nag may find, and why it stays. What is not here is an error. */
export const NAG_SUPPRESSIONS: readonly NagSuppression[] = [
  {
    rule: /^AwsSolutions-VPC7$/,
    at: /\/Network\/Vpc\//,
    reason:
      'Nothing in the network takes a connection, and flow logs are billed by the gigabyte of what is loaded. Who needs them gives a VPC of their own that has them.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    at: /\/Database\/(Owner|App|Worker)Secret\//,
    reason:
      'A password is set in the database by the migration at deploy. It opens nothing without rds-data permission, which only the role that reads it has; a rotation between deployments would lock that role out.',
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    at: /\/Location-\w+\/Secret\//,
    reason: 'It holds credentials of other systems, which only those can rotate; its owners put new ones in.',
  },
  {
    rule: /^AwsSolutions-RDS6$/,
    at: /\/Database\/Cluster\//,
    reason:
      'Everybody goes through the Data API, which is IAM already. Nobody can connect: there is no public address and no way into the security group. IAM authentication would only add a way.',
  },
  {
    rule: /^AwsSolutions-S1$/,
    at: /\/ObjectStorage\/(Bundles|Logs|Artifacts)\/|\/Dashboard\/Files\//,
    reason:
      'Server access logs come late and with gaps. Who must know who read what turns on data events in CloudTrail, for the account as a whole.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+Function\w+\.Arn>:\*\]$/,
    at: /\/ProviderRole\/|\/RunCoordinator\/StateMachine\/Role\/|\/ControlPlane\/(Graphql|ReceiveEvents|RegisterCodeLocation)\/Role\//,
    reason:
      'Versions and aliases of one named function; evaluate-ticks, where it is one of the control plane.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:[\w-]+-dequeue:\*\]$/,
    at: LOCATION,
    reason:
      'Versions and aliases of one named function: the one that claims runs for slots that steps give back.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<Location\w+(Code|Run)\w+\.Arn>:\*\]$/,
    at: new RegExp(`${CONTROL_PLANE.source}|/RunCoordinator/StateMachine/Role/`),
    reason: "Versions and aliases of one named function: a location's.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: new RegExp(`${CONTROL_PLANE.source}|/(SchemaMigration/Migrate|Dashboard/Publish)/Role/`),
    reason:
      'X-Ray and events:ListRules take no resource; ecs:ListTasks neither, it is bound to the cluster by a condition. least-privilege.test.ts holds that it is these actions only.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    at: /\/RunCoordinator\/StateMachine\/Role\//,
    reason:
      'X-Ray and the delivery of logs take no resource. least-privilege.test.ts holds that it is these only.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::headrace-data:\w+ObjectStorage(Bundles|Logs|Artifacts)\w+\/\*\]$/,
    at: new RegExp(`${CONTROL_PLANE.source}|${LOCATION.source}`),
    reason: 'Objects of one named bucket; their keys are made at run time.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<DashboardFiles\w+\.Arn>\/\*\]$/,
    at: /\/Dashboard\/Publish\/Role\//,
    reason: "Objects of one named bucket: the dashboard's files have names by their contents.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:execution:headrace-run-coordinator:\*\]$/,
    at: RUNS_THE_ENGINE,
    reason: 'Executions of one named state machine are named after runs.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:task\/<Workers\w+>\/\*\]$/,
    at: new RegExp(`${RUNS_THE_ENGINE.source}|/RunCoordinator/StateMachine/Role/`),
    reason: 'Tasks of one named cluster get their ids from ECS.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:rule\/headrace-alarm-\*\]$/,
    at: CONTROL_PLANE,
    reason: "The instance's own rules, which are made at run time and named after it.",
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:.*:execute-api:.*:<HttpApi\w+>\/\*\/\*\/iam-admin\/\*\]$/,
    at: /\/AdminAccess\//,
    reason: "Every method and path below one prefix of the API's routes.",
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    at: /\/Location-\w+\/Task\//,
    reason:
      'Names of buckets, cluster and secrets, which are no secrets; headrace.test.ts holds that no value is. User code reads its secret by its own role.',
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    at: /\/Workers\//,
    reason:
      'Container Insights bills each task as custom metrics. What a run used, and why its task stopped, is on the run.',
  },
  {
    rule: /^AwsSolutions-SF1$/,
    at: /\/RunCoordinator\/StateMachine\//,
    reason:
      'Errors are logged. Each execution keeps its whole history for 90 days, and the run its event log; a log of every transition would be a third copy.',
  },
  {
    rule: /^AwsSolutions-SQS3$/,
    at: /\/ControlPlane\/DeadLetters\//,
    reason: 'It is the queue of dead letters.',
  },
  {
    rule: /^AwsSolutions-APIG4$/,
    at: /\/HttpApi\/Api\/(GET--healthz|POST--api--webhooks--\{path\+\})\//,
    reason:
      'Health says nothing about anything; a webhook proves itself by the signature that its function checks.',
  },
  {
    rule: /^AwsSolutions-CFR1$/,
    at: /\/Dashboard\/Distribution\//,
    reason: 'People may work from anywhere; who they are is asked instead.',
  },
  {
    rule: /^AwsSolutions-CFR2$/,
    at: /\/Dashboard\/Distribution\//,
    reason:
      'A web ACL costs $5 and more a month. The API is throttled and asks everybody who they are; an ACL can be attached to the distribution.',
  },
  {
    rule: /^AwsSolutions-CFR3$/,
    at: /\/Dashboard\/Distribution\//,
    reason:
      'What is served is the same public program for everybody. Calls of the API are in the access log of the API, with who called.',
  },
  {
    rule: /^AwsSolutions-CFR4$/,
    at: /\/Dashboard\/Distribution\//,
    reason: "CloudFront's own certificate takes no minimum; with a domain of your own it is TLS 1.2 of 2021.",
  },
  {
    rule: /^AwsSolutions-COG2$/,
    at: /\/Identity\/Users\//,
    reason:
      'A second factor can be set up by everybody, and made a must in the pool; it would keep the first admin out.',
  },
  {
    rule: /^AwsSolutions-COG8$/,
    at: /\/Identity\/Users\//,
    reason: 'The plus plan bills every person who logs in. Nobody can sign up by themselves.',
  },
];
