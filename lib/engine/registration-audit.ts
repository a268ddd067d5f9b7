import type { NewAuditEntry } from '../model/audit-entry';
import type { RegisterCodeLocationInput, RegisterCodeLocationReply } from '../model/pushed-code-location';

/**
 * The row of the audit log for a push or a rollback, which IAM let in: it does not pass the API.
 *
 * @param input.by as who pushes says; who invoked the function is in CloudTrail under the request's id
 */
export function registrationAudit(
  input: RegisterCodeLocationInput,
  reply: RegisterCodeLocationReply,
  { timestamp, requestId }: { readonly timestamp: number; readonly requestId: string },
): NewAuditEntry {
  const { location, by } = input;
  const isRollback = 'rollbackTo' in input;
  const wanted = isRollback ? input.rollbackTo : input.bundleHash;
  return {
    timestamp,
    requestId,
    position: 0,
    user: by ?? 'somebody',
    role: 'editor',
    via: 'IAM',
    action: isRollback ? 'rollbackCodeLocation' : 'pushCodeLocation',
    input: { location, bundleHash: wanted },
    before: { bundleHash: reply.ok ? reply.previous : reply.bundleHash },
    after: { bundleHash: reply.bundleHash },
    outcome: reply.ok ? 'DONE' : 'FAILED',
    message: reply.ok ? null : reply.error.message,
  };
}
