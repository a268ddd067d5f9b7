import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Headrace } from '../../lib/infra/headrace';
import { ALERT_EVENT } from '../../lib/model/alert-event';
import {
  type Deployed,
  type DeployedRole,
  readDeployed,
  type StackTemplate,
} from '../support/aws/iam/deployed-roles';
import { isAllowed, type Statement } from '../support/aws/iam/evaluate-policy';
import { emptyPrograms, synthesize } from './synthesize';

const programs = emptyPrograms();
afterAll(() => programs.dispose());

function deploy(spoil?: (headrace: Headrace) => void) {
  const { data, service } = synthesize(programs.folder, spoil === undefined ? {} : { spoil });
  return readDeployed([data, service].map((template) => template.toJSON() as StackTemplate));
}
const deployed = deploy();

/** Logical ids of roles, by the words of the table. */
const WHO = {
  graphql: /^ControlPlaneGraphqlRole/,
  'trigger-run': /^ControlPlaneTriggerRunRole/,
  authorize: /^ControlPlaneAuthorizeRole/,
  'evaluate-ticks': /^ControlPlaneEvaluateTicksRole/,
  dequeue: /^ControlPlaneDequeueRole/,
  'deliver-outbox': /^ControlPlaneDeliverOutboxRole/,
  'finalize-run': /^ControlPlaneFinalizeRunRole/,
  'issue-attempt-token': /^ControlPlaneIssueAttemptTokenRole/,
  'register-code-location': /^ControlPlaneRegisterCodeLocationRole/,
  'receive-events': /^ControlPlaneReceiveEventsRole/,
  'reconcile-rules': /^ControlPlaneReconcileRulesRole/,
  migrate: /^SchemaMigrationMigrateRole/,
  'publish-dashboard': /^DashboardPublishRole/,
  'run-coordinator': /^RunCoordinatorStateMachineRole/,
  'code of ingest': /^LocationingestCodeRole/,
  'run of ingest': /^LocationingestRunRole/,
  'task of ingest': /^LocationingestTaskTaskRole/,
  "start of ingest's task": /^LocationingestTaskExecutionRole/,
  'code of dbt': /^LocationdbtCodeRole/,
  'run of dbt': /^LocationdbtRunRole/,
  'task of dbt': /^LocationdbtTaskTaskRole/,
  "start of dbt's task": /^LocationdbtTaskExecutionRole/,
} as const;
type Who = keyof typeof WHO;
const EVERYBODY = Object.keys(WHO) as Who[];
const CONTROL_PLANE = EVERYBODY.filter((who) => WHO[who].source.startsWith('^ControlPlane'));
const WORKERS: readonly Who[] = ['run of ingest', 'task of ingest', 'run of dbt', 'task of dbt'];
const USER_CODE: readonly Who[] = [...WORKERS, 'code of ingest', 'code of dbt'];
const ENGINE: readonly Who[] = [
  ...(['graphql', 'trigger-run', 'evaluate-ticks', 'dequeue'] as const),
  ...(['deliver-outbox', 'finalize-run', 'receive-events'] as const),
];

