import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { Note } from '../../components/panel-states';
import { CursorField } from './cursor-field';
import type { SensorRow } from './sensor-row';
import { useSetCursor } from './use-set-cursor';

/** Asks for the cursor that a sensor is to go on from. */
export function EditCursorDialog({
  row,
  cursor,
  onClose,
}: {
  readonly row: SensorRow;
  readonly cursor: string | null;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(cursor ?? '');
  const set = useSetCursor(row, onClose);
  return (
    <Dialog
      title={`Set the cursor of ${row.sensor.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="primary" busy={set.isPending} onClick={() => set.mutate(text === '' ? null : text)}>
            {text === '' ? 'Clear the cursor' : 'Set the cursor'}
          </Button>
        </>
      }
    >
      <p>
        The next evaluation goes on from here. An earlier cursor may ask for runs again: those whose run key
        is known are not made twice.
      </p>
      <CursorField value={text} onChange={setText} />
      {set.error && <Note kind="failure">{set.error.message} The cursor is unchanged.</Note>}
    </Dialog>
  );
}
