import { Link } from '@tanstack/react-router';

/** A link to the run of an event; one that was reported from elsewhere has none. */
export function RunReference({ runId }: { readonly runId: string }) {
  if (runId === '') return <span className="t3">reported</span>;
  return (
    <Link to="/runs/$runId" params={{ runId }} className="link mono">
      {runId.slice(0, 8)}
    </Link>
  );
}
