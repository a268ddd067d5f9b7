import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type AccountFinding, failedCall } from './account-finding';
import { awsErrorCode, toAwsServiceError } from './aws-service-error';
import { tryAssumeRole } from './try-assume-role';

/** The stack that `cdk bootstrap` makes, and the least version that the CDK's default synthesizer takes. */
const STACK = 'CDKToolkit';
const LEAST_VERSION = 6;
/** What the roles' names contain unless `cdk bootstrap --qualifier` says otherwise. */
const DEFAULT_QUALIFIER = 'hnb659fds';
/** What a deploy takes on: to change stacks, to upload functions and templates, and to push the workers' image. */
const ROLES = ['deploy', 'file-publishing', 'image-publishing'] as const;

const VERSION_CHECK = 'CDK bootstrap';
const ROLES_CHECK = 'CDK roles';

/**
 * Whether a region is prepared for the CDK: the version of its bootstrap stack, and whether the caller may take the
 * roles by which `cdk deploy` works. The roles are looked at only where the stack is.
 */
export async function diagnoseBootstrap(at: {
  readonly region: string;
  now(): number;
}): Promise<readonly AccountFinding[]> {
  const { region } = at;
  const remedy = `npx cdk bootstrap aws://<account>/${region}`;
  const client = new CloudFormationClient({ region });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
    const version = Number(read(Stacks?.[0], 'BootstrapVersion') ?? 0);
    const found = `version ${version} in ${region}`;
    return [
      version >= LEAST_VERSION
        ? { check: VERSION_CHECK, result: 'ok', found }
        : {
            check: VERSION_CHECK,
            result: 'problem',
            found: `${found}; ${LEAST_VERSION} is the least`,
            remedy,
          },
      ...(Stacks?.[0] === undefined ? [] : [await mayTakeRoles(Stacks[0], at)]),
    ];
  } catch (error) {
    if (awsErrorCode(error) === 'ValidationError') {
      const found = `${region} is not bootstrapped: no stack ${STACK}`;
      return [{ check: VERSION_CHECK, result: 'problem', found, remedy }];
    }
    const call = { service: 'CloudFormation', operation: 'DescribeStacks', subject: STACK };
    return [failedCall(VERSION_CHECK, call, error)];
  } finally {
    client.destroy();
  }
}

/** The CDK tells of a role that it may not take only in the middle of a deploy. */
async function mayTakeRoles(
  stack: Stack,
  at: { readonly region: string; now(): number },
): Promise<AccountFinding> {
  const [, partition = 'aws', , , account = ''] = stack.StackId?.split(':') ?? [];
  const qualifier = read(stack, 'Qualifier') ?? DEFAULT_QUALIFIER;
  const arnOf = (role: string): string =>
    `arn:${partition}:iam::${account}:role/cdk-${qualifier}-${role}-role-${account}-${at.region}`;
  const errors = await Promise.all(
    ROLES.map((role) => tryAssumeRole(arnOf(role), at).then(() => null, toError(arnOf(role)))),
  );
  const refused = ROLES.filter((_, index) => errors[index] !== null);
  const error = errors.find((each) => each !== null);
  if (error == null) {
    return { check: ROLES_CHECK, result: 'ok', found: `you may deploy as ${ROLES.join(', ')}` };
  }
  return {
    check: ROLES_CHECK,
    result: error.fault === 'transient' ? 'warning' : 'problem',
    found: `you may not act as ${refused.join(', ')}: ${error.message}`,
    remedy: `Allow yourself sts:AssumeRole on ${arnOf('*')}; if the roles are gone, bootstrap again. An admin of this account can deploy without them: the CDK then uses the admin's own rights.`,
  };
}

const toError = (subject: string) => (error: unknown) =>
  toAwsServiceError({ service: 'STS', operation: 'AssumeRole', subject }, error);

/** An output or, of what was said when it was made, a parameter. */
function read(stack: Stack | undefined, key: string): string | undefined {
  const output = stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  return output ?? stack?.Parameters?.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue;
}
