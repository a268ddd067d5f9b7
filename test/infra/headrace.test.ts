import { createRequire } from 'node:module';
import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import fc from 'fast-check';
import { REWRITE_PAGES } from '../../lib/infra/dashboard';
import type { HeadraceProps } from '../../lib/infra/headrace';
import { isPage } from '../../lib/model/dashboard-delivery';
import { emptyPrograms, type Resource, type Synthesized, synthesize } from './synthesize';

const programs = emptyPrograms();
// One of each that several tests look at: making the templates is what takes time here.
const { data, service, resources } = synthesize(programs.folder);
const resized = synthesize(programs.folder, {
  domain: {
    name: 'headrace.example.com',
    certificate: Certificate.fromCertificateArn(
      new Stack(),
      'Certificate',
      'arn:aws:acm:us-east-1:111122223333:certificate/1',
    ),
  },
  settingsText:
    'concurrency: {runs: {max_concurrent_runs: 3}}\nrun_launcher: {fargate: {cpu: 2048, memory: 8192}}',
});
const trial = synthesize(programs.folder, {
  data: { removalPolicy: RemovalPolicy.DESTROY },
  oidc: {
    issuer: 'https://login.example.com/',
    clientId: 'headrace',
    tokenEndpoint: 'https://b.example.com/token',
  },
});
afterAll(() => programs.dispose());

