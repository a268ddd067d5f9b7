/** Prefix of the whole events of a run of which the log holds shortened ones. */
export const overflowFolder = (runId: string): string => `overflow/${runId}/`;

/** Object key of the whole event that an attempt wrote under a sequence number. */
export const overflowObjectKey = (runId: string, attempt: number, seq: number): string =>
  `${overflowFolder(runId)}${attempt}/${seq}.json`;
