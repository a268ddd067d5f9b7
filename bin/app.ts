/**
 * The CDK app of this project: `cdk deploy --all` installs what headrace.yaml and workspace.yaml describe. Context
 * (`-c name=value`, or cdk.json) says the rest; an app of your own can use the construct `Headrace` instead.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { lookUpEnvironment } from '../lib/environment';
import { Headrace } from '../lib/infra/headrace';
import { loadInstanceSettings, loadWorkspaceSettings } from '../lib/settings/load-settings';

const root = process.cwd();
const programs = dirname(dirname(fileURLToPath(import.meta.url)));
const source = (file: string) => ({
  file,
  text: existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '',
  environment: lookUpEnvironment,
});

const app = new App();
const context = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? undefined : String(value);
};
const isThrowaway = context('removalPolicy') === 'destroy';

new Headrace(app, context('stack') ?? 'Headrace', {
  settings: loadInstanceSettings(source('headrace.yaml')),
  workspace: loadWorkspaceSettings(source('workspace.yaml')),
  programs,
  root,
  instance: context('instance'),
  firstAdmin: context('firstAdmin'),
  spot: context('spot') === 'true',
  data: { removalPolicy: isThrowaway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN },
});
