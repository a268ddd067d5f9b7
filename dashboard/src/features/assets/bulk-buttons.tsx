import { useState } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import type { AssetRow } from './asset-filter';
import { ReportEventDialog } from './report-event-dialog';
import { WipeDialog } from './wipe-dialog';

/** What can be done with the records of several assets at once. */
export function BulkButtons({
  rows,
  onDone,
}: {
  readonly rows: readonly AssetRow[];
  readonly onDone: () => void;
}) {
  const [asked, setAsked] = useState<'wipe' | 'report'>();
  const mine = rows.filter((row) => row.node.hasWipePermission);
  // Of a partitioned asset its page asks which partitions.
  const whole = mine.filter((row) => !row.node.isPartitioned);
  const refusal = mine.length === 0 ? 'Your role may not change the records of these assets' : undefined;
  const pathsOf = (list: readonly AssetRow[]) => list.map((row) => row.node.assetKey.path);
  const close = (done: boolean) => {
    setAsked(undefined);
    if (done) onDone();
  };
  return (
    <>
      <Button look="danger" disabled={refusal !== undefined} title={refusal} onClick={() => setAsked('wipe')}>
        Wipe {formatCount(mine.length)}…
      </Button>
      <Button
        disabled={whole.length === 0}
        title={
          refusal ?? (whole.length === 0 ? 'They have partitions: their pages ask which ones' : undefined)
        }
        onClick={() => setAsked('report')}
      >
        Report {formatCount(whole.length)}…
      </Button>
      {asked === 'wipe' && <WipeDialog paths={pathsOf(mine)} onClose={close} />}
      {asked === 'report' && <ReportEventDialog paths={pathsOf(whole)} onClose={close} />}
    </>
  );
}
