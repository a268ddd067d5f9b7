import { type ReactNode, useState } from 'react';
import type { PartitionCell } from '../../components/partition-grid';
import { useUrlState } from '../../components/use-url-state';
import { materializeTarget } from '../../graphql/use-materialize';
import { LaunchBackfillDialog } from '../backfills/launch-backfill-dialog';
import { fillChoice, type LaunchChoice } from '../backfills/launch-choice';
import type { AssetActions, Node } from './asset-types';
import { Materialize } from './materialize';
import { ReportEventDialog } from './report-event-dialog';
import { WipeDialog } from './wipe-dialog';

type Question =
  | { readonly kind: 'materialize' | 'wipe'; readonly keys: readonly string[] }
  | { readonly kind: 'backfill'; readonly initial: LaunchChoice['by'] }
  | { readonly kind: 'report' };

/**
 * What can be done with an asset, and the dialog that asks.
 *
 * @param cells its partitions, undefined until they are known
 */
export function useAssetActions(
  node: Node,
  cells: readonly PartitionCell[] | undefined,
): { readonly actions: AssetActions; readonly dialog: ReactNode } {
  const [search, patch] = useUrlState();
  const [asked, setQuestion] = useState<Question>();
  const close = () => {
    setQuestion(undefined);
    if (search.ask !== undefined) patch({ ask: undefined });
  };
  const path = node.assetKey.path;
  const names = node.partitionDefinition?.dimensionTypes.map(({ name }) => name) ?? [];
  const maxPerRun = node.backfillPolicy ? node.backfillPolicy.maxPartitionsPerRun : 1;
  const partitioning = cells && { cells, names, maxPerRun };
  const isReady = !node.isPartitioned || cells !== undefined;
  const mayLaunch = node.isMaterializable && node.hasMaterializePermission && isReady;
  // A link may ask, too, as the search does.
  const isAskedByLink = search.ask === 'materialize' && mayLaunch;
  const question: Question | undefined =
    asked ?? (isAskedByLink ? { kind: 'materialize', keys: [] } : undefined);
  const actions: AssetActions = {
    materialize: mayLaunch ? (keys) => setQuestion({ kind: 'materialize', keys }) : undefined,
    backfill: mayLaunch && cells ? () => setQuestion({ kind: 'backfill', initial: 'range' }) : undefined,
    fillHoles:
      mayLaunch && cells ? () => setQuestion({ kind: 'backfill', initial: fillChoice(cells) }) : undefined,
    wipe: node.hasWipePermission ? (keys) => setQuestion({ kind: 'wipe', keys }) : undefined,
    report:
      node.hasReportRunlessAssetEventPermission && isReady
        ? () => setQuestion({ kind: 'report' })
        : undefined,
  };
  return { actions, dialog: draw() };

  function draw(): ReactNode {
    switch (question?.kind) {
      case undefined:
        return null;
      case 'materialize':
        return (
          <Materialize
            targets={[materializeTarget(node)]}
            partitioned={node.isPartitioned}
            partitioning={partitioning}
            initialPartitions={question.keys}
            onClose={close}
          />
        );
      case 'backfill':
        return (
          <LaunchBackfillDialog
            target={{ kind: 'assets', paths: [path] }}
            partitions={cells ?? []}
            names={names}
            maxPerRun={maxPerRun}
            initial={question.initial}
            onClose={close}
          />
        );
      case 'wipe':
        return (
          <WipeDialog
            paths={[path]}
            partitions={{ keys: question.keys, all: cells?.map((cell) => cell.key) ?? [] }}
            onClose={close}
          />
        );
      case 'report':
        return <ReportEventDialog paths={[path]} partitioning={partitioning} onClose={close} />;
    }
  }
}
