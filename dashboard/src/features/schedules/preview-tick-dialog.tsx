import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../components/button';
import { Dialog } from '../../components/dialog';
import { parseTime } from '../../components/format/parse-time';
import { wallClock } from '../../components/format/time';
import { Note } from '../../components/panel-states';
import { TextInput } from '../../components/text-input';
import { TickEvaluation } from '../../components/tick-evaluation';
import { useZone } from '../../components/time';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import styles from './schedule-panel.module.css';
import { type ScheduleRow, scheduleSelector } from './schedule-row';
import { previewScheduleDocument } from './schedules.graphql';

/** Asks for an instant and shows what the schedule would do then; nothing is launched. */
export function PreviewTickDialog({
  row,
  onClose,
}: {
  readonly row: ScheduleRow;
  readonly onClose: () => void;
}) {
  const { schedule } = row;
  const zone = useZone();
  const [opened] = useState(() => Date.now());
  const next = schedule.futureTicks.results[0]?.timestamp;
  const [text, setText] = useState(wallClock(next == null ? opened : next * 1_000, zone));
  const at = parseTime(text.trim(), zone);
  const preview = useMutation({
    mutationFn: async (timestamp: number) => {
      const answer = await request(previewScheduleDocument, { selector: scheduleSelector(row), timestamp });
      return expectType(answer.scheduleDryRun, 'DryRunInstigationTick').evaluationResult;
    },
  });
  const evaluate = () => at !== undefined && preview.mutate(at / 1_000);
  return (
    <Dialog
      wide
      title={`Preview a tick of ${schedule.name}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            busy={preview.isPending}
            disabled={at === undefined}
            title={at === undefined ? 'The time cannot be read' : undefined}
            onClick={evaluate}
          >
            Evaluate
          </Button>
        </>
      }
    >
      <p>Its code is evaluated as of the time that you choose. Nothing is launched or recorded.</p>
      <form
        className={styles.field}
        onSubmit={(event) => {
          event.preventDefault();
          evaluate();
        }}
      >
        <span className={styles.label}>Time, {zone}</span>
        <TextInput
          label="Time"
          mono
          autoFocus
          placeholder="2026-11-23 06:00"
          value={text}
          invalid={at === undefined}
          onChange={(event) => setText(event.target.value)}
        />
        {at === undefined && <span className={styles.error}>Write it as 2026-11-23 06:00</span>}
      </form>
      {preview.error && <Note kind="failure">{preview.error.message}</Note>}
      {preview.data && <TickEvaluation evaluation={preview.data} jobName={schedule.pipelineName} />}
    </Dialog>
  );
}
