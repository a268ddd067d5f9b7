import { useState } from 'react';
import { BulkBar } from '../../components/bulk-bar';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { type BulkChange, bulkChanges, changeText } from './bulk-change';
import { ChangeInstigatorsDialog } from './change-instigators-dialog';
import type { Instigator } from './instigator';

/** What can be done to the selected schedules and sensors; nothing is shown while there are none. */
export function InstigatorBulk({
  selected,
  filter,
  onClear,
}: {
  readonly selected: readonly Instigator[];
  /** The filter line that they were selected in. */
  readonly filter: string;
  readonly onClear: () => void;
}) {
  const [asked, setAsked] = useState<BulkChange>();
  if (selected.length === 0) return null;
  return (
    <>
      <BulkBar text={`${formatCount(selected.length)} selected`} onClear={onClear}>
        {bulkChanges(selected).map((each) => (
          <Button
            key={each.change}
            disabled={each.refusal !== undefined}
            title={each.refusal}
            onClick={() => setAsked(each)}
          >
            {changeText(each.change, formatCount(each.instigators.length))}…
          </Button>
        ))}
      </BulkBar>
      {asked && (
        <ChangeInstigatorsDialog
          asked={asked}
          filter={filter}
          onClose={(done) => {
            setAsked(undefined);
            if (done) onClear();
          }}
        />
      )}
    </>
  );
}
