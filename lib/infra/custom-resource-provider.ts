import { RemovalPolicy } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { functionRole } from './function-role';

/**
 * What stands between CloudFormation and a function that handles a custom resource. The CDK's function for it would
 * write every log of the account, and leave its own behind when the stack is gone.
 */
export function customResourceProvider(scope: Construct, onEventHandler: IFunction): Provider {
  const logGroup = new LogGroup(scope, 'ProviderLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return new Provider(scope, 'Provider', {
    onEventHandler,
    logGroup,
    frameworkOnEventRole: functionRole(scope, 'ProviderRole', logGroup),
  });
}