const arn = (id: RegExp): string => deployed.arnOf(id);
const ANOTHER = 'arn:aws:iam::111122223333:role/Administrator';
const workers = { 'ecs:cluster': arn(/^Workers/) };
/** What there is to be had, by the words of the table. */
const WHAT = {
  "the owner's password": arn(/^DatabaseOwnerSecret/),
  "the control plane's password": arn(/^DatabaseAppSecret/),
  "the workers' password": arn(/^DatabaseWorkerSecret/),
  "ingest's secret": arn(/^LocationingestSecret/),
  "dbt's secret": arn(/^LocationdbtSecret/),
  "somebody else's secret": 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:payroll-AbCdEf',
  database: arn(/^DatabaseCluster/),
  'a bundle': `${arn(/^ObjectStorageBundles/)}/bundles/abc/bundle.tar.gz`,
  'a log': `${arn(/^ObjectStorageLogs/)}/compute_logs/1/stdout`,
  'an artifact': `${arn(/^ObjectStorageArtifacts/)}/artifacts/raw/orders`,
  'a page': `${arn(/^DashboardFiles/)}/index.html`,
  "somebody else's bucket": 'arn:aws:s3:::payroll/salaries.csv',
  "ingest's task definition": arn(/^LocationingestTask\w{8}$/),
  'a worker': 'arn:aws:ecs:eu-central-1:111122223333:task/{workers}/0123'.replace(
    '{workers}',
    arn(/^Workers/).split('/')[1] ?? '',
  ),
  "somebody else's task": 'arn:aws:ecs:eu-central-1:111122223333:task/payroll/0123',
  'all tasks': '*',
  "the role of ingest's task": 'arn:aws:iam::111122223333:role/{id}'.replace(
    '{id}',
    roleOf('task of ingest').id,
  ),
  "an admin's role": ANOTHER,
  'the state machine': 'arn:aws:states:eu-central-1:111122223333:stateMachine:headrace-run-coordinator',
  'an execution': 'arn:aws:states:eu-central-1:111122223333:execution:headrace-run-coordinator:1-1',
  'a rule of ours': 'arn:aws:events:eu-central-1:111122223333:rule/headrace-alarm-safety',
  "somebody else's rule": 'arn:aws:events:eu-central-1:111122223333:rule/payroll',
  'the bus': 'arn:aws:events:eu-central-1:111122223333:event-bus/default',
  'all rules': '*',
  "ingest's code function": arn(/^LocationingestCode\w{8}$/),
  "ingest's run function": arn(/^LocationingestRun\w{8}$/),
  'the evaluate-ticks function': arn(/^ControlPlaneEvaluateTicksFunction/),
  'the dequeue function': arn(/^ControlPlaneDequeueFunction/),
  'the finalize-run function': arn(/^ControlPlaneFinalizeRunFunction/),
  'the register-code-location function': arn(/^ControlPlaneRegisterCodeLocationFunction/),
  'the queue of events': arn(/^EventsQueue/),
  'the queue of dead letters': arn(/^ControlPlaneDeadLetters/),
  anything: 'arn:aws:iam::111122223333:user/ann',
} as const;
type What = keyof typeof WHAT;

const SECRET = 'secretsmanager:GetSecretValue';
const SQL = 'rds-data:ExecuteStatement';

