import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The stack of one Headrace deployment. It holds no resources yet: everything runs on a laptop today, and the
 * constructs for AWS are added to it.
 *
 * @example new HeadraceStack(app, 'Headrace', { env: { region: 'eu-central-1' } });
 */
export class HeadraceStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: 'Headrace: a data orchestrator, serverless', ...props });
  }
}
