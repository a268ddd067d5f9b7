/**
 * The CDK app of this project: `cdk deploy --all` installs what headrace.yaml and workspace.yaml describe. Context
 * (`-c name=value`, or cdk.json) says the rest; an app of your own can use the construct `Headrace` instead.
 */
import { App, RemovalPolicy } from 'aws-cdk-lib';
import { Headrace } from '../lib/infra/headrace';
import { readProject } from '../lib/infra/read-project';

const app = new App();
const context = (name: string): string | undefined => {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined ? undefined : String(value);
};
const isThrowaway = context('removalPolicy') === 'destroy';

new Headrace(app, context('stack') ?? 'Headrace', {
  ...readProject(process.cwd()),
  instance: context('instance'),
  firstAdmin: context('firstAdmin'),
  spot: context('spot') === undefined ? undefined : context('spot') === 'true',
  eventBuckets: context('eventBuckets')?.split(','),
  data: { removalPolicy: isThrowaway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN },
});
