/** How an asset's partitions are defined, as plain data: stored in manifests, sent between programs. */
export type PartitionsSpec =
  | TimeWindowPartitionsSpec
  | StaticPartitionsSpec
  | DynamicPartitionsSpec
  | MultiPartitionsSpec;

/** A definition with one dimension: what a dimension of a multi-partitions definition can be. */
export type SingleDimensionPartitionsSpec = Exclude<PartitionsSpec, MultiPartitionsSpec>;

/** One partition per window between two ticks of a cron. */
export interface TimeWindowPartitionsSpec {
  readonly type: 'time_window';
  /** Windows begin and end at its ticks. */
  readonly cron: string;
  /** IANA name. */
  readonly timezone: string;
  /** The first window is the first that begins here or later. Written in `format`, wall time of `timezone`. */
  readonly start: string;
  /** No window ends later than this. Written in `format`. Default: none. */
  readonly end?: string;
  /**
   * 0: a partition exists once its window has ended. 1: so does the window that is going on; n: and n - 1 future
   * ones. -n: the latest n do not.
   */
  readonly endOffset: number;
  /** Of keys: strftime directives, such as `%Y-%m-%d`. */
  readonly format: string;
  /** Windows that begin at one of these do not exist. */
  readonly exclusions?: readonly PartitionExclusion[];
}

/** A cron whose ticks are excluded, or one wall time (`2026-12-24T00:00:00`) in the definition's time zone. */
export type PartitionExclusion = { readonly cron: string } | { readonly at: string };

/** A fixed, ordered list of keys. */
export interface StaticPartitionsSpec {
  readonly type: 'static';
  readonly keys: readonly string[];
}

/** A named set of keys that grows and shrinks at run time and is kept in storage. */
export interface DynamicPartitionsSpec {
  readonly type: 'dynamic';
  readonly name: string;
}

/** Every pair of keys of exactly two dimensions. */
export interface MultiPartitionsSpec {
  readonly type: 'multi';
  /** Dimensions are ordered by name, whatever the order here. */
  readonly dimensions: Readonly<Record<string, SingleDimensionPartitionsSpec>>;
}

/** The stretch of time that a partition covers: `[start, end)` in epoch milliseconds. */
export interface PartitionWindow {
  readonly start: number;
  readonly end: number;
}

/** Anything wrong with partitions: a definition, a key, a mapping. */
export class PartitionsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PartitionsError';
  }
}

/** A partitions definition that cannot work. */
export class InvalidPartitionsSpecError extends PartitionsError {
  constructor(reason: string, options?: ErrorOptions) {
    super(`Partitions definition is not valid: ${reason}`, options);
    this.name = 'InvalidPartitionsSpecError';
  }
}

/** A key that no partition of the definition has. */
export class UnknownPartitionKeyError extends PartitionsError {
  readonly key: string;

  constructor(key: string, reason: string) {
    super(`Partition '${key}' does not exist: ${reason}`);
    this.name = 'UnknownPartitionKeyError';
    this.key = key;
  }
}
