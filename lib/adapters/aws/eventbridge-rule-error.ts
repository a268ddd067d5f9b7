import { AwsServiceError, toAwsServiceError } from './aws-service-error';

/** Whether the rule of a call is not there. */
export function isGone(error: unknown): boolean {
  return error instanceof AwsServiceError && error.code === 'ResourceNotFoundException';
}

const NO_ROOM =
  'The account has no room for more rules on its default bus: lower maxRules, or ask for a higher quota (Service Quotas, EventBridge, "Rules").';

/** What the SDK threw about a rule, in words, and whether trying again may help. */
export function toRuleError(operation: string, rule: string | undefined, cause: unknown): AwsServiceError {
  const call = {
    service: 'EventBridge',
    operation,
    subject: rule === undefined ? 'rules' : `rule '${rule}'`,
  };
  const error = toAwsServiceError(call, cause);
  const { code } = error;
  if (code === 'ConcurrentModificationException') {
    const reason = 'the rule is being changed by somebody else';
    return new AwsServiceError('transient', { ...call, code, reason }, { cause });
  }
  if (code === 'LimitExceededException') {
    return new AwsServiceError('permanent', { ...call, code, reason: NO_ROOM }, { cause });
  }
  return error;
}

interface FailedEntry {
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Calls about targets succeed even if a target failed: throws for the first that did. */
export function throwFailedEntry(
  operation: string,
  rule: string,
  entries: readonly FailedEntry[] | undefined,
): void {
  const [entry] = entries ?? [];
  if (entry === undefined) return;
  const code = entry.ErrorCode ?? 'UnknownError';
  const fault = code === 'ConcurrentModificationException' ? 'transient' : 'permanent';
  throw new AwsServiceError(fault, {
    service: 'EventBridge',
    operation,
    subject: `the target of rule '${rule}'`,
    code,
    reason: entry.ErrorMessage ?? 'no reason was given',
  });
}
