import type { AuditEntry, AuditOutcome } from '../model/audit-entry';
import type { InstancePause } from '../model/instance-pause';
import type { CodeLocationVersion } from '../model/pushed-code-location';

/** A deployment as a whole. */
export interface InstanceView {
  readonly version: string;
  /** Null when it is not paused. */
  readonly paused: InstancePause | null;
  /** Runs that are starting, started or canceling. */
  readonly activeRuns: number;
  readonly queuedRuns: number;
}

/** A code location: the version in force and those before. */
export interface CodeLocationView {
  readonly name: string;
  /** Null = it has no code yet. */
  readonly bundleHash: string | null;
  /** Why the newest code does not load. */
  readonly error: string | null;
  readonly updatedAt: number;
  /** Pushed versions, newest first; empty where code is read from files. */
  readonly versions: readonly CodeLocationVersion[];
}

/** Answer of `GET /api/code-locations`. */
export interface CodeLocationsView {
  /** Version of the interface between host and code that the deployment understands. */
  readonly apiVersion: number;
  readonly locations: readonly CodeLocationView[];
}

/** Answer of `GET /api/code-locations/{name}/difference`: the definitions that differ between two versions. */
export interface CodeLocationDifference {
  readonly location: string;
  /** Null = there was nothing before. */
  readonly from: string | null;
  readonly to: string;
  /** By kind, then name. Empty: code changed at most, definitions did not. */
  readonly changes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly change: 'added' | 'removed' | 'changed';
    /** What changed in it, in words. */
    readonly fields: readonly { readonly field: string; readonly text: string }[];
  }[];
}

/** Answer of `POST /api/code-locations/{name}/rollback`. */
export interface RolledBack {
  readonly location: string;
  /** The version in force now. */
  readonly bundleHash: string;
  readonly previous: string | null;
}

/** Body of `POST /api/tokens`. */
export interface NewApiToken {
  /** Whom runs are said to be launched by, e.g. `ci`. */
  readonly name: string;
  /** Default `launcher`. */
  readonly role?: 'viewer' | 'launcher' | 'editor' | 'admin';
  /** Its role counts in these code locations only; default: everywhere. */
  readonly locations?: readonly string[];
  /** Default 90, at most 366. */
  readonly expiresInDays?: number;
}

/** A token as it is listed; instants are epoch milliseconds. */
export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  readonly role: 'viewer' | 'launcher' | 'editor' | 'admin';
  /** Null = all. */
  readonly locations: readonly string[] | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  /** To the hour; null = never. */
  readonly lastUsedAt: number | null;
}

/** Answer of `POST /api/tokens`. */
export interface CreatedApiToken extends ApiTokenView {
  /** Shown this once: only its hash is kept. */
  readonly token: string;
}

/** Answer of `GET /api/audit`. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Pass it to get older entries; null = there are none. */
  readonly cursor: number | null;
}

export interface ListAuditQuery {
  readonly user?: string | undefined;
  /** The mutation or route, e.g. `startSchedule`. */
  readonly action?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  readonly limit?: number | undefined;
  /** Entries older than this one: the `cursor` of the page before. */
  readonly cursor?: number | undefined;
}
