import { useEffect, useState } from 'react';
import { runStatus } from '../../components/status';
import { useUrlState } from '../../components/use-url-state';
import { expectType } from '../../graphql/api-error';
import type { RunToReuseResult } from '../../graphql/generated';
import { request } from '../../graphql/request';
import type { LaunchTarget } from './launch-target';
import { runToReuseDocument } from './launchpad.graphql';
import styles from './launchpad.module.css';

export type ReusedRun = Extract<RunToReuseResult['runOrError'], { readonly __typename: 'Run' }>;

/** Takes over what an earlier run was launched with. */
export function StartFrom({
  target,
  onReuse,
  onReset,
}: {
  readonly target: LaunchTarget;
  readonly onReuse: (run: ReusedRun) => void;
  readonly onReset: () => void;
}) {
  const [search, patch] = useUrlState();
  const [from, setFrom] = useState('');
  const [problem, setProblem] = useState<string>();
  const take = async (runId: string) => {
    setFrom(runId);
    setProblem(undefined);
    if (!runId) {
      onReset();
      return;
    }
    try {
      const answer = await request(runToReuseDocument, { runId });
      onReuse(expectType(answer.runOrError, 'Run'));
    } catch (cause) {
      setProblem((cause as Error).message);
    }
  };
  useEffect(() => {
    if (!search.from) return;
    void take(search.from);
    patch({ from: undefined });
  });
  const known = target.runs.slice(0, 20);
  return (
    <div className={styles.field}>
      <span className={styles.label}>Start from</span>
      <select
        className={styles.select}
        aria-label="Start from"
        value={from}
        onChange={(event) => void take(event.target.value)}
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
      {problem && <span className={styles.error}>{problem}</span>}
    </div>
  );
}
