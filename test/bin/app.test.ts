import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPrograms, ROOT } from '../support/build-programs';

/** Functions whose built code the app takes; here it is a placeholder, as only the templates are looked at. */
const FUNCTIONS = [
  'authorize',
  'code-location',
  'deliver-outbox',
  'dequeue',
  'evaluate-ticks',
  'finalize-run',
  'graphql',
  'issue-attempt-token',
  'migrate',
  'publish-dashboard',
  'receive-events',
  'reconcile-rules',
  'register-code-location',
  'run-on-lambda',
  'trigger-run',
];

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

let programs: string;
let output: string;

beforeAll(async () => {
  programs = await buildPrograms({ 'bin/app': 'bin/app.ts' });
  for (const name of FUNCTIONS) {
    mkdirSync(join(programs, 'lambdas', name), { recursive: true });
    writeFileSync(join(programs, 'lambdas', name, 'handler.mjs'), 'export const handler = () => {};\n');
  }
  mkdirSync(join(programs, 'dashboard'));
  writeFileSync(join(programs, 'dashboard/index.html'), '<!doctype html>\n');
  output = mkdtempSync(join(tmpdir(), 'headrace-cdk-'));
});

afterAll(() => {
  for (const folder of [programs, output]) rmSync(folder, { recursive: true, force: true });
});

test('The CDK app synthesises this project into templates with its functions, coordinator and database, without an account', () => {
  const { CDK_DEFAULT_ACCOUNT: _, CDK_DEFAULT_REGION: __, ...environment } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [join(programs, 'bin/app.mjs')], {
    cwd: ROOT,
    // What `cdk synth` tells an app.
    env: { ...environment, CDK_OUTDIR: output },
    encoding: 'utf8',
  });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);

  const { artifacts } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { templateFile?: string } }>;
  };
  const stacks = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
  const templates = stacks.map(
    ({ properties }) =>
      JSON.parse(readFileSync(join(output, properties?.templateFile ?? ''), 'utf8')) as Template,
  );
  const types = templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));

  expect(stacks.length).toBeGreaterThan(0);
  expect(types).toEqual(
    expect.arrayContaining(['AWS::RDS::DBCluster', 'AWS::StepFunctions::StateMachine', 'AWS::S3::Bucket']),
  );
  expect(types.filter((type) => type === 'AWS::Lambda::Function').length).toBeGreaterThanOrEqual(
    FUNCTIONS.length,
  );
});
