import { isAdHocJob } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import type { OpDefinitionsResult } from '../../graphql/generated';
import type { DefinitionRow } from './definition-rows';

type Repositories = Extract<
  OpDefinitionsResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'];

/** Where a job has an op: `outer.inner` of one in a nested graph. */
export interface OpUse {
  readonly jobName: string;
  readonly handle: string;
}

/** An op as the panel beside the list shows it. */
export interface OpDefinition {
  readonly name: string;
  readonly pools: readonly string[];
  readonly uses: readonly OpUse[];
}

const jobCount = (uses: readonly OpUse[]): number => new Set(uses.map(({ jobName }) => jobName)).size;

/** The ops that jobs are made of, and the graphs that they are nested in; what makes an asset is a row of its own. */
export function opRows(repositories: Repositories): readonly DefinitionRow[] {
  return repositories.flatMap(({ location: { name: location }, usedSolids }) => {
    const ops = usedSolids
      .filter(({ definition }) => definition.assetNodes.length === 0)
      .map(({ definition, invocations }) => ({
        definition,
        uses: invocations
          .map(({ pipeline, solidHandle }) => ({ jobName: pipeline.name, handle: solidHandle.handleID }))
          .filter(({ jobName }) => !isAdHocJob(jobName)),
      }));
    return [
      ...ops.map(
        ({ definition: { name, description, pools }, uses }): DefinitionRow => ({
          id: `op:${location}:${name}`,
          kind: 'op',
          name,
          location,
          detail: [`in ${plural(jobCount(uses), 'job')}`, ...pools.map((pool) => `pool ${pool}`)].join(' · '),
          description: description ?? '',
          address: undefined,
          op: { name, pools, uses },
        }),
      ),
      ...graphRows(
        location,
        ops.flatMap(({ uses }) => uses),
      ),
    ];
  });
}

/** Nested graphs have no definition of their own any more: they are what the handles of ops begin with. */
function graphRows(location: string, uses: readonly OpUse[]): readonly DefinitionRow[] {
  const nested = uses.flatMap((use) => {
    const parts = use.handle.split('.').slice(0, -1);
    return parts.map((_, index) => ({ ...use, graph: parts.slice(0, index + 1).join('.') }));
  });
  return [...Map.groupBy(nested, ({ jobName, graph }) => `${jobName}:${graph}`)].flatMap(
    ([id, [first, ...others]]): readonly DefinitionRow[] =>
      first === undefined
        ? []
        : [
            {
              id: `graph:${location}:${id}`,
              kind: 'graph',
              name: first.graph,
              location,
              detail: `${plural(others.length + 1, 'op')} of ${first.jobName}`,
              description: '',
              address: `/jobs/${encodeURIComponent(location)}/${encodeURIComponent(first.jobName)}?open=${encodeURIComponent(first.graph)}`,
            },
          ],
  );
}
