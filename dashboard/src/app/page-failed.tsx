import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { buttonClass } from '../components/button';
import { PageTitle } from '../components/page-title';
import { EmptyState, ErrorState } from '../components/panel-states';

/** A page that broke, or whose script a deployment replaced: the shell around it stays. */
export function PageFailed({ error }: ErrorComponentProps) {
  return (
    <>
      <PageTitle title="This page failed" />
      <ErrorState
        title="This page failed"
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={() => location.reload()}
      />
    </>
  );
}

export function NotFound() {
  return (
    <>
      <PageTitle title="Not found" />
      <EmptyState
        icon="search"
        title="Nothing has this address"
        action={
          <Link to="/" className={buttonClass()}>
            Go to the overview
          </Link>
        }
      >
        It may have been renamed or removed. Search with Ctrl K, or start at the overview.
      </EmptyState>
    </>
  );
}
