import { Link } from '@tanstack/react-router';
import { type RunTargetRun, runTargetText } from './run-target-text';

/** The target as a link to the run; `focusable` outside of rows that open by themselves. */
export function RunTarget({
  run,
  focusable = false,
}: {
  readonly run: RunTargetRun;
  readonly focusable?: boolean;
}) {
  const { name, detail } = runTargetText(run);
  return (
    <>
      <Link
        to="/runs/$runId"
        params={{ runId: run.runId }}
        className="strong"
        title={name}
        tabIndex={focusable ? 0 : -1}
      >
        {name}
      </Link>
      {detail && <span className="t3"> {detail}</span>}
    </>
  );
}
