import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PortError } from '../../ports/errors';
import { toAwsServiceError } from './aws-service-error';

/** What the stack of a deployment says about itself, for the CLI. */
export interface DeploymentOutputs {
  /** Of the dashboard. */
  readonly url: string;
  readonly apiUrl: string;
  readonly bundlesBucket: string;
  readonly registerFunction: string;
  /** Undefined in deployments that do not say it. */
  readonly deadLettersQueue: string | undefined;
}

/**
 * Reads the outputs of a deployed stack (see `lib/infra/headrace.ts`).
 *
 * @throws {AwsServiceError} there is no such stack, or it cannot be read
 * @throws {PortError} the stack is none of Headrace's
 * @example await readDeploymentOutputs({ region: 'eu-central-1', stack: 'headrace' })
 */
export async function readDeploymentOutputs({
  region,
  stack,
}: {
  readonly region: string;
  readonly stack: string;
}): Promise<DeploymentOutputs> {
  const client = new CloudFormationClient({ region });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = new Map(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    const read = (key: string): string => {
      const value = outputs.get(key);
      if (value !== undefined) return value;
      throw new PortError(
        'permanent',
        `Stack ${stack} in ${region} has no output ${key}: it is no deployment of Headrace, or its last deployment failed. Name the stack with the functions (default: headrace), and look at it in CloudFormation.`,
      );
    };
    return {
      url: read('Url'),
      apiUrl: read('ApiUrl'),
      bundlesBucket: read('BundlesBucket'),
      registerFunction: read('RegisterFunction'),
      deadLettersQueue: outputs.get('DeadLettersQueue'),
    };
  } catch (error) {
    if (error instanceof PortError) throw error;
    const subject = `stack ${stack} in ${region}`;
    throw toAwsServiceError({ service: 'CloudFormation', operation: 'DescribeStacks', subject }, error);
  } finally {
    client.destroy();
  }
}
