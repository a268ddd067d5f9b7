import { runStatus } from '../../components/status';
import type { LaunchTarget } from './launch-target';
import styles from './launchpad.module.css';

/** Runs that are offered. */
const offered = 20;

/** Takes over what an earlier run was launched with, or what the job says. */
export function StartFrom({
  runs,
  from,
  onChange,
}: {
  readonly runs: LaunchTarget['runs'];
  /** A run, or empty for the job's defaults. */
  readonly from: string;
  readonly onChange: (runId: string) => void;
}) {
  const known = runs.slice(0, offered);
  return (
    <div className={styles.field}>
      <span className={styles.label}>Start from</span>
      <select
        className={styles.select}
        aria-label="Start from"
        value={from}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">the job’s defaults</option>
        {from && !known.some((run) => run.runId === from) && (
          <option value={from}>run {from.slice(0, 8)}</option>
        )}
        {known.map((run) => (
          <option key={run.runId} value={run.runId}>
            run {run.runId.slice(0, 8)} · {runStatus(run.status).word.toLowerCase()}
          </option>
        ))}
      </select>
    </div>
  );
}
