import { awsRemedy } from './aws-remedy';
import { toAwsServiceError } from './aws-service-error';

/** What one look at an account found. */
export interface AccountFinding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'problem';
  readonly found: string;
  /** How to mend it; absent when ok. */
  readonly remedy?: string;
}

/** The finding that a call of a service failed: a warning when trying again may help. */
export function failedCall(
  check: string,
  call: { readonly service: string; readonly operation: string; readonly subject: string },
  error: unknown,
): AccountFinding {
  const { message, code, fault } = toAwsServiceError(call, error);
  return {
    check,
    result: fault === 'transient' ? 'warning' : 'problem',
    found: message,
    remedy: awsRemedy(code),
  };
}
