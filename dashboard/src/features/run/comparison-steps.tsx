import { useMemo } from 'react';
import { formatDuration } from '../../components/format/duration';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { runStatus, stepStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { TwoLines } from '../../components/two-lines';
import { compareSteps, type StepComparison, type StepSide } from './compare-runs';
import styles from './run-comparison.module.css';
import type { RunDetail } from './run-types';
import type { StepTitles } from './step-titles';

const runSide = (run: RunDetail): number | undefined =>
  run.startTime === null || run.endTime === null ? undefined : (run.endTime - run.startTime) * 1_000;

/** Status and duration of each step of two runs, side by side. */
export function ComparedSteps({
  run,
  other,
  titles,
}: {
  readonly run: RunDetail;
  readonly other: RunDetail;
  readonly titles: StepTitles;
}) {
  const rows = useMemo(() => compareSteps(run.stepStats, other.stepStats), [run.stepStats, other.stepStats]);
  const [mine, theirs] = [runSide(run), runSide(other)];
  const whole = mine === undefined || theirs === undefined ? undefined : mine - theirs;
  const most = Math.max(1, ...rows.map(({ change }) => Math.abs(change ?? 0)));
  return (
    <Section title="Steps" detail="this run against the earlier one">
      <SimpleTable
        label="Steps"
        columns={[
          { header: 'Step' },
          { header: 'This run', width: '150px' },
          { header: 'Took', width: '90px', right: true },
          { header: 'Earlier run', width: '150px' },
          { header: 'It took', width: '90px', right: true },
          { header: 'Difference', width: '220px' },
        ]}
        rows={[
          {
            id: 'run',
            cells: [
              <b key="step" className="strong">
                whole run
              </b>,
              <StatusText key="mine" status={runStatus(run.status)} />,
              formatDuration(mine),
              <StatusText key="other" status={runStatus(other.status)} />,
              formatDuration(theirs),
              <Change key="change" change={whole} />,
            ],
            narrow: (
              <>
                <StatusIcon kind={runStatus(run.status).kind} label={runStatus(run.status).word} />
                <span className="grow">
                  <TwoLines
                    first={<b className="strong">whole run</b>}
                    second={`${formatDuration(mine)}, earlier ${runStatus(other.status).word.toLowerCase()} in ${formatDuration(theirs)}`}
                  />
                </span>
                <Change change={whole} />
              </>
            ),
          },
          ...rows.map((row) => ({
            id: row.key,
            cells: [
              <span key="step" title={row.key}>
                {titles.get(row.key) ?? row.key}
              </span>,
              <Side key="mine" side={row.mine} />,
              formatDuration(row.mine?.duration),
              <Side key="other" side={row.other} />,
              formatDuration(row.other?.duration),
              <Change key="change" change={row.change} most={most} />,
            ],
            narrow: <NarrowStep row={row} title={titles.get(row.key) ?? row.key} />,
          })),
        ]}
      />
    </Section>
  );
}

function NarrowStep({ row, title }: { readonly row: StepComparison; readonly title: string }) {
  const status = stepStatus(row.mine?.status);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className="grow">
        <TwoLines
          first={title}
          second={`${row.mine ? formatDuration(row.mine.duration) : 'did not run'}, earlier ${
            row.other
              ? `${stepStatus(row.other.status).word.toLowerCase()} in ${formatDuration(row.other.duration)}`
              : 'not there'
          }`}
        />
      </span>
      <Change change={row.change} />
    </>
  );
}

function Side({ side }: { readonly side: StepSide | undefined }) {
  if (!side) return <span className="t3">did not run</span>;
  return (
    <span className="row">
      <StatusText status={stepStatus(side.status)} />
      {side.tries > 1 && <span className="t2">{side.tries} tries</span>}
    </span>
  );
}

/** How much longer or shorter, with a bar against the largest of them. */
function Change({ change, most }: { readonly change: number | undefined; readonly most?: number }) {
  if (change === undefined) return <span className="t3">—</span>;
  const words =
    Math.abs(change) < 1
      ? 'the same'
      : `${formatDuration(Math.abs(change))} ${change > 0 ? 'longer' : 'shorter'}`;
  return (
    <span className={styles.change}>
      <span className={Math.abs(change) < 1 ? 't3' : undefined}>{words}</span>
      {most !== undefined && (
        <span className={styles.track} aria-hidden="true">
          <i
            data-sign={change > 0 ? 'longer' : 'shorter'}
            style={{ width: `${(Math.abs(change) / most) * 50}%` }}
          />
        </span>
      )}
    </span>
  );
}
