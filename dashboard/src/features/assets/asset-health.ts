import { formatCount, formatShare, plural } from '../../components/format/number';
import type { Stat } from '../../components/stat-strip';
import { checkStatus, worstStatus } from '../../components/status';
import type { Check, Node, Observation } from './asset-types';
import { freshnessPolicyText } from './freshness-policy-text';
import type { Materialization } from './metadata-series';

export function resolveCheck(check: Check) {
  const execution = check.executionForLatestMaterialization;
  return checkStatus(execution?.status, execution?.evaluation?.severity);
}

/** The worst of the checks; one that has not run yet is missing. */
function checksKind(checks: readonly Check[]): Stat['kind'] {
  const kinds = checks.map((check) => resolveCheck(check).kind);
  return worstStatus(kinds.map((kind) => (kind === 'none' ? 'missing' : kind)));
}

const freshnessWords: Readonly<Record<string, readonly [kind: Stat['kind'], word: string]>> = {
  HEALTHY: ['success', 'Within its policy'],
  WARNING: ['warn', 'Nearly late'],
  DEGRADED: ['late', 'Late'],
};

/** Of an asset with a freshness policy. */
function freshnessStat(node: Node): Stat[] {
  const detail = freshnessPolicyText(node.internalFreshnessPolicy);
  if (detail === undefined) return [];
  const [kind, value] = freshnessWords[node.freshnessStatusInfo?.freshnessStatus ?? ''] ?? [
    'none',
    'Not known yet',
  ];
  return [{ label: 'Freshness', kind, value, detail, small: true }];
}

/** Of an asset that is made elsewhere and looked at here, as long as nobody reports that it was made. */
function observationStat(observation: Observation | undefined): Stat {
  const runId = observation?.runId ?? '';
  return {
    label: 'Observation',
    kind: observation ? 'success' : 'missing',
    value: observation ? (runId === '' ? 'Reported' : `Run ${runId.slice(0, 8)}`) : 'Never',
    detail: observation ? undefined : 'Observe it to learn whether it changed',
    ...(runId === '' ? {} : { link: { to: '/runs/$runId' as const, params: { runId } } }),
    small: true,
  };
}

export function healthStats(
  node: Node,
  materializations: readonly Materialization[],
  observation: Observation | undefined,
  checks: readonly Check[],
  kind: Stat['kind'],
): Stat[] {
  const passed = checks.filter((check) => resolveCheck(check).kind === 'success').length;
  const failed = checks.filter((check) => resolveCheck(check).kind === 'failure').length;
  const pending = checks.filter((check) => !check.executionForLatestMaterialization).length;
  const stats = node.partitionStats;
  const last = materializations[0];
  /** Without a run. */
  const isReported = last?.runId === '';
  const materialization: Stat = {
    label: 'Materialization',
    kind,
    value: last ? (last.partition ?? (isReported ? 'Reported' : `Run ${last.runId.slice(0, 8)}`)) : 'Never',
    detail: last
      ? `${last.partition === null ? '' : isReported ? 'reported · ' : `run ${last.runId.slice(0, 8)} · `}${plural(materializations.length, 'event')} kept`
      : node.isMaterializable
        ? 'Materialize it to see its data here'
        : 'Nothing here makes it',
    ...(last && !isReported ? { link: { to: '/runs/$runId' as const, params: { runId: last.runId } } } : {}),
    small: true,
  };
  return [
    node.isObservable && !last ? observationStat(observation) : materialization,
    {
      label: 'Checks',
      kind: checks.length === 0 ? 'none' : checksKind(checks),
      value:
        checks.length === 0
          ? 'None'
          : pending === checks.length
            ? 'Not run yet'
            : `${passed} of ${checks.length} pass`,
      detail:
        [failed > 0 && `${failed} failed`, pending > 0 && `${pending} to run on the latest data`]
          .filter(Boolean)
          .join(' · ') || undefined,
      ...(checks.length > 0 ? { link: { to: '.' as const, search: { tab: 'checks' } } } : {}),
      small: true,
    },
    {
      label: 'Data',
      kind: node.staleStatus === 'FRESH' ? 'success' : node.staleStatus === 'STALE' ? 'stale' : 'missing',
      value: node.staleStatus === 'FRESH' ? 'Up to date' : node.staleStatus === 'STALE' ? 'Stale' : 'Missing',
      detail: node.staleCauses[0]?.reason,
      small: true,
    },
    ...freshnessStat(node),
    ...(stats && !node.isObservable
      ? [
          {
            label: 'Partitions',
            kind:
              stats.numFailed > 0
                ? ('failure' as const)
                : stats.numMaterialized === stats.numPartitions
                  ? ('success' as const)
                  : ('missing' as const),
            value: `${formatCount(stats.numMaterialized)} of ${formatCount(stats.numPartitions)}`,
            detail: `${formatShare(stats.numMaterialized / Math.max(1, stats.numPartitions))}${stats.numFailed > 0 ? ` · ${stats.numFailed} failed` : ''}`,
            small: true,
          },
        ]
      : []),
  ];
}
