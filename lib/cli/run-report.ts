import type { EventOf, StoredEvent } from '../model/event';
import { METADATA, type Metadata } from '../model/metadata';
import { errorSummaryWithCauses } from '../model/serializable-error';
import { type Cell, duration, type Palette, timeOfDay } from './format';

type Materialization = EventOf<'ASSET_MATERIALIZATION', StoredEvent>;

/** One line for an event that a person watching a run wants to see; undefined for the rest. */
export function eventLine(event: StoredEvent, colours: Palette): string | undefined {
  const text = eventText(event, colours);
  return text === undefined ? undefined : `${colours.dim(timeOfDay(event.timestamp))}  ${text}`;
}

function eventText(event: StoredEvent, c: Palette): string | undefined {
  const step = event.stepKey ?? '';
  switch (event.type) {
    case 'RUN_START':
      return `run ${event.runId?.slice(0, 8)} started`;
    case 'STEP_START':
      return `${step} started`;
    case 'STEP_SUCCESS':
      return `${step} ${c.good('done')} in ${duration(event.data.seconds * 1000)}`;
    case 'STEP_FAILURE':
      return `${step} ${c.bad('failed')}: ${errorSummaryWithCauses(event.data.error)}`;
    case 'STEP_UP_FOR_RETRY':
      return `${step} ${c.warn('will be tried again')} in ${duration(event.data.secondsToWait * 1000)}: ${errorSummaryWithCauses(event.data.error)}`;
    case 'STEP_SKIPPED':
      return `${step} ${c.dim('skipped')}: ${event.data.reason}`;
    case 'STEP_WAITING':
      return `${step} ${c.dim(`waits for pool ${event.data.pool}`)}`;
    case 'ASSET_MATERIALIZATION':
      return `${step} materialized ${event.assetKey}${partition(event)}${rows(event.data.metadata)}`;
    case 'ASSET_CHECK_EVALUATION':
      return event.data.passed
        ? undefined
        : `${step} check ${event.data.name} of ${event.data.asset} ${c.bad('failed')}`;
    case 'RUN_SUCCESS':
      return `run ${event.runId?.slice(0, 8)} ${c.good('succeeded')}`;
    case 'RUN_FAILURE':
      return `run ${event.runId?.slice(0, 8)} ${c.bad('failed')}: ${event.message}`;
    case 'RUN_CANCELED':
      return `run ${event.runId?.slice(0, 8)} ${c.warn('canceled')}`;
    case 'ENGINE_EVENT':
      return event.level === 'INFO' || event.level === 'DEBUG' ? undefined : c.warn(event.message);
    default:
      return undefined;
  }
}

const partition = (event: StoredEvent): string =>
  event.partition === undefined ? '' : ` [${event.partition}]`;

function rows(metadata: Metadata): string {
  const count = numberOf(metadata, METADATA.rowCount) ?? numberOf(metadata, 'rows');
  return count === null ? '' : `, ${count.toLocaleString('en-US')} rows`;
}

/** Header of `loadedTables`. */
export const LOADED_HEADER = ['table', 'rows', 'new', 'updated', 'seconds'] as const;

/** What each load of a run brought: materializations that name a table and count new rows. */
export function loadedTables(events: readonly StoredEvent[]): Cell[][] {
  return materializations(events)
    .filter(({ data }) => numberOf(data.metadata, 'inserted') !== null)
    .map((event) => {
      const { metadata } = event.data;
      return [
        textOf(metadata, METADATA.relationIdentifier) ?? event.assetKey ?? '',
        numberOf(metadata, 'rows') ?? numberOf(metadata, METADATA.rowCount),
        numberOf(metadata, 'inserted'),
        numberOf(metadata, 'updated'),
        numberOf(metadata, 'seconds'),
      ];
    });
}

/** Header of `dbtResults`. */
export const DBT_HEADER = ['dbt node', 'kind', 'result', 'seconds'] as const;

/** What each dbt node of a run came to: models, seeds and snapshots, then tests. */
export function dbtResults(events: readonly StoredEvent[]): Cell[][] {
  const built = materializations(events).flatMap((event) => {
    const kind = textOf(event.data.metadata, 'dbt/resource_type');
    if (kind === null) return [];
    return [
      [
        event.assetKey ?? '',
        kind,
        textOf(event.data.metadata, 'dbt/status') ?? 'success',
        numberOf(event.data.metadata, 'seconds'),
      ],
    ];
  });
  const tests = events.flatMap((event) => {
    if (event.type !== 'ASSET_CHECK_EVALUATION' || textOf(event.data.metadata, 'dbt/unique_id') === null)
      return [];
    const result = event.data.passed ? 'pass' : event.data.severity === 'WARN' ? 'warn' : 'fail';
    return [[event.data.name, 'test', result, numberOf(event.data.metadata, 'seconds')]];
  });
  return [...built, ...tests];
}

function materializations(events: readonly StoredEvent[]): Materialization[] {
  return events.filter((event): event is Materialization => event.type === 'ASSET_MATERIALIZATION');
}

function numberOf(metadata: Metadata, key: string): number | null {
  const value = metadata[key];
  return value?.kind === 'int' || value?.kind === 'float' ? value.value : null;
}

function textOf(metadata: Metadata, key: string): string | null {
  const value = metadata[key];
  return value?.kind === 'text' || value?.kind === 'path' || value?.kind === 'url' ? value.value : null;
}
