import type { UseQueryResult } from '@tanstack/react-query';
import { Scroll } from '../../components/page';
import { QueryPanel } from '../../components/panel-states';
import { type PartitionCell, partitionWords } from '../../components/partition-grid';
import { PartitionMap } from '../../components/partition-map';
import { Section } from '../../components/section';
import type { ApiError } from '../../graphql/api-error';
import { AssetAside } from './asset-aside';
import { Checks, RunChecksButton } from './asset-checks';
import styles from './asset-page.module.css';
import type { AssetActions, Check, Node, Observation } from './asset-types';
import { type Materialization, numericLabels } from './metadata-series';
import { PlotSection } from './plot-section';

/** What an asset's page opens with: its numbers, partitions and checks, and beside them what it is. */
export function AssetOverview({
  node,
  materializations,
  observation,
  partitions,
  names,
  checks,
  actions,
}: {
  readonly node: Node;
  readonly materializations: readonly Materialization[];
  readonly observation: Observation | undefined;
  readonly partitions: UseQueryResult<readonly PartitionCell[], ApiError>;
  /** Of the partitions' dimensions. */
  readonly names: readonly string[];
  readonly checks: readonly Check[];
  readonly actions: AssetActions;
}) {
  return (
    <Scroll>
      <div className={styles.split}>
        <div className={styles.main}>
          {(node.isMaterializable || numericLabels(materializations).length > 0) && (
            <PlotSection materializations={materializations} />
          )}
          {node.isPartitioned && (
            <Section title="Partitions" detail={partitionWords(node.partitionDefinition?.description)} padded>
              <QueryPanel query={partitions} title="Partitions could not be loaded">
                {(cells) =>
                  cells.length === 0 ? (
                    <p className="t2 small">No partition yet: the first one is not due, or none was added.</p>
                  ) : (
                    <PartitionMap
                      cells={cells}
                      names={names}
                      onMaterialize={actions.materialize}
                      onBackfill={actions.fillHoles}
                      onWipe={actions.wipe}
                    />
                  )
                }
              </QueryPanel>
            </Section>
          )}
          <Section
            title="Checks"
            detail={checks.length}
            actions={<RunChecksButton node={node} checks={checks} />}
          >
            <Checks node={node} checks={checks} />
          </Section>
        </div>
        <AssetAside node={node} latest={materializations[0]} observation={observation} actions={actions} />
      </div>
    </Scroll>
  );
}
