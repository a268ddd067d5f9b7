/** Made-up automation for the dashboard's tests: conditions of two assets, and why they did or did not ask. */

export const automationSensorName = 'default_automation_condition_sensor';

const eager = [
  '(in_latest_time_window)',
  'AND',
  '(((newly_missing) OR (any_deps_updated)) SINCE (handled))',
  'AND',
  '(NOT (any_deps_missing))',
  'AND',
  '(NOT (any_deps_in_progress))',
  'AND',
  '(NOT (in_progress))',
];

const conditions: Readonly<Record<string, { label: string | null; expandedLabel: string[] }>> = {
  mart_seismic_daily: { label: 'eager', expandedLabel: eager },
  mart_contributors: { label: null, expandedLabel: ['(missing)', 'AND', '(NOT (in_progress))'] },
  'raw/earthquakes': {
    label: 'on_cron',
    expandedLabel: ['(in_latest_time_window)', 'AND', '(cron_tick_passed)'],
  },
};

/** Assets that the automation sensor follows. */
export const automatedAssets = Object.keys(conditions);

export const conditionOf = (asset: string) => conditions[asset] ?? null;

interface Part {
  label?: string;
  name?: string;
  operator?: 'and' | 'or' | 'not';
  entity?: string;
  /** True in so many; of as many candidates; 0 candidates: not asked. */
  is: readonly [number, number];
  since?: { triggerTimestamp: number | null; resetTimestamp: number | null };
  parts?: readonly Part[];
}

function flatten(part: Part, entity: string, partitioned: boolean, id = '0'): object[] {
  const own = part.entity ?? entity;
  const children = part.parts ?? [];
  const ids = children.map((_, index) => `${id}.${index}`);
  const name = part.name ?? part.operator?.toUpperCase() ?? '';
  return [
    {
      uniqueId: id,
      userLabel: part.label ?? null,
      expandedLabel: children.length > 1 ? ['(a)', name, '(b)'] : [name],
      entityKey: { __typename: 'AssetKey', path: own.split('/') },
      numTrue: part.is[0],
      numCandidates: part.is[1],
      isPartitioned: partitioned,
      childUniqueIds: ids,
      operatorType: part.operator ?? 'identity',
      sinceMetadata: part.since ?? null,
    },
    ...children.flatMap((child, index) => flatten(child, own, partitioned, ids[index] ?? id)),
  ];
}

function eagerParts(requested: boolean, at: number): Part {
  const count = requested ? 1 : 0;
  return {
    label: 'eager',
    operator: 'and',
    is: [count, 1],
    parts: [
      { name: 'in_latest_time_window', is: [1, 1] },
      {
        name: 'SINCE',
        is: [1, 1],
        since: { triggerTimestamp: at - 40, resetTimestamp: at - 3_640 },
        parts: [
          {
            operator: 'or',
            is: [1, 1],
            parts: [
              { label: 'newly_missing', name: 'newly_true', is: [0, 1] },
              {
                label: 'any_deps_updated',
                name: 'any_deps_match',
                is: [1, 1],
                parts: [{ entity: 'stg_earthquakes', name: 'newly_updated', is: [1, 1] }],
              },
            ],
          },
          { label: 'handled', operator: 'or', is: [0, 1] },
        ],
      },
      {
        operator: 'not',
        is: [count, 1],
        parts: [
          {
            label: 'any_deps_missing',
            name: 'any_deps_match',
            is: [1 - count, 1],
            parts: [{ entity: 'stg_earthquakes', name: 'missing', is: [1 - count, 1] }],
          },
        ],
      },
      { operator: 'not', is: [count, count], parts: [{ label: 'any_deps_in_progress', is: [0, count] }] },
      { operator: 'not', is: [count, count], parts: [{ name: 'execution_in_progress', is: [0, count] }] },
    ],
  };
}

function cronParts(at: number): Part {
  return {
    label: 'on_cron',
    operator: 'and',
    is: [3, 327],
    parts: [
      { name: 'in_latest_time_window', is: [12, 327] },
      { label: 'cron_tick_passed', name: 'cron_tick_passed', is: [12, 12] },
      {
        label: 'handled_since_tick',
        operator: 'not',
        is: [3, 12],
        since: { triggerTimestamp: at - 900, resetTimestamp: null },
      },
    ],
  };
}

/** The evaluations of an asset, newest first. */
function evaluations(asset: string, now: number, runId: string): object[] {
  const seconds = now / 1_000;
  const record = (index: number, at: number, parts: Part, requested: number, partitioned = false) => ({
    id: `${9_000 - index}:${asset}`,
    evaluationId: String(9_000 - index),
    timestamp: at,
    numRequested: requested,
    runIds: requested > 0 ? [runId] : [],
    rootUniqueId: '0',
    evaluationNodes: flatten(parts, asset, partitioned),
    isLegacy: false,
    entityKey: { __typename: 'AssetKey', path: asset.split('/') },
  });
  if (asset === 'mart_seismic_daily') {
    return Array.from({ length: 6 }, (_, index) => {
      const at = seconds - 400 - index * 3_700;
      const requested = index % 2 === 1;
      return record(index, at, eagerParts(requested, at), requested ? 1 : 0);
    });
  }
  if (asset === 'raw/earthquakes') return [record(0, seconds - 900, cronParts(seconds), 3, true)];
  return [];
}

/** The queries of evaluations. */
export function automationRoot(state: { readonly now: number }, runId: string) {
  return {
    assetConditionEvaluationRecordsOrError: ({
      assetKey,
      limit,
    }: {
      assetKey?: { path: string[] };
      limit: number;
    }) => ({
      __typename: 'AssetConditionEvaluationRecords',
      records: evaluations(assetKey?.path.join('/') ?? '', state.now, runId).slice(0, limit),
    }),
    truePartitionsForAutomationConditionEvaluationNode: () => ['2026-11-20', '2026-11-21', '2026-11-22'],
  };
}
