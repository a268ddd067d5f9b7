/** Faults that can be turned on and off while the server runs; counts go down as they fire. */
export interface FaultSettings {
  /** Epoch ms until which every call fails as DatabaseResumingException. */
  resumingUntil: number;
  /** The next so many calls fail as DatabaseResumingException. */
  resumingNext: number;
  /** The next so many calls are throttled. */
  throttleNext: number;
  /** Share of all calls that is throttled, 0 to 1. */
  throttleRate: number;
  /** The next so many calls find the service unavailable. */
  unavailableNext: number;
  /** The next so many statements are executed, and the connection is cut instead of an answer. */
  loseExecuteReply: number;
  /** The same for commits. */
  loseCommitReply: number;
  /** The next so many commits roll back and fail with a server error. */
  failCommit: number;
  /** Milliseconds that every call waits before it is served. */
  latencyMs: number;
}

/** How often each fault has fired: a test of a fault proves by it that the fault was there. */
export type FiredFaults = {
  resuming: number;
  throttled: number;
  unavailable: number;
  lostExecuteReply: number;
  lostCommitReply: number;
  failedCommit: number;
  delayed: number;
};

/** The switches of one server. */
export interface Faults {
  readonly settings: Readonly<FaultSettings>;
  readonly fired: Readonly<FiredFaults>;
  set(change: Partial<FaultSettings>): void;
  /** Everything off; the counters start at 0. */
  clear(): void;
  /** Takes one off a count and counts it as fired; false when the count is 0. */
  take(setting: CountedFault, fired: keyof FiredFaults): boolean;
  /** Counts a fault that has no count of its own. */
  count(fired: keyof FiredFaults): void;
}

type CountedFault = Exclude<keyof FaultSettings, 'resumingUntil' | 'throttleRate' | 'latencyMs'>;

const OFF: FaultSettings = {
  resumingUntil: 0,
  resumingNext: 0,
  throttleNext: 0,
  throttleRate: 0,
  unavailableNext: 0,
  loseExecuteReply: 0,
  loseCommitReply: 0,
  failCommit: 0,
  latencyMs: 0,
};

const NONE: FiredFaults = {
  resuming: 0,
  throttled: 0,
  unavailable: 0,
  lostExecuteReply: 0,
  lostCommitReply: 0,
  failedCommit: 0,
  delayed: 0,
};

export function createFaults(): Faults {
  const settings = { ...OFF };
  const fired = { ...NONE };
  return {
    settings,
    fired,
    set(change) {
      Object.assign(settings, change);
    },
    clear() {
      Object.assign(settings, OFF);
      Object.assign(fired, NONE);
    },
    take(setting, name) {
      if (settings[setting] <= 0) return false;
      settings[setting] -= 1;
      fired[name] += 1;
      return true;
    },
    count(name) {
      fired[name] += 1;
    },
  };
}
