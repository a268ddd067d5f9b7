import type { AssetKey } from '../../model/asset-key';
import { didYouMean, nearMisses } from '../../model/near-misses';
import { type PartitionsSpec, partitionsIdentity } from '../../model/partitions';
import { ASSET_JOB } from '../../model/run';
import { selectAssets } from '../../model/selection';
import type { HookDefinition } from '../hooks';
import type { AssetSelection, JobDefinition, SelectionItem } from '../job';
import { partitionsProblem } from '../partitions';
import { UNKNOWN_SOURCE } from '../source-capture';
import { type AssetGraph, isMadeHere, toSelectable } from './asset-graph';
import { checkOwners } from './check-assets';
import type { MistakeList } from './mistakes';

/** A job with its selection resolved. */
export interface ResolvedJob {
  readonly definition: JobDefinition;
  /** Null for a graph job. */
  readonly assets: readonly AssetKey[] | null;
  readonly partitions: PartitionsSpec | null;
}

const NAME = /^[A-Za-z0-9_]+$/;

/** Selects assets for jobs and sensors, and reports what selects nothing. */
export class AssetSelector {
  private readonly graph: AssetGraph;
  private readonly selectables = new Map<boolean, ReturnType<typeof toSelectable>>();

  constructor(graph: AssetGraph) {
    this.graph = graph;
  }

  /**
   * Keys that runs here can make, in the graph's order; what is wrong goes to `report`. Assets that they can observe
   * are among them where they are named by themselves; where an expression reaches them, only with `withObservables`.
   */
  select(
    selection: AssetSelection,
    report: (message: string) => void,
    withObservables = false,
  ): readonly AssetKey[] {
    const items = (Array.isArray(selection) ? selection : [selection]) as readonly SelectionItem[];
    const chosen = new Set(items.flatMap((item) => this.keysOf(item, report, withObservables)));
    const keys = [...this.graph.assets.values()].flatMap(({ details, op }) =>
      op !== null && chosen.has(details.key) ? [details.key] : [],
    );
    if (keys.length === 0 && chosen.size > 0)
      report('it selects external assets only, which cannot be materialized here');
    return keys;
  }

  private selectable(withObservables: boolean): ReturnType<typeof toSelectable> {
    const known = this.selectables.get(withObservables) ?? toSelectable(this.graph, withObservables);
    this.selectables.set(withObservables, known);
    return known;
  }

  private isObserved(key: AssetKey): boolean {
    return this.graph.assets.get(key)?.details.isObservable === true;
  }

  private keysOf(
    item: SelectionItem,
    report: (message: string) => void,
    withObservables: boolean,
  ): readonly AssetKey[] {
    if (typeof item === 'string') {
      try {
        const keys = selectAssets(item, this.selectable(withObservables)).filter(
          (key) => withObservables || key === item || !this.isObserved(key),
        );
        if (keys.length === 0) report(`selection "${item}" selects nothing`);
        return keys;
      } catch (error) {
        report(`selection "${item}": ${(error as Error).message}`);
        return [];
      }
    }
    const keys = 'assets' in item ? Object.keys(item.assets) : [item.key];
    const unknown = keys.filter((key) => !this.graph.assets.has(key));
    for (const key of unknown) {
      report(
        `asset ${key} is not in define({ assets }).${didYouMean(nearMisses(key, this.graph.assets.keys()))}`,
      );
    }
    return keys;
  }
}

/** Resolves jobs, the implicit one included, and reports what is wrong with them. */
export function resolveJobs(
  definitions: readonly JobDefinition[],
  graph: AssetGraph,
  selector: AssetSelector,
  mistakes: MistakeList,
): ReadonlyMap<string, ResolvedJob> {
  const jobs = new Map<string, ResolvedJob>();
  const hooks = new Map<string, HookDefinition>();
  for (const definition of definitions) {
    const { name, source, target } = definition;
    const report = mistakes.of(`Job ${name}`, source);
    const other = jobs.get(name)?.definition;
    if (other !== undefined) report(`another job has this name (${other.source.file}:${other.source.line})`);
    if (!NAME.test(name)) report(`its name may only have letters, digits and "_"`);
    if (name === ASSET_JOB) report('this name belongs to the implicit job of all assets');
    checkOwners(definition.owners ?? [], report);
    for (const hook of definition.hooks ?? []) {
      if ((hooks.get(hook.name) ?? hook) !== hook) report(`two hooks are named "${hook.name}"`);
      hooks.set(hook.name, hook);
    }
    const assets = target.kind === 'assets' ? selector.select(target.select, report) : null;
    if (target.kind === 'graph') {
      for (const mistake of target.mistakes) report(mistake);
      if (target.nodes.length === 0 && target.mistakes.length === 0) report('its graph calls no op');
    }
    const own = definition.partitions ?? null;
    const problem = own === null ? undefined : partitionsProblem(own);
    if (problem !== undefined) report(`partitions: ${problem}`);
    const partitions = own ?? (assets === null ? null : commonPartitions(graph, assets, report));
    if (partitions === null && Object.keys(definition.ofPartition).length > 0)
      report('its config or run tags depend on the partition, but it has no partitions: give it some');
    jobs.set(name, { definition, assets, partitions });
  }
  const all = [...graph.assets.values()].flatMap(({ details, op }) => (op === null ? [] : [details.key]));
  // Checks of external assets run in it, too, be there no asset that is made here.
  if (all.length > 0 || graph.checks.length > 0)
    jobs.set(ASSET_JOB, { definition: IMPLICIT_JOB, assets: all, partitions: null });
  return jobs;
}

const IMPLICIT_JOB: JobDefinition = {
  kind: 'job',
  name: ASSET_JOB,
  description: 'All assets of the location; used to materialize any selection of them.',
  partitions: undefined,
  ofPartition: {},
  source: UNKNOWN_SOURCE,
  target: { kind: 'assets', select: '*' },
};

/** The partitions of a job whose assets have the same, or none. */
function commonPartitions(
  graph: AssetGraph,
  keys: readonly AssetKey[],
  report: (message: string) => void,
): PartitionsSpec | null {
  let found: { readonly key: AssetKey; readonly spec: PartitionsSpec } | null = null;
  for (const key of keys) {
    const asset = graph.assets.get(key);
    // An asset is observed as a whole.
    const spec = asset !== undefined && isMadeHere(asset) ? asset.details.partitions : null;
    if (spec === null || partitionsProblem(spec) !== undefined) continue;
    if (found === null) found = { key, spec };
    else if (found.spec !== spec && partitionsIdentity(found.spec) !== partitionsIdentity(spec)) {
      report(`its assets ${found.key} and ${key} have different partitions; make a job for each`);
      return null;
    }
  }
  return found?.spec ?? null;
}
