/** Step key of output that no step wrote: module code, resources, native code. */
export const RUN_STEP_KEY = '__run__';

/** Captured output of one step try. */
export interface ComputeLogKey {
  readonly runId: string;
  readonly stepKey: string;
  /** 1 for the first try of the first attempt; grows over attempts. */
  readonly tryNumber: number;
}

export type ComputeLogStream = 'stdout' | 'stderr';

/** Dagster's log key: path parts that `capturedLogs(logKey)` takes. */
export function toLogKey(key: ComputeLogKey): string[] {
  return [key.runId, 'compute_logs', `${key.stepKey}.${key.tryNumber}`];
}

/** Inverse of `toLogKey`; undefined when the parts are not a log key. */
export function fromLogKey(parts: readonly string[]): ComputeLogKey | undefined {
  const [runId, , file] = parts;
  const match = file === undefined ? null : /^(.+)\.(\d+)$/.exec(file);
  if (runId === undefined || match === null) return undefined;
  return { runId, stepKey: match[1] ?? '', tryNumber: Number(match[2]) };
}

const OFFSET_DIGITS = 14;

/** Prefix of all that the steps of a run printed. */
export const computeLogFolder = (runId: string): string => `compute_logs/${runId}/`;

/** Prefix of the objects that hold one stream's chunks. */
export function chunkPrefix(key: ComputeLogKey, stream: ComputeLogStream): string {
  return `${computeLogFolder(key.runId)}${encodeURIComponent(key.stepKey)}.${key.tryNumber}/${stream}/`;
}

/** Object key of the chunk that begins at `offset` bytes: sorts by offset, so a reader lists from its cursor. */
export function chunkObjectKey(key: ComputeLogKey, stream: ComputeLogStream, offset: number): string {
  return chunkPrefix(key, stream) + String(offset).padStart(OFFSET_DIGITS, '0');
}

/** The byte offset in a chunk's object key. */
export function chunkOffset(objectKey: string): number {
  return Number(objectKey.slice(-OFFSET_DIGITS));
}
