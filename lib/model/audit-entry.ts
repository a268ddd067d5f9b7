import type { JsonObject, JsonValue } from './json';

/** What came of something that somebody asked for. */
export const AUDIT_OUTCOMES = ['DONE', 'REFUSED', 'FAILED'] as const;
/** `REFUSED`: their role does not cover it. `FAILED`: it could not be done, or the request was wrong. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** That somebody asked for a change, and what came of it. Never changed once written. */
export interface NewAuditEntry {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly user: string;
  readonly role: string;
  /** From where, as far as the request says, e.g. `the dashboard`. */
  readonly via: string;
  /** The mutation, or method and path of the route, e.g. `startSchedule`, `POST /api/runs/{id}/cancel`. */
  readonly action: string;
  /** What was asked for, without secrets; values that are too long are cut. */
  readonly input: JsonObject;
  /** What the action is about as it was before and as it is after; null when there is no such thing, or too many. */
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly outcome: AuditOutcome;
  /** Why not; null when done. */
  readonly message: string | null;
  /** The request's id, which its answer carries as `x-request-id`. */
  readonly requestId: string;
  /** Counts the actions of one request, from 0: a GraphQL document may hold several. */
  readonly position: number;
}

export interface AuditEntry extends NewAuditEntry {
  /** Ascending. */
  readonly auditId: number;
}
