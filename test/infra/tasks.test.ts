import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { loadWorkspaceSettings } from '../../lib/settings/load-settings';
import { emptyPrograms, synthesize } from './synthesize';

const programs = emptyPrograms();
afterAll(() => programs.dispose());

const workspace = (text: string) =>
  loadWorkspaceSettings({ file: 'workspace.yaml', text, environment: () => undefined });

const VARIED = `
code_locations:
  - name: ingest
    entry: a.ts
    image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/worker:7
    images: {gpu: 'registry.example.com/gpu:2'}
    roles: {exporter: {policies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']}}
    cpu: 2048
    memory: 8192
    architecture: x86_64
  - {name: onsite, entry: b.ts, capacity: external}
`;
const BOTH =
  'code_locations: [{name: a, entry: a.ts}, {name: b, entry: b.ts}, {name: c, entry: c.ts, architecture: x86_64}]';
const simple = synthesize(programs.folder, {
  environment: { ingest: { REGION_NAME: 'north' } },
  settingsText: 'compute_logs: {purge_after_days: -1}',
});
const varied = synthesize(programs.folder, { workspace: workspace(VARIED) });
const tasks = varied
  .resources('AWS::ECS::TaskDefinition')
  .map(([id, { Properties }]) => ({ id, ...Properties }));
const taskOf = (part: string) => tasks.find(({ id }) => id.includes(part)) as Record<string, unknown>;
const imageOf = (part: string): string =>
  JSON.stringify((taskOf(part).ContainerDefinitions as { readonly Image: unknown }[])[0]?.Image);
const definition = JSON.stringify(varied.resources('AWS::StepFunctions::StateMachine')[0]?.[1].Properties);

test('Each image of a location is a task definition of its size, with the role of the location', () => {
  expect(tasks).toHaveLength(3);
  const [own, gpu] = [taskOf('LocationingestTask'), taskOf('LocationingestTaskgpu')];
  for (const task of [own, gpu]) {
    expect(task).toMatchObject({
      Cpu: '2048',
      Memory: '8192',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'X86_64' },
    });
  }
  expect(imageOf('LocationingestTaskgpu')).toContain('registry.example.com/gpu:2');
  expect(gpu.TaskRoleArn).toEqual(own.TaskRoleArn);
  expect(definition).toContain('ingest/gpu');
});

test('An image in a registry of AWS may be pulled by its own task, and by no other', () => {
  const image = JSON.stringify(tasks.find(({ id }) => /^LocationingestTask[0-9A-F]+$/.test(id)));
  expect(image).toContain('/team/worker:7');
  const pulling = varied
    .resources('AWS::IAM::Policy')
    .filter(([, { Properties }]) => JSON.stringify(Properties).includes('repository/team/worker'));
  expect(pulling.map(([id]) => id)).toEqual([expect.stringMatching(/^LocationingestTaskExecutionRole/)]);
});

test('A declared role may do what the own one may, what its policies say, and may be passed', () => {
  varied.service.hasResourceProperties('AWS::IAM::Role', {
    Description: Match.stringLikeRegexp('tagged with role exporter'),
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
    AssumeRolePolicyDocument: {
      Statement: [Match.objectLike({ Principal: { Service: 'ecs-tasks.amazonaws.com' } })],
    },
  });
  const actionsOf = (part: string): string[] =>
    varied
      .resources('AWS::IAM::Policy')
      .filter(([id]) => id.includes(part))
      .flatMap(([, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
          ({ Action }) => Action,
        ),
      )
      .sort();
  const own = actionsOf('LocationingestTaskTaskRole');
  expect(own.length).toBeGreaterThan(5);
  expect(actionsOf('LocationingestTaskRoleexporter')).toEqual(own);
  varied.service.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'iam:PassRole',
          Resource: Match.arrayWith([
            { 'Fn::GetAtt': [Match.stringLikeRegexp('LocationingestTaskRoleexporter'), 'Arn'] },
          ]),
        }),
      ]),
    },
  });
});

describe('a location on servers of one’s own', () => {
  test('has a task that fits them: no Fargate, their network, any platform', () => {
    const task = taskOf('LocationonsiteTask');
    expect(task).toMatchObject({ RequiresCompatibilities: ['EXTERNAL'], NetworkMode: 'host' });
    expect(task).not.toHaveProperty('RuntimePlatform');
  });

  test('has a role by which they join the cluster, of which outputs say the name', () => {
    varied.service.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'ssm.amazonaws.com' } })],
      },
    });
    varied.service.hasOutput('ExternalServerRole', {});
    varied.service.hasOutput('WorkersCluster', {});
    expect(simple.service.findOutputs('ExternalServerRole')).toEqual({});
  });
});

test('Variables that are no secrets are in tasks and functions of their location only', () => {
  const holding = ['AWS::ECS::TaskDefinition', 'AWS::Lambda::Function'].flatMap((type) =>
    simple
      .resources(type)
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('REGION_NAME'))
      .map(([id]) => id),
  );
  expect(holding).toEqual([
    expect.stringMatching(/^LocationingestTask/),
    expect.stringMatching(/^Locationingest(Code|Run)/),
    expect.stringMatching(/^Locationingest(Code|Run)/),
  ]);
});

test('What steps print is kept as long as the settings say, or not at all', () => {
  const { data, service } = synthesize(programs.folder, {
    settingsText: 'compute_logs: {enabled: false, purge_after_days: 7}',
  });
  data.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7 })] },
  });
  const off = { Name: 'HEADRACE_COMPUTE_LOGS', Value: 'off' };
  service.allResourcesProperties('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [Match.objectLike({ Environment: Match.arrayWith([off]) })],
  });
  expect(JSON.stringify(simple.data.findResources('AWS::S3::Bucket'))).not.toContain('"ExpirationInDays"');
  expect(JSON.stringify(simple.service.toJSON())).not.toContain('HEADRACE_COMPUTE_LOGS');
});

test.each<[object, RegExp]>([
  [
    { workspace: workspace('code_locations: [{name: a, entry: a.ts, memory: 512}]') },
    /memory 512 of code location a \(workspace\.yaml\): with 1024 CPU units Fargate takes 2048 to 8192/,
  ],
  [{ environment: { other: {} } }, /environment\.other.*only ingest, dbt/],
  [{ environment: { ingest: { HEADRACE_LOCATION: 'x' } } }, /HEADRACE_LOCATION is not yours to set/],
])('%j is refused at synth', (props, message) => {
  expect(() => synthesize(programs.folder, props)).toThrow(message);
});

test('The image of workers is built once for each processor that they run on', () => {
  const root = join(programs.folder, 'project');
  mkdirSync(root);
  writeFileSync(join(root, 'Dockerfile'), 'FROM node:24');
  const before = new Set(readdirSync(programs.folder));
  synthesize(programs.folder, { workerImage: undefined, root, workspace: workspace(BOTH) });
  const [assembly = ''] = readdirSync(programs.folder).filter((name) => !before.has(name));
  const [assets = ''] = readdirSync(join(programs.folder, assembly)).filter((name) =>
    /Service.*\.assets\.json$/.test(name),
  );
  const { dockerImages } = JSON.parse(readFileSync(join(programs.folder, assembly, assets), 'utf8')) as {
    readonly dockerImages: Record<string, { readonly source: { readonly platform: string } }>;
  };
  expect(
    Object.values(dockerImages)
      .map(({ source }) => source.platform)
      .sort(),
  ).toEqual(['linux/amd64', 'linux/arm64']);
});
