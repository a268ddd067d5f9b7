import { type FaultKind, PortError } from '../../ports/errors';

/** EventBridge refused a call about this instance's rules. `code` is AWS's name of the error. */
export class EventBridgeError extends PortError {
  override readonly name = 'EventBridgeError';
  readonly operation: string;
  readonly rule: string | undefined;
  readonly code: string;

  constructor(
    fault: FaultKind,
    details: {
      readonly operation: string;
      readonly rule: string | undefined;
      readonly code: string;
      readonly reason: string;
    },
    options?: ErrorOptions,
  ) {
    const { operation, rule, code, reason } = details;
    const about = rule === undefined ? '' : ` of rule '${rule}'`;
    super(fault, `EventBridge ${operation}${about} failed with ${code}: ${reason}`, options);
    this.operation = operation;
    this.rule = rule;
    this.code = code;
  }
}

/** Too fast, or two at a time, or a fault of theirs: the same call may work in a moment. */
const PASSING = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'ConcurrentModificationException',
  'InternalException',
]);

const ADVICE: Readonly<Record<string, string>> = {
  LimitExceededException:
    'The account has no room for more rules on its default bus. Lower maxRules, or ask for a higher quota (Service Quotas, EventBridge, "Rules").',
  AccessDeniedException: 'The function that sets alarms may not do this. Deploy the stack again.',
};

/** What the SDK threw, in words, and whether trying again may help. */
export function toEventBridgeError(
  operation: string,
  rule: string | undefined,
  error: unknown,
): EventBridgeError {
  if (error instanceof EventBridgeError) return error;
  const { name, message, status } = describe(error);
  const isPassing = PASSING.has(name) || status === undefined || status >= 500;
  const advice = ADVICE[name];
  return new EventBridgeError(
    isPassing ? 'transient' : 'permanent',
    { operation, rule, code: name, reason: advice === undefined ? message : `${message} ${advice}` },
    { cause: error },
  );
}

/** Without a status there was no answer: the network. */
function describe(error: unknown): { name: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'UnknownError', message: String(error), status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: $metadata?.httpStatusCode };
}
