import {
  type FixtureState,
  fixtureAssets,
  fixtureRunId,
  toAssetNode,
  toMaterializations,
  toRun,
} from './dashboard-fixture-data';

/** What the catalog asks, whose answers have a list for each field. */
export function assetColumnRoots(state: FixtureState) {
  return {
    assetCatalog: () => {
      const nodes = fixtureAssets.map((asset) => toAssetNode(asset, state.now));
      const column = <T>(read: (node: (typeof nodes)[number]) => T): T[] => nodes.map(read);
      return {
        key: fixtureAssets.map(({ key }) => key),
        groupName: column((node) => node.groupName),
        kinds: column((node) => node.kinds),
        description: column((node) => node.description),
        isPartitioned: column((node) => node.isPartitioned),
        isMaterializable: column((node) => node.isMaterializable),
        isObservable: column((node) => node.isObservable),
        hasMaterializePermission: column((node) => node.hasMaterializePermission),
        hasWipePermission: column((node) => node.hasWipePermission),
        jobNames: column((node) => node.jobNames),
        staleStatus: column((node) => node.staleStatus),
        freshnessStatus: column((node) => node.freshnessStatusInfo.freshnessStatus),
        freshnessSince: column((node) => node.freshnessStatusInfo.since ?? null),
        dependencyKeys: column((node) => node.dependencyKeys.map(({ path }) => path.join('/'))),
        owners: column((node) => node.owners.map(({ team }) => `team:${team}`)),
        tags: column((node) => node.tags),
        partitionStats: column((node) => node.partitionStats),
        repositoryName: column((node) => node.repository.name),
        repositoryLocationName: column((node) => node.repository.location.name),
      };
    },
    assetStates: ({ assetKeys }: { assetKeys: readonly { readonly path: readonly string[] }[] | null }) => {
      const asked = assetKeys && new Set(assetKeys.map(({ path }) => path.join('/')));
      const assets = fixtureAssets.filter(({ key }) => !asked || asked.has(key));
      const latest = assets.map((asset) => toMaterializations(asset, state.now)[0]);
      const hasFailed = (key: string): boolean => key === 'raw/github_pull_requests';
      const runs = assets.map(({ key }) => {
        const run = state.runs[hasFailed(key) ? 3 : 4];
        return run && { ...toRun(run), endTime: hasFailed(key) ? state.now / 1_000 : run.endTime };
      });
      return {
        key: assets.map(({ key }) => key),
        materializationTime: latest.map((event) => (event ? Number(event.timestamp) / 1_000 : null)),
        materializationRunId: latest.map((event) => event?.runId ?? null),
        latestRunId: runs.map((run) => run?.runId ?? null),
        latestRunStatus: runs.map((run) => run?.status ?? null),
        latestRunStartTime: runs.map((run) => run?.startTime ?? null),
        latestRunEndTime: runs.map((run) => run?.endTime ?? null),
        unstartedRunIds: assets.map(() => []),
        inProgressRunIds: assets.map(({ key }) => (key === 'int_issue_activity' ? [fixtureRunId(1)] : [])),
      };
    },
  };
}
