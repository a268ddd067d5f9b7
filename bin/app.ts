import { App } from 'aws-cdk-lib';
import { HeadraceStack } from '../lib/infra/headrace-stack';

const app = new App();
new HeadraceStack(app, 'Headrace');
