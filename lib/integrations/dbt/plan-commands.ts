import type { AssetCheckKey } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { DbtGraph } from './dbt-graph';

/** One call of dbt. */
export interface DbtCommand {
  readonly command: 'build' | 'test';
  /** Selectors such as `fqn:analytics.staging.stg_flights`; null = the whole project. */
  readonly select: readonly string[] | null;
}

/**
 * The calls of dbt that build what a run asks for: one `dbt build`. It leaves out unit tests of models that are not
 * built, so these (and checks alone) are for a `dbt test`.
 *
 * @param isWhole whether the graph is the whole project
 */
export function planCommands(
  graph: DbtGraph,
  selectedAssets: readonly AssetKey[],
  selectedChecks: readonly AssetCheckKey[],
  isWhole: boolean,
): readonly DbtCommand[] {
  const keys = new Set(selectedAssets);
  const wanted = new Set(selectedChecks.map(({ asset, name }) => `${asset}:${name}`));
  const assets = graph.assets.filter(({ key }) => keys.has(key));
  const checks = graph.checks.filter(({ asset, name }) => wanted.has(`${asset}:${name}`));
  if (isWhole && assets.length === graph.assets.length && checks.length === graph.checks.length) {
    return [{ command: 'build', select: null }];
  }
  const isForTest = ({ asset, isUnitTest }: (typeof checks)[number]) =>
    assets.length === 0 || (isUnitTest && !keys.has(asset));
  const built = [...assets, ...checks.filter((check) => !isForTest(check))];
  const tested = checks.filter(isForTest);
  const commands: readonly DbtCommand[] = [
    { command: 'build', select: built.map(({ selector }) => selector) },
    { command: 'test', select: tested.map(({ selector }) => selector) },
  ];
  return commands.filter(({ select }) => select?.length !== 0);
}