/** Who may do what. Everybody of `WHO` that a row does not name may not. */
const TABLE: readonly (readonly [
  action: string,
  what: What,
  may: readonly Who[],
  context?: Readonly<Record<string, string>>,
])[] = [
  // Passwords and secrets: each its own, and the owner's only where the schema is made.
  [SECRET, "the owner's password", ['migrate']],
  [SECRET, "the control plane's password", [...CONTROL_PLANE, 'migrate']],
  [SECRET, "the workers' password", [...WORKERS, 'migrate']],
  [SECRET, "ingest's secret", ['code of ingest', 'run of ingest', 'task of ingest']],
  [SECRET, "dbt's secret", ['code of dbt', 'run of dbt', 'task of dbt']],
  [SECRET, "somebody else's secret", []],
  ['secretsmanager:PutSecretValue', "ingest's secret", []],
  // SQL: user code that only answers for definitions has no way to the database.
  [SQL, 'database', [...CONTROL_PLANE, ...WORKERS, 'migrate']],
  ['rds-data:BeginTransaction', 'database', []],
  ['rds:DeleteDBCluster', 'database', []],
  ['rds:ModifyDBCluster', 'database', []],
  // Objects: workers remove nothing and change no code.
  ['s3:GetObject', 'a bundle', [...withoutObjects(), ...USER_CODE]],
  ['s3:PutObject', 'a bundle', withoutObjects()],
  ['s3:PutObject', 'a log', [...withoutObjects(), ...WORKERS]],
  ['s3:DeleteObject', 'a log', withoutObjects()],
  ['s3:GetObject', 'an artifact', [...withoutObjects(), ...WORKERS]],
  ['s3:DeleteObject', 'an artifact', withoutObjects()],
  ['s3:PutObject', 'a page', ['publish-dashboard']],
  ['s3:GetObject', "somebody else's bucket", []],
  ['s3:PutBucketPolicy', 'a bundle', []],
  // Tasks and roles: only the state machine starts one, in one cluster, with the roles that are meant for it.
  ['ecs:RunTask', "ingest's task definition", ['run-coordinator'], workers],
  ['ecs:RunTask', "ingest's task definition", [], { 'ecs:cluster': `${arn(/^Workers/)}-other` }],
  // Without it no launch at all: tasks take over their definition's tags.
  ['ecs:TagResource', 'a worker', ['run-coordinator'], { 'ecs:CreateAction': 'RunTask' }],
  ['ecs:TagResource', 'a worker', []],
  ['ecs:StopTask', 'a worker', [...ENGINE, 'run-coordinator']],
  ['ecs:StopTask', "somebody else's task", []],
  ['ecs:ListTasks', 'all tasks', ENGINE, workers],
  [
    'ecs:ListTasks',
    'all tasks',
    [],
    { 'ecs:cluster': 'arn:aws:ecs:eu-central-1:111122223333:cluster/payroll' },
  ],
  ['ecs:ExecuteCommand', 'a worker', []],
  [
    'iam:PassRole',
    "the role of ingest's task",
    ['run-coordinator'],
    { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  ],
  ['iam:PassRole', "the role of ingest's task", [], { 'iam:PassedToService': 'lambda.amazonaws.com' }],
  ['iam:PassRole', "an admin's role", [], { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }],
  ['sts:AssumeRole', "an admin's role", []],
  ['iam:CreateAccessKey', 'anything', []],
  // Executions.
  ['states:StartExecution', 'the state machine', ENGINE],
  ['states:StopExecution', 'an execution', ENGINE],
  ['states:GetExecutionHistory', 'an execution', []],
  ['states:UpdateStateMachine', 'the state machine', []],
  // Alarms: of this instance, and of nobody else on the bus.
  ['events:PutRule', 'a rule of ours', [...ENGINE, 'register-code-location', 'reconcile-rules']],
  ['events:DeleteRule', "somebody else's rule", []],
  ['events:PutTargets', "somebody else's rule", []],
  ['events:PutEvents', 'the bus', ENGINE, { 'events:source': ALERT_EVENT.source }],
  ['events:PutEvents', 'the bus', [], { 'events:source': 'payroll' }],
  ['events:ListRules', 'all rules', [...ENGINE, 'register-code-location', 'reconcile-rules']],
  // Functions: nobody but CloudFormation changes code.
  [
    'lambda:InvokeFunction',
    "ingest's code function",
    ['graphql', 'trigger-run', 'evaluate-ticks', 'receive-events', 'register-code-location'],
  ],
  ['lambda:InvokeFunction', "ingest's run function", ['run-coordinator']],
  // It takes no input, and does what it would do at the next change anyway.
  ['lambda:InvokeFunction', 'the dequeue function', WORKERS],
  ['lambda:InvokeFunction', 'the finalize-run function', ['run-coordinator']],
  ['lambda:InvokeFunction', 'the register-code-location function', []],
  [
    'lambda:InvokeFunction',
    'the evaluate-ticks function',
    ['graphql', 'receive-events', 'register-code-location'],
  ],
  ['lambda:UpdateFunctionCode', "ingest's code function", []],
  ['sqs:SendMessage', 'the queue of dead letters', CONTROL_PLANE],
  ['sqs:ReceiveMessage', 'the queue of dead letters', []],
  ['sqs:ReceiveMessage', 'the queue of events', ['receive-events']],
  ['sqs:SendMessage', 'the queue of events', []],
];

/** Functions of the control plane that have to do with objects. */
function withoutObjects(): readonly Who[] {
  return CONTROL_PLANE.filter((who) => who !== 'authorize' && who !== 'issue-attempt-token');
}

function roleOf(who: Who, { roles } = deployed): DeployedRole {
  const found = roles.filter(({ id }) => WHO[who].test(id));
  if (found.length !== 1) throw new Error(`${who} has ${found.length} roles.`);
  return found[0] as DeployedRole;
}

/** The deployment, as if somebody had been given more. */
function given(who: Who, action: string, resource: string): Deployed {
  const { id } = roleOf(who);
  const more: Statement = { Effect: 'Allow', Action: action, Resource: resource };
  return {
    ...deployed,
    roles: deployed.roles.map((role) =>
      role.id === id ? { ...role, statements: [...role.statements, more] } : role,
    ),
  };
}

function whoMay([action, what, , context]: (typeof TABLE)[number], of = deployed): readonly Who[] {
  return EVERYBODY.filter((who) =>
    isAllowed(roleOf(who, of).statements, { action, resource: WHAT[what], ...(context && { context }) }),
  );
}

describe('who may do what', () => {
  test.each(
    TABLE.map(
      (row) => [`${row[0]} on ${row[1]}${row[3] ? ` with ${Object.values(row[3])}` : ''}`, row] as const,
    ),
  )('%s', (_, row) => {
    expect([...whoMay(row)].sort()).toEqual([...row[2]].sort());
  });

  test.each<[string, string, string, RegExp]>([
    ['everything', '*', '*', /run of ingest/],
    ['everything of S3', 's3:*', '*', /run of ingest/],
    ['every secret', SECRET, '*', /run of ingest/],
  ])('The table notices when a run is given %s', (_, action, resource, expected) => {
    const spoiled = given('run of ingest', action, resource);

    const wrong = TABLE.filter((row) => whoMay(row, spoiled).length !== row[2].length);
    expect(wrong.length).toBeGreaterThan(1);
    for (const row of wrong) expect(whoMay(row, spoiled).join()).toMatch(expected);
  });
});

describe('the policy that is offered for admins', () => {
  const api = `${arn(/^HttpApi\w{8}$/)}/$default`;
  test.each([
    ['POST', '/iam-admin/api/tokens', true],
    ['GET', '/iam-admin/api/instance', true],
    ['POST', '/iam/api/runs', false],
    ['POST', '/api/tokens', false],
    ['POST', '/iam-adminx/api/tokens', false],
  ])('%s %s: %s', (method, path, expected) => {
    const [policy, ...others] = deployed.offered;

    expect(others).toEqual([]);
    expect(
      isAllowed(policy?.statements ?? [], {
        action: 'execute-api:Invoke',
        resource: `${api}/${method}${path}`,
      }),
    ).toBe(expected);
  });

  test.each([
    ['grantEditor', '/iam/api/runs', '/iam-admin/api/tokens'],
    ['grantAdmin', '/iam-admin/api/tokens', '/iam/api/runs'],
  ] as const)('%s lets a role call %s, and not %s', (grant, allowed, denied) => {
    const { roles } = deploy((headrace) => {
      const role = new Role(headrace.service, 'Guest', { assumedBy: new AccountRootPrincipal() });
      headrace[grant](role);
    });
    const guest = roles.find(({ id }) => id.startsWith('Guest'))?.statements ?? [];
    const may = (path: string) =>
      isAllowed(guest, { action: 'execute-api:Invoke', resource: `${api}/POST${path}` });

    expect([may(allowed), may(denied)]).toEqual([true, false]);
  });
});

describe('roles', () => {
  test('Every function, task and state machine has a role of its own, and no role is left over', () => {
    expect(deployed.roles.length).toBeGreaterThan(24);
    for (const { id, usedBy } of deployed.roles) expect([id, usedBy]).toEqual([id, [expect.anything()]]);
    expect(
      deployed.roles.filter(({ id }) => !EVERYBODY.some((who) => WHO[who].test(id))).map(({ id }) => id),
    ).toEqual(Array(3).fill(expect.stringMatching(/ProviderRole/)));
  });

  test('Nobody has a policy that AWS may change', () => {
    for (const { id, managedPolicies } of deployed.roles) expect([id, managedPolicies]).toEqual([id, []]);
  });
});

/** Resources with a wildcard that a statement may name, and why it cannot be narrower. */
const WILDCARDS: readonly { readonly actions: RegExp; readonly resource: RegExp; readonly reason: string }[] =
  [
    {
      actions: /^xray:(PutTraceSegments|PutTelemetryRecords|GetSamplingRules|GetSamplingTargets)$/,
      resource: /^\*$/,
      reason: 'X-Ray takes no resource',
    },
    {
      actions:
        /^logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)$|^logs:(Put|Describe)ResourcePolic(y|ies)$|^logs:DescribeLogGroups$/,
      resource: /^\*$/,
      reason: 'Step Functions sets up the delivery of its log; these take no resource',
    },
    {
      actions: /^ecs:ListTasks$/,
      resource: /^\*$/,
      reason: 'takes no resource; a condition names the cluster',
    },
    {
      actions: /^s3:(Get|Put|Delete)Object$/,
      resource: /^arn:aws:s3:::(ObjectStorage|DashboardFiles)\w+\/\*$/,
      reason: 'objects of one bucket get their keys at run time',
    },
    {
      actions: /^logs:(CreateLogStream|PutLogEvents)$/,
      resource: /:log-group:\w+:\*$/,
      reason: 'streams of one log group',
    },
    {
      actions: /^lambda:(InvokeFunction|GetFunction)$/,
      resource: /:function:[\w-]+:\*$/,
      reason: 'versions of one function',
    },
    {
      actions: /^ecs:(StopTask|DescribeTasks|TagResource)$/,
      resource: /:task\/Workers\w+\/\*$/,
      reason: 'tasks of one cluster get their ids from ECS',
    },
    {
      actions: /^states:(StopExecution|DescribeExecution)$/,
      resource: /:execution:headrace-run-coordinator:\*$/,
      reason: 'executions of one state machine are named after runs',
    },
    {
      actions:
        /^events:(Put|Delete|Describe|Enable|Disable)Rule$|^events:(PutTargets|RemoveTargets|ListTargetsByRule)$/,
      resource: /:rule\/headrace-alarm-\*$/,
      reason: 'rules of this instance, named at run time',
    },
    { actions: /^events:ListRules$/, resource: /^\*$/, reason: 'takes no resource' },
  ];

