import { keyText } from '../../components/format/asset-key';
import { metadataLabel } from '../../components/format/metadata-label';
import { checkStatus, type Status } from '../../components/status';
import { metadataOfEvent, readMetadata } from './read-metadata';
import type { RunEvent } from './run-types';

/** What came of one asset, check or dbt node. */
export interface RunResult {
  readonly id: string;
  /** Asset, or asset of the check. */
  readonly asset: string;
  readonly path: readonly string[];
  /** Of a check. */
  readonly check: string | undefined;
  readonly partition: string | null;
  readonly status: Status;
  readonly text: string;
  /** Position of its event in the run's log; undefined while there is none. */
  readonly event: number | undefined;
  readonly dbt: DbtNode | undefined;
}

export interface DbtNode {
  readonly uniqueId: string;
  readonly type: string;
  readonly status: string;
  readonly seconds: number | undefined;
}

export interface RunResults {
  readonly assets: readonly RunResult[];
  readonly checks: readonly RunResult[];
  /** Nodes of dbt among both, in the order in which they ended. */
  readonly dbt: readonly RunResult[];
}

/** What a run's events say of its assets, checks and dbt nodes; of assets that are planned, what is still to come. */
export function runResults(events: readonly RunEvent[], finished: boolean): RunResults {
  const assets = new Map<string, RunResult>();
  const told = new Set<string>();
  const checks: RunResult[] = [];
  events.forEach((event, index) => {
    if (event.__typename === 'AssetCheckEvaluationEvent') checks.push(checkResult(event, index));
    if (!('assetKey' in event) || !event.assetKey) return;
    const asset = keyText(event.assetKey);
    const partition = 'partition' in event ? (event.partition ?? null) : null;
    const id = partition === null ? asset : `${asset} ${partition}`;
    const made = event.__typename === 'MaterializationEvent';
    const failed = event.__typename === 'FailedToMaterializeEvent';
    // What is planned stands for the asset until its partitions are told one by one.
    if (!made && !failed && told.has(asset)) return;
    if (made || failed) assets.delete(asset);
    told.add(asset);
    assets.set(id, {
      id,
      asset,
      path: event.assetKey.path,
      check: undefined,
      partition,
      status: made ? MATERIALIZED : failed ? FAILED : finished ? NOT_MADE : WAITING,
      text: made ? metadataText(event) : failed ? event.message : '',
      event: made || failed ? index : undefined,
      dbt: dbtNode(event),
    });
  });
  const found = [...assets.values()];
  const dbt = [...found, ...checks].filter((each) => each.dbt !== undefined);
  return { assets: found, checks, dbt: dbt.sort((a, b) => (a.event ?? 0) - (b.event ?? 0)) };
}

const MATERIALIZED: Status = { kind: 'success', word: 'Materialized' };
const FAILED: Status = { kind: 'failure', word: 'Failed' };
const NOT_MADE: Status = { kind: 'skipped', word: 'Not made' };
const WAITING: Status = { kind: 'none', word: 'Not yet' };

function checkResult(
  event: Extract<RunEvent, { readonly __typename: 'AssetCheckEvaluationEvent' }>,
  index: number,
): RunResult {
  const { assetKey, checkName, success, severity, description } = event.evaluation;
  const asset = keyText(assetKey);
  return {
    id: `${asset}:${checkName}:${index}`,
    asset,
    path: assetKey.path,
    check: checkName,
    partition: null,
    status: checkStatus(success ? 'SUCCEEDED' : 'FAILED', severity),
    text: description ?? metadataText(event),
    event: index,
    dbt: dbtNode(event),
  };
}

/** What was said, in one line; what only dbt reads is left to its own table. */
function metadataText(event: RunEvent): string {
  return metadataOfEvent(event)
    .filter(({ label }) => !label.startsWith('dbt/'))
    .flatMap((entry) => {
      const value = readMetadata(entry);
      return value === undefined ? [] : [`${metadataLabel(entry.label)} ${value.text}`];
    })
    .join(' · ');
}

function dbtNode(event: RunEvent): DbtNode | undefined {
  const entries = metadataOfEvent(event);
  const read = (label: string) => {
    const entry = entries.find((each) => each.label === label);
    return entry === undefined ? undefined : readMetadata(entry);
  };
  const uniqueId = read('dbt/unique_id')?.text;
  if (uniqueId === undefined) return undefined;
  return {
    uniqueId,
    type: read('dbt/resource_type')?.text ?? '',
    status: read('dbt/status')?.text ?? '',
    seconds: read('seconds')?.number,
  };
}
