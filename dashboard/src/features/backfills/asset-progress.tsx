import { Link } from '@tanstack/react-router';
import { keyText, keyToUrl } from '../../components/format/asset-key';
import { formatCount, formatShare } from '../../components/format/number';
import { Meter } from '../../components/meter';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { TwoLines } from '../../components/two-lines';
import {
  countTargets,
  progressParts,
  progressText,
  type TargetCounts,
  targetStatuses,
  targetStatusOrder,
} from './backfill-progress';

/** Assets over statuses: how many partitions of each stand how. */
export function AssetProgress({
  targetCounts,
  jobName,
}: {
  readonly targetCounts: TargetCounts;
  readonly jobName: string | null;
}) {
  const all = countTargets(targetCounts);
  const shown = targetStatusOrder.filter((status) => status === 'SUCCESS' || all[status] > 0);
  const byAsset = Map.groupBy(targetCounts, ({ assetKey }) => (assetKey === null ? '' : keyText(assetKey)));
  return (
    <SimpleTable
      label="Progress by asset"
      columns={[
        { header: jobName === null ? 'Asset' : 'Job' },
        { header: 'Progress', width: '140px' },
        ...shown.map((status) => ({ header: targetStatuses[status].word, right: true, width: '84px' })),
        { header: 'Of', right: true, width: '64px' },
      ]}
      rows={[...byAsset].map(([key, entries]) => {
        const counts = countTargets(entries);
        const assetKey = entries[0]?.assetKey;
        const name = assetKey ? (
          <Link key="asset" to="/assets/$" params={{ _splat: keyToUrl(assetKey) }} className="link">
            {key}
          </Link>
        ) : (
          jobName
        );
        return {
          id: key,
          narrow: (
            <span className="grow">
              <TwoLines first={name} second={progressText(counts, formatCount)} />
            </span>
          ),
          cells: [
            name,
            <Meter
              key="meter"
              parts={progressParts(counts)}
              total={counts.total}
              label={`${formatShare(counts.SUCCESS / counts.total)} made`}
            />,
            ...shown.map((status) =>
              counts[status] === 0 ? (
                <span key={status} className="t3">
                  0
                </span>
              ) : (
                <span key={status} className="nowrap">
                  {status === 'FAILED' && <StatusIcon kind="failure" size={12} />}{' '}
                  {formatCount(counts[status])}
                </span>
              ),
            ),
            formatCount(counts.total),
          ],
        };
      })}
    />
  );
}
