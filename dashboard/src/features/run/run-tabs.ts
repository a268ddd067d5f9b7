import { formatCount } from '../../components/format/number';
import type { RunResult, RunResults } from './run-results';

export type RunTab = 'config' | 'tags' | 'plan' | 'group' | 'assets' | 'checks' | 'dbt' | 'compare';

export interface RunTabInfo {
  /** Undefined for the first. */
  readonly tab: RunTab | undefined;
  readonly text: string;
  readonly count?: string | number;
}

/** The sections of a run's page; those of results are there once there is one, or while one is asked for and may come. */
export function runTabs(run: {
  readonly tags: number;
  readonly steps: number;
  /** Runs of its group, itself included. */
  readonly group: number;
  readonly results: RunResults;
  /** Nothing more will be told: all its events are read. */
  readonly isTold: boolean;
  /** The tab in the address. */
  readonly asked: string | undefined;
}): readonly RunTabInfo[] {
  const { assets, checks, dbt } = run.results;
  const results = (tab: RunTab, text: string, list: readonly RunResult[], count: string | number) =>
    list.length > 0 ? [{ tab, text, count }] : run.asked === tab && !run.isTold ? [{ tab, text }] : [];
  return [
    { tab: undefined, text: 'Timeline and logs' },
    ...results('assets', 'Assets', assets, countText(assets)),
    ...results('checks', 'Checks', checks, countText(checks)),
    ...results('dbt', 'dbt', dbt, dbt.length),
    { tab: 'config', text: 'Config' },
    { tab: 'tags', text: 'Tags', count: run.tags },
    { tab: 'plan', text: 'Plan', ...(run.steps > 0 ? { count: formatCount(run.steps) } : {}) },
    ...(run.group > 1 || (run.asked === 'group' && run.group === 0)
      ? [{ tab: 'group' as const, text: 'Run group', ...(run.group > 1 ? { count: run.group } : {}) }]
      : []),
    { tab: 'compare', text: 'Compare' },
  ];
}

/** `4 of 9` where something is still to come or went wrong. */
function countText(results: readonly RunResult[]): string {
  const good = results.filter((each) => each.status.kind === 'success').length;
  return good === results.length ? `${good}` : `${good} of ${results.length}`;
}