const listed = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

describe('wildcards', () => {
  const allowed = (of = deployed) =>
    of.roles.flatMap(({ id, statements }) =>
      statements
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource }) =>
          listed(Action).flatMap((action) => listed(Resource).map((resource) => ({ id, action, resource }))),
        ),
    );
  const unexplained = (of = deployed) =>
    allowed(of).filter(
      ({ action, resource }) =>
        /[*?]/.test(action) ||
        (/[*?]/.test(resource) &&
          !WILDCARDS.some((each) => each.actions.test(action) && each.resource.test(resource))),
    );

  test('No role has an action by pattern, and resources by pattern only where the list says why', () => {
    expect(allowed().length).toBeGreaterThan(300);
    expect(unexplained()).toEqual([]);
    for (const each of WILDCARDS) {
      const isUsed = allowed().some(
        ({ action, resource }) => each.actions.test(action) && each.resource.test(resource),
      );
      expect([each.reason, isUsed]).toEqual([each.reason, true]);
    }
  });

  test('Listing tasks is bound to the cluster wherever it is allowed', () => {
    const statements = deployed.roles
      .flatMap((role) => role.statements)
      .filter(({ Action }) => listed(Action).includes('ecs:ListTasks'));
    expect(statements.length).toBe(ENGINE.length);
    for (const { Condition } of statements) expect(Condition).toEqual({ ArnEquals: workers });
  });

  test.each([
    ['s3:Get*', 'arn:aws:s3:::payroll'],
    ['s3:GetObject', '*'],
    ['ecs:StopTask', '*'],
  ])('%s on %s is noticed', (action, resource) => {
    const spoiled = given('code of dbt', action, resource);

    expect(unexplained(spoiled)).toEqual([
      { id: expect.stringMatching(WHO['code of dbt']), action, resource },
    ]);
  });

  test("Policies of resources let in the account's own IAM, services of AWS, and nobody else", () => {
    const principals = deployed.resourcePolicies.flatMap(({ statements }) =>
      statements.filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal),
    );
    expect(principals.length).toBeGreaterThan(4);
    for (const principal of principals) {
      const names = Object.entries(principal as Record<string, string | string[]>).flatMap(([kind, each]) =>
        [each].flat().map((name) => `${kind} ${name}`),
      );
      for (const name of names) {
        expect(name).toMatch(
          /^Service (events|sns|cloudfront|cloudwatch)\.amazonaws\.com$|^AWS arn:aws:iam::111122223333:root$/,
        );
      }
    }
  });
});
