import type { AuditEntry } from '../../model/audit-entry';
import type { AuditStorage } from '../../ports/audit-storage';
import type { Driver } from './driver';
import { cleanText, toJsonText } from './to-json-text';

/** Who asked for which change. */
export function createAuditStorage(driver: Driver): AuditStorage {
  return {
    async appendAudit(entry) {
      await driver.query(APPEND, [
        entry.timestamp,
        entry.requestId,
        entry.position,
        cleanText(entry.user),
        entry.role,
        entry.via,
        entry.action,
        toJsonText(entry.input),
        toJsonText(entry.before),
        toJsonText(entry.after),
        entry.outcome,
        entry.message === null ? null : cleanText(entry.message),
      ]);
    },
    listAudit: ({ before, user, action, outcome, limit }) =>
      driver.query<AuditEntry>(LIST, [before ?? null, user ?? null, action ?? null, outcome ?? null, limit]),
  };
}

const APPEND = `
  insert into headrace.audit_log
    (created_at, request_id, position, user_name, role, via, action, input, before, after, outcome, message)
  values ($1::bigint, $2, $3::integer, $4, $5, $6, $7, $8::json, $9::json, $10::json, $11, $12)
  on conflict (request_id, position) do nothing`;

const LIST = `
  select json_build_object('auditId', audit_id, 'timestamp', created_at, 'requestId', request_id, 'position', position,
    'user', user_name, 'role', role, 'via', via, 'action', action, 'input', input, 'before', before, 'after', after,
    'outcome', outcome, 'message', message)
  from headrace.audit_log
  where ($1::bigint is null or audit_id < $1::bigint) and ($2::text is null or user_name = $2::text)
    and ($3::text is null or action = $3::text) and ($4::text is null or outcome = $4::text)
  order by audit_id desc limit $5::integer`;
