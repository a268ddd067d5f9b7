import type { LoadedDefinitions, Logger, RunInfo } from '../definitions/loaded-definitions';
import type { AssetKey } from '../model/asset-key';
import type { EventData, EventType, LogLevel, NewEvent } from '../model/event';
import type { JsonObject } from '../model/json';
import type { SecretMask } from '../model/secret-mask';
import type { RunAssignment } from '../ports/worker-storage';
import type { ExecutionHost } from './execution-host';
import type { ManifestIndex } from './manifest-index';
import type { PlanProgress } from './plan-progress';
import type { RunResources } from './run-resources';

/** What all steps of one run share. */
export interface RunScope {
  readonly definitions: LoadedDefinitions;
  readonly index: ManifestIndex;
  readonly assignment: RunAssignment;
  readonly run: RunInfo;
  /** The run config with defaults filled in. */
  readonly config: JsonObject;
  readonly host: ExecutionHost;
  readonly mask: SecretMask;
  readonly progress: PlanProgress;
  readonly resources: RunResources;
  /** Aborted with a `RunAbortedError` on cancel, interruption and maximum run time. */
  readonly signal: AbortSignal;
  /** Latest data versions known to this run; grows as it materializes. */
  readonly dataVersions: Record<AssetKey, string>;
}

/** What an event is about, beside its type and data. */
export interface EventSubject {
  readonly stepKey?: string;
  readonly tryNumber?: number;
  readonly assetKey?: AssetKey;
  readonly partition?: string | undefined;
  readonly level?: LogLevel;
}

/** Writes an event of the run, masked, at the current time. */
export type Emit = <T extends EventType>(
  type: T,
  message: string,
  data: EventData[T],
  subject?: EventSubject,
) => void;

/** Fields of events' data that the system goes by. */
const NAMES: ReadonlySet<string> = new Set([
  ...['input', 'output', 'mappingKey', 'ioManager', 'asset', 'name', 'resources', 'hook', 'logKey'],
  ...['pool', 'holders', 'dataVersion', 'codeVersion', 'inputDataVersions', 'upstreamStep', 'upstreamOutput'],
]);

function maskData(data: object, mask: SecretMask): object {
  return Object.fromEntries(
    Object.entries(data).map(([field, value]) => [
      field,
      NAMES.has(field) ? mask.names(value) : mask.data(value),
    ]),
  );
}

/** The way in which one run's events are written. */
export function createEmit(host: Pick<ExecutionHost, 'emit' | 'clock'>, mask: SecretMask): Emit {
  return (type, message, data, { level = 'DEBUG', ...subject } = {}) => {
    const event = {
      ...mask.names({ type, level, timestamp: host.clock.now(), ...subject }),
      message: mask.text(message),
      data: maskData(data, mask),
    };
    // The compiler cannot follow that `type` and `data` belong together.
    host.emit(event as unknown as NewEvent);
  };
}

/** A logger whose lines are LOG_MESSAGE events. */
export function createLogger(emit: Emit, subject: EventSubject): Logger {
  const log = (level: LogLevel) => (message: string, fields?: JsonObject) =>
    emit('LOG_MESSAGE', String(message), fields === undefined ? {} : { fields }, { ...subject, level });
  return { debug: log('DEBUG'), info: log('INFO'), warning: log('WARNING'), error: log('ERROR') };
}
