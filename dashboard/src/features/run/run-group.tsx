import { Link } from '@tanstack/react-router';
import { cx } from '../../components/cx';
import { Scroll } from '../../components/page';
import { runTrigger } from '../../components/run-tags';
import { SimpleTable } from '../../components/simple-table';
import { runStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { Duration, Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { reexecutionWords } from './reexecution-words';
import styles from './run-group.module.css';
import type { GroupedRun } from './use-run-group';

/** Runs of a group that the strip shows: the first, and those before and after this one. */
const SHOWN = 8;

/** The way between a run and its re-executions: one mark each, oldest first. */
export function RunGroupStrip({
  group,
  runId,
}: {
  readonly group: readonly GroupedRun[];
  readonly runId: string;
}) {
  const own = group.findIndex((run) => run.runId === runId);
  const from = Math.max(0, Math.min(own - SHOWN + 2, group.length - SHOWN));
  const shown = group.slice(from, from + SHOWN);
  return (
    <li>
      <span>Run group</span>
      <ol className={styles.strip}>
        {from > 0 && <li className="t3">{from} earlier</li>}
        {shown.map((run, index) => {
          const place = from + index + 1;
          const status = runStatus(run.status);
          const words = `Run ${place} of ${group.length}: ${status.word}, ${reexecutionWords(run)}`;
          return (
            <li key={run.runId}>
              <Link
                to="/runs/$runId"
                params={{ runId: run.runId }}
                search={{}}
                className={cx(styles.mark, run.runId === runId && styles.own)}
                aria-label={words}
                title={words}
                aria-current={run.runId === runId ? 'true' : undefined}
                activeProps={{}}
              >
                <StatusIcon kind={status.kind} />
                {place}
              </Link>
            </li>
          );
        })}
        {from + SHOWN < group.length && <li className="t3">{group.length - from - SHOWN} later</li>}
      </ol>
    </li>
  );
}

/** All runs of a group, with what each executed. */
export function RunGroupTable({
  group,
  runId,
}: {
  readonly group: readonly GroupedRun[];
  readonly runId: string;
}) {
  return (
    <Scroll>
      <SimpleTable
        label="Run group"
        columns={[
          { header: 'Run', width: '150px' },
          { header: 'Status', width: '120px' },
          { header: 'Executes' },
          { header: 'After', width: '110px' },
          { header: 'Launched by' },
          { header: 'Created', right: true },
          { header: 'Duration', right: true },
          { header: 'Compare', width: '110px' },
        ]}
        rows={group.map((run, index) => ({
          id: run.runId,
          cells: [
            <RunLink key="run" runId={run.runId} text={`${index + 1}  ${run.runId.slice(0, 8)}`} />,
            <StatusText key="status" status={runStatus(run.status)} />,
            reexecutionWords(run),
            run.parentRunId === null ? (
              '—'
            ) : (
              <RunLink key="after" runId={run.parentRunId} text={run.parentRunId.slice(0, 8)} />
            ),
            runTrigger(run.tags).text,
            <Time key="created" at={run.creationTime * 1_000} seconds />,
            <Duration
              key="duration"
              from={run.startTime === null ? null : run.startTime * 1_000}
              to={run.endTime === null ? null : run.endTime * 1_000}
            />,
            run.runId === runId ? (
              <span key="own" className="t3">
                this run
              </span>
            ) : (
              <Link key="compare" to="." search={{ tab: 'compare', with: run.runId }} className="link">
                Compare
              </Link>
            ),
          ],
          narrow: <NarrowRun run={run} place={index + 1} isOwn={run.runId === runId} />,
        }))}
      />
    </Scroll>
  );
}

function NarrowRun({
  run,
  place,
  isOwn,
}: {
  readonly run: GroupedRun;
  readonly place: number;
  readonly isOwn: boolean;
}) {
  const status = runStatus(run.status);
  return (
    <>
      <StatusIcon kind={status.kind} label={status.word} />
      <span className="grow">
        <TwoLines
          first={<RunLink runId={run.runId} text={`${place}  ${run.runId.slice(0, 8)}`} />}
          second={`${status.word} · ${reexecutionWords(run)}${isOwn ? ' · this run' : ''}`}
        />
      </span>
      <TwoLines
        end
        first={
          <Duration
            from={run.startTime === null ? null : run.startTime * 1_000}
            to={run.endTime === null ? null : run.endTime * 1_000}
          />
        }
        second={<Time at={run.creationTime * 1_000} seconds />}
      />
    </>
  );
}

function RunLink({ runId, text }: { readonly runId: string; readonly text: string }) {
  return (
    <Link to="/runs/$runId" params={{ runId }} search={{}} className="link mono" activeProps={{}}>
      {text}
    </Link>
  );
}
