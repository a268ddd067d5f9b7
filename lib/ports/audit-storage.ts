import type { AuditEntry, AuditOutcome, NewAuditEntry } from '../model/audit-entry';

/** Who asked for which change: an append-only list. */
export interface AuditStorage {
  /** Repeating it writes nothing: an entry is known by its request and position. */
  appendAudit(entry: NewAuditEntry): Promise<void>;
  /** Newest first, keyset by id. */
  listAudit(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

export interface AuditQuery {
  readonly limit: number;
  /** Entries before this id. */
  readonly before?: number;
  readonly user?: string;
  readonly action?: string;
  readonly outcome?: AuditOutcome;
}