/** Whatever CloudFormation puts in at deployment becomes a word. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'Fn::Join') {
    const [separator, parts] = first[1] as [string, unknown[]];
    return parts.map((part) => String(resolved(part))).join(separator);
  }
  if (entries.length === 1 && (first?.[0] === 'Ref' || first?.[0]?.startsWith('Fn::') === true)) {
    return [first[1]].flat(3).join('.');
  }
  return Object.fromEntries(entries.map(([key, each]) => [key, resolved(each)]));
}

const textOf = (value: unknown): string => JSON.stringify(resolved(value));

describe('the data', () => {
  test('The database sleeps when idle, is encrypted, backed up, kept, and has no address', () => {
    data.hasResourceProperties('AWS::RDS::DBCluster', {
      Engine: 'aurora-postgresql',
      EngineVersion: Match.stringLikeRegexp('^17\\.'),
      EnableHttpEndpoint: true,
      ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 300 },
      StorageEncrypted: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
    });
    data.hasResource('AWS::RDS::DBCluster', { DeletionPolicy: 'Retain' });
    data.hasResourceProperties('AWS::RDS::DBInstance', { PubliclyAccessible: false });
  });

  test('Buckets are private, encrypted, spoken to over TLS only, and kept', () => {
    const buckets = Object.values(data.findResources('AWS::S3::Bucket')) as unknown as Resource[];
    expect(buckets).toHaveLength(3);
    for (const bucket of buckets) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
            ],
          },
        },
      });
    }
    const policies = resources('AWS::S3::BucketPolicy').map(([, { Properties }]) => textOf(Properties));
    expect(policies).toHaveLength(4);
    for (const policy of policies) expect(policy).toContain('"aws:SecureTransport":"false"');
  });

  test('A deployment for a trial takes its data with it, and one that is meant keeps it', () => {
    expect(Object.values(trial.data.findResources('Custom::S3AutoDeleteObjects'))).toHaveLength(3);
    expect(data.findResources('Custom::S3AutoDeleteObjects')).toEqual({});
    trial.data.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtection: false },
    });
  });

  test('What a database that stays is in, and what opens it, stays with it; a trial leaves nothing', () => {
    const kept = (found: Template, type: string) =>
      Object.entries(found.findResources(type)).filter(([, each]) => each.DeletionPolicy === 'Retain');
    const group = JSON.stringify(data.findResources('AWS::RDS::DBSubnetGroup'));
    const used = [...group.matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id);

    expect(used).toHaveLength(2);
    expect(kept(data, 'AWS::EC2::Subnet').map(([id]) => id)).toEqual(used);
    for (const [type, count] of [
      ['AWS::EC2::VPC', 1],
      ['AWS::RDS::DBSubnetGroup', 1],
      ['AWS::EC2::SecurityGroup', 1],
      ['AWS::SecretsManager::Secret', 3],
    ] as const) {
      expect([type, kept(data, type)]).toEqual([type, Array(count).fill(expect.anything())]);
      expect([type, kept(trial.data, type)]).toEqual([type, []]);
    }
  });

  test('NAT gateways can be had later: nothing that is there moves, and nothing that is used goes', () => {
    const later = synthesize(programs.folder, { data: { network: { natGateways: 1 } } });
    const subnets = (found: Template) => Object.entries(found.findResources('AWS::EC2::Subnet'));
    const exported = (found: Template) => Object.keys(found.findOutputs('*', { Export: Match.anyValue() }));

    expect(subnets(data)).toHaveLength(4);
    expect(subnets(later.data)).toHaveLength(6);
    expect(subnets(later.data)).toEqual(expect.arrayContaining(subnets(data)));
    expect(exported(later.data)).toEqual(expect.arrayContaining(exported(data)));
  });

  test('Nothing may call in, and there is no NAT gateway', () => {
    const groups = resources('AWS::EC2::SecurityGroup');
    expect(groups.length).toBeGreaterThan(1);
    for (const [, { Properties }] of groups) expect(Properties.SecurityGroupIngress).toBeUndefined();
    expect(resources('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(resources('AWS::EC2::NatGateway')).toEqual([]);
  });
});

describe('functions', () => {
  test('All of ours run on Node 24, on ARM, and keep their logs for a set time', () => {
    const own = Object.values(service.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => (Properties.Description as string | undefined)?.startsWith('Headrace: ') === true,
    );
    expect(own).toHaveLength(17);
    for (const { Properties } of own) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogGroup: expect.anything() },
      });
    }
    // Those of the CDK, too: a log that Lambda makes by itself is kept for ever, and left behind.
    for (const [, { Properties }] of resources('AWS::Lambda::Function')) {
      expect(Properties.LoggingConfig).toMatchObject({ LogGroup: expect.anything() });
    }
    for (const [, { Properties }] of resources('AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBeGreaterThan(0);
    }
  });

  test('New code serves only after the database has its schema', () => {
    const functions = service.findResources('AWS::Lambda::Function', {
      Properties: { FunctionName: Match.stringLikeRegexp('^headrace-') },
    });
    expect(Object.keys(functions)).toHaveLength(11);
    const workers = [
      ...resources('AWS::ECS::TaskDefinition'),
      ...resources('AWS::Lambda::Function').filter(([id]) => /^Location\w+(Code|Run)\w{8}$/.test(id)),
    ];
    expect(workers).toHaveLength(6);
    for (const { DependsOn } of [...Object.values(functions), ...workers.map(([, worker]) => worker)]) {
      expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^SchemaMigrationSchema/)]));
    }
  });

  test('A change of the settings is a change of the functions', () => {
    const codeOf = (template: Template) =>
      template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: 'headrace-graphql' } });
    expect(codeOf(resized.service)).not.toEqual(codeOf(service));
    expect(codeOf(synthesize(programs.folder).service)).toEqual(codeOf(service));
  });
});

describe('runs', () => {
  const machine = Object.values(service.findResources('AWS::StepFunctions::StateMachine'))[0]?.Properties as {
    readonly DefinitionString: unknown;
    readonly LoggingConfiguration: { readonly IncludeExecutionData: boolean };
  };
  const definition = String(resolved(machine.DefinitionString));

  test('The state machine is valid, knows every location, and logs no execution data', async () => {
    const validate = createRequire(import.meta.url)('asl-validator') as (
      definition: unknown,
    ) => Promise<{ readonly isValid: boolean; readonly errorsText: () => string }>;
    // The validator takes ARNs only where a function is named.
    const withArns = definition.replace(
      /"FunctionName":"([^"{]+)"/g,
      '"FunctionName":"arn:aws:lambda:eu-west-1:1:function:x"',
    );
    const result = await validate(JSON.parse(withArns));
    expect(result.isValid ? '' : result.errorsText()).toBe('');
    for (const name of ['ingest', 'dbt']) {
      expect(definition).toContain(`Location${name}Task`);
      expect(definition).toContain(`Location${name}Run`);
    }
    expect(machine.LoggingConfiguration.IncludeExecutionData).toBe(false);
  });

  test('Tasks have the size of the settings, the image of their location, and no secret in their variables', () => {
    const tasks = resized.resources('AWS::ECS::TaskDefinition').map(([, { Properties }]) => Properties);
    expect(tasks).toHaveLength(2);
    for (const task of tasks) {
      expect(task).toMatchObject({ Cpu: '2048', Memory: '8192', NetworkMode: 'awsvpc' });
      const [container] = task.ContainerDefinitions as {
        readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
        readonly StopTimeout: number;
      }[];
      expect(container?.StopTimeout).toBe(120);
      for (const { Name, Value } of container?.Environment ?? []) {
        if (/SECRET|TOKEN|PASSWORD|KEY/.test(Name))
          expect([Name, textOf(Value)]).toEqual([Name, expect.stringMatching(/Secret/)]);
      }
    }
    const images = tasks.map((task) => (task.ContainerDefinitions as { readonly Image: string }[])[0]?.Image);
    expect(images).toEqual(['registry.example.com/worker:1', 'registry.example.com/dbt:1']);
  });
});

describe('the dashboard and the API', () => {
  test('Pages and files are told apart at the edge as they are on a laptop', () => {
    const rewrite = new Function('event', `${REWRITE_PAGES}; return handler(event);`) as (event: {
      request: { uri: string };
    }) => { uri: string };
    const uri = fc.oneof(
      fc.webPath(),
      fc.constantFrom('/', '/runs/1', '/assets/raw/orders', '/assets/raw/orders.json', '/config.json'),
      fc.stringMatching(/^\/assets\/[a-z]{1,5}-[A-Z0-9]{7,9}\.(js|css|foo)$/),
    );
    fc.assert(
      fc.property(uri, (path) => {
        expect(rewrite({ request: { uri: path } }).uri).toBe(isPage(path) ? '/index.html' : path);
      }),
    );
  });

  test('Browsers are told to run nothing inline, to be framed by nobody, and to use TLS', () => {
    const [policy] = Object.values(service.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
    expect(resolved(policy?.Properties)).toMatchObject({
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: {
            ContentSecurityPolicy: expect.stringMatching(/script-src 'self'; .*frame-ancestors 'none'/),
          },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000 },
          ContentTypeOptions: { Override: true },
        },
      },
    });
  });

  test('Every route asks who is calling, but for health and webhooks, which prove themselves', () => {
    const open = resources('AWS::ApiGatewayV2::Route')
      .filter(([, { Properties }]) => Properties.AuthorizationType === 'NONE')
      .map(([, { Properties }]) => Properties.RouteKey);
    expect(open.sort()).toEqual(['GET /healthz', 'POST /api/webhooks/{path+}']);
    const signed = resources('AWS::ApiGatewayV2::Route').filter(
      ([, { Properties }]) => Properties.AuthorizationType === 'AWS_IAM',
    );
    expect(signed.map(([, { Properties }]) => String(Properties.RouteKey)).sort()).toEqual([
      'ANY /iam-admin/{path+}',
      'ANY /iam/api/{path+}',
      'POST /iam/api/runs',
      'POST /iam/graphql',
    ]);
  });

  test.each<[string, Partial<HeadraceProps>, string]>([
    [
      'the own user pool only',
      {},
      'https://headrace-2\\.\\[object Object\\].auth.AWS::Region.amazoncognito.com',
    ],
    [
      'the issuer',
      { oidc: { issuer: 'https://login.example.com/tenant/', clientId: 'c' } },
      'https://login.example.com',
    ],
    [
      'the issuer and the origin of its token endpoint',
      {
        oidc: {
          issuer: 'https://accounts.google.com',
          clientId: 'c',
          tokenEndpoint: 'https://oauth2.googleapis.com/token',
        },
      },
      'https://accounts.google.com https://oauth2.googleapis.com',
    ],
    [
      'an issuer that is known at deployment only',
      { oidc: { issuer: Fn.importValue('Issuer'), clientId: 'c' } },
      'https://2.\\[object Object\\]',
    ],
  ])('Pages may call %s', (_, props, origins) => {
    const found = synthesize(programs.folder, props).service.findResources(
      'AWS::CloudFront::ResponseHeadersPolicy',
    );
    expect(textOf(found)).toMatch(new RegExp(`connect-src 'self' ${origins}; worker-src`));
  });

  test('With an address of your own an output says where its DNS record has to point', () => {
    resized.service.hasOutput('Url', { Value: 'https://headrace.example.com' });
    resized.service.hasOutput('DashboardAlias', {
      Description: Match.stringLikeRegexp('headrace\\.example\\.com'),
      Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DashboardDistribution'), 'DomainName'] },
    });
    expect(service.findOutputs('DashboardAlias')).toEqual({});
  });

  test('Pages ask for tokens where the deployment says', () => {
    expect(textOf(trial.resources('Custom::HeadraceDashboard')).replaceAll('\\', '')).toContain(
      '"tokenEndpoint":"https://b.example.com/token"',
    );
  });

  test('An issuer of your own takes the place of the user pool', () => {
    expect(trial.resources('AWS::Cognito::UserPool')).toEqual([]);
    expect(resources('AWS::Cognito::UserPool')).toHaveLength(1);
    trial.service.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'headrace-authorize',
      Environment: {
        Variables: { HEADRACE_IDENTITY: Match.stringLikeRegexp('"issuer":"https://login.example.com/"') },
      },
    });
  });
});

test('The control plane hears of every task that stops in its own cluster, and of no other', () => {
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.ecs'],
      detail: {
        clusterArn: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Workers'), 'Arn'] }],
        lastStatus: ['STOPPED'],
      },
    },
    Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
  });
});

test('Values that people put into a location’s secret outlive the location, unless it is a trial', () => {
  const secrets = Object.values(service.findResources('AWS::SecretsManager::Secret'));
  expect(secrets).toHaveLength(2);
  for (const { DeletionPolicy, Properties } of secrets) {
    expect(DeletionPolicy).toBe('Retain');
    // One that was kept would hold the name that the next deployment asks for.
    expect(Properties.Name).toBeUndefined();
  }
  for (const { DeletionPolicy } of Object.values(
    trial.service.findResources('AWS::SecretsManager::Secret'),
  )) {
    expect(DeletionPolicy).toBe('Delete');
  }
});

test('People log in at an address that no other account of the region can have taken', () => {
  service.hasResourceProperties('AWS::Cognito::UserPoolDomain', {
    Domain: {
      'Fn::Join': ['', ['headrace-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]],
    },
  });
});

test('Logs that services of AWS deliver are let in by a policy that does not grow with them', () => {
  const [machine] = Object.values(service.findResources('AWS::StepFunctions::StateMachine'));
  const [stage] = Object.values(service.findResources('AWS::ApiGatewayV2::Stage'));
  const named = (holder: unknown): unknown => {
    const [, id] = /"Fn::GetAtt":\["(\w+Logs\w+)"/.exec(JSON.stringify(holder)) ?? [];
    return service.findResources('AWS::Logs::LogGroup')[id ?? '']?.Properties.LogGroupName;
  };
  expect(named(machine?.Properties.LoggingConfiguration)).toBe(
    '/aws/vendedlogs/states/headrace-run-coordinator',
  );
  expect(named(stage?.Properties.AccessLogSettings)).toBe('/aws/vendedlogs/apis/headrace');
});

test('Two instances in one account share no name', () => {
  const names = (found: Synthesized): string[] =>
    [
      'AWS::Lambda::Function',
      'AWS::StepFunctions::StateMachine',
      'AWS::SecretsManager::Secret',
      'AWS::CloudWatch::Dashboard',
    ].flatMap((type) =>
      found
        .resources(type)
        .flatMap(([, { Properties: p }]) => [p.FunctionName, p.StateMachineName, p.Name, p.DashboardName])
        .filter((name): name is string => typeof name === 'string'),
    );
  const [one, two] = [names(trial), names(synthesize(programs.folder, { instance: 'two' }))];
  expect(one.length).toBeGreaterThan(12);
  expect(one.filter((name) => two.includes(name))).toEqual([]);
});

describe('wrong properties are refused together, each with its value and what to do', () => {
  test.each([
    [{ instance: 'Prod_1' }, /instance "Prod_1".*lower-case/],
    [{ maxRules: 301 }, /maxRules 301.*3 .*to 300/],
    [{ firstAdmin: 'ann' }, /firstAdmin "ann".*e-mail/],
    [{ firstAdmin: 'a@b.c', oidc: { issuer: 'https://x', clientId: 'c' } }, /beside oidc/],
    [{ oidc: { issuer: 'http://x', clientId: 'c' } }, /oidc\.issuer "http:\/\/x".*https/],
    [{ oidc: { issuer: 'https://', clientId: 'c' } }, /oidc\.issuer "https:\/\/".*https/],
    [
      { oidc: { issuer: 'https://x', clientId: 'c', tokenEndpoint: '/token' } },
      /oidc\.tokenEndpoint "\/token".*token_endpoint/,
    ],
    [{ data: { database: { minCapacity: 8, maxCapacity: 2 } } }, /minCapacity 8 is above maxCapacity 2/],
    [{ settingsText: 'run_launcher: {fargate: {cpu: 1000, memory: 2048}}' }, /cpu 1000.*256, 512/],
    [{ settingsText: 'run_launcher: {fargate: {cpu: 256, memory: 4096}}' }, /memory 4096.*512, 1024, 2048/],
    [{ policies: { other: [] } }, /policies\.other.*only ingest, dbt/],
  ])('%j', (props, message) => {
    expect(() => synthesize(programs.folder, props)).toThrow(message);
    expect(() => synthesize(programs.folder, { ...props, instance: 'NO', maxRules: 0 })).toThrow(
      /instance "NO"[\s\S]*maxRules 0/,
    );
  });
});

test('An event that a function fails for good goes to the queue of dead letters, with the name of the function', () => {
  const destinations = resources('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
  const [queue] = Object.keys(service.findResources('AWS::SQS::Queue'));

  expect(destinations).toHaveLength(11);
  for (const destination of destinations) {
    expect(destination).toMatchObject({
      // Lambda's own dead-letter queues hold the bare event.
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
      MaximumRetryAttempts: 2,
    });
  }
  for (const [, { Properties }] of resources('AWS::Lambda::Function')) {
    expect(Properties.DeadLetterConfig).toBeUndefined();
  }
});
