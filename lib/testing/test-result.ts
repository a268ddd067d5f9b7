import type { AssetCheckEvaluation } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { EventOf, NewEvent } from '../model/event';
import type { JsonValue } from '../model/json';
import type { Metadata, MetadataValue } from '../model/metadata';
import type { Tags } from '../model/tags';

/** Metadata as plain values: `result.metadata.rows` is 3, not `{ kind: 'int', value: 3 }`. */
export type PlainMetadata = Readonly<Record<string, JsonValue>>;

/** One materialization that a run made. */
export interface TestMaterialization {
  readonly asset: AssetKey;
  readonly partition: string | null;
  readonly metadata: PlainMetadata;
  readonly tags: Tags;
  readonly dataVersion: string | null;
}

/** What a run saw of an asset. */
export type TestObservation = TestMaterialization;

/** A line that user code logged. */
export interface TestLog {
  readonly level: string;
  readonly message: string;
  readonly stepKey: string | null;
}

/** What all runs in tests tell. */
export interface RunSummary {
  readonly success: boolean;
  /** Why it failed; null on success. */
  readonly cause: string | null;
  /** What user code threw in the last failing try, as it was thrown; undefined if nothing. */
  readonly error: unknown;
  readonly materializations: readonly TestMaterialization[];
  readonly observations: readonly TestObservation[];
  readonly checkEvaluations: readonly AssetCheckEvaluation[];
  readonly logs: readonly TestLog[];
  /** Everything that the run would have stored. */
  readonly events: readonly NewEvent[];
}

/** Reads a run's events. */
export function summarize(run: {
  readonly outcome: { readonly status: string; readonly cause: string | null };
  readonly events: readonly NewEvent[];
  readonly thrown: unknown;
}): RunSummary {
  const { events, outcome, thrown } = run;
  return {
    success: outcome.status === 'SUCCESS',
    cause: outcome.cause,
    error: thrown,
    materializations: eventsOf(events, 'ASSET_MATERIALIZATION').map(plainEvent),
    observations: eventsOf(events, 'ASSET_OBSERVATION').map(plainEvent),
    checkEvaluations: eventsOf(events, 'ASSET_CHECK_EVALUATION').map(({ data }) => data),
    logs: eventsOf(events, 'LOG_MESSAGE').map(({ level, message, stepKey }) => ({
      level,
      message,
      stepKey: stepKey ?? null,
    })),
    events,
  };
}

const plainEvent = ({
  assetKey,
  partition,
  data,
}: EventOf<'ASSET_MATERIALIZATION'> | EventOf<'ASSET_OBSERVATION'>): TestMaterialization => ({
  asset: assetKey ?? '',
  partition: partition ?? null,
  metadata: plainMetadata(data.metadata),
  tags: data.tags,
  dataVersion: data.dataVersion ?? null,
});

/** Unwraps metadata: values as users wrote them. */
export function plainMetadata(metadata: Metadata): PlainMetadata {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: MetadataValue): JsonValue {
  if (value.kind === 'null') return null;
  if ('value' in value) return value.value as JsonValue;
  return JSON.parse(JSON.stringify(value.kind === 'table' ? value.records : value.columns)) as JsonValue;
}

function eventsOf<T extends NewEvent['type']>(events: readonly NewEvent[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}
