import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Headrace, type HeadraceProps } from '../../lib/infra/headrace';
import { loadInstanceSettings, loadWorkspaceSettings } from '../../lib/settings/load-settings';

const FUNCTIONS = [
  ...['graphql', 'trigger-run', 'authorize', 'evaluate-ticks', 'dequeue', 'deliver-outbox', 'finalize-run'],
  ...['issue-attempt-token', 'register-code-location', 'receive-events', 'reconcile-rules', 'migrate'],
  ...['publish-dashboard', 'code-location', 'run-on-lambda'],
];

/** A folder shaped like the build's, with empty programs: templates are made of hashes of them only. */
export function emptyPrograms(): { readonly folder: string; dispose(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-programs-'));
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, 'lambdas', name), { recursive: true });
    writeFileSync(join(folder, 'lambdas', name, 'handler.mjs'), 'export const handler = () => {};\n');
  }
  mkdirSync(join(folder, 'dashboard'));
  writeFileSync(join(folder, 'dashboard', 'index.html'), '<!doctype html>\n');
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

const settings = (text: string) =>
  loadInstanceSettings({ file: 'headrace.yaml', text, environment: () => undefined });
const workspace = loadWorkspaceSettings({
  file: 'workspace.yaml',
  text: 'code_locations: [{name: ingest, entry: a.ts}, {name: dbt, entry: b.ts, image: "registry.example.com/dbt:1"}]',
  environment: () => undefined,
});

export type Resource = { readonly Type: string; readonly Properties: Record<string, unknown> } & Record<
  string,
  unknown
>;

export interface Synthesized {
  readonly app: App;
  readonly data: Template;
  readonly service: Template;
  resources(type: string): [string, Resource][];
}

/** The two templates of a deployment. */
export function synthesize(
  programs: string,
  props: Partial<HeadraceProps> & {
    readonly settingsText?: string;
    /** Spoils the construct before it is synthesized, to see that a check notices. */
    readonly spoil?: (headrace: Headrace) => void;
  } = {},
): Synthesized {
  const { settingsText = '', spoil, ...rest } = props;
  const app = new App({ outdir: mkdtempSync(join(programs, 'cdk.out-')) });
  const headrace = new Headrace(app, 'Headrace', {
    settings: settings(settingsText),
    workspace,
    programs,
    workerImage: ContainerImage.fromRegistry('registry.example.com/worker:1'),
    ...rest,
  });
  spoil?.(headrace);
  const data = Template.fromStack(headrace.data);
  const service = Template.fromStack(headrace.service);
  return {
    app,
    data,
    service,
    resources: (type) =>
      [data, service].flatMap(
        (template) => Object.entries(template.findResources(type)) as [string, Resource][],
      ),
  };
}
