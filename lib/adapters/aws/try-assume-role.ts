import { callService } from './aws-service-error';
import { postSigned, RefusedCall } from './post-signed';

/** The least that STS takes. */
const LEAST_SECONDS = 900;

/**
 * Tries whether the caller may take a role; the credentials that STS gives are dropped unread.
 *
 * @throws {AwsServiceError} AccessDenied also when there is no such role: STS does not tell them apart
 */
export function tryAssumeRole(
  roleArn: string,
  at: { readonly region: string; now(): number },
): Promise<void> {
  const call = { service: 'STS', operation: 'AssumeRole', subject: roleArn };
  return callService(call, async () => {
    const { status, text } = await postSigned(
      {
        service: 'sts',
        contentType: 'application/x-www-form-urlencoded; charset=utf-8',
        body: new URLSearchParams({
          Action: 'AssumeRole',
          Version: '2011-06-15',
          RoleArn: roleArn,
          RoleSessionName: 'headrace-doctor',
          DurationSeconds: String(LEAST_SECONDS),
        }).toString(),
      },
      at,
    );
    if (status === 200) return;
    const code = /<Code>([^<]+)/.exec(text)?.[1] ?? 'STSError';
    throw new RefusedCall(code, status, /<Message>([^<]+)/.exec(text)?.[1] ?? code);
  });
}
