import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { Button, buttonClass } from '../components/button';
import { PageTitle } from '../components/page-title';
import { EmptyState, ErrorState } from '../components/panel-states';
import { isScriptGone } from './script-gone';

/** A page that broke, or whose script a deployment replaced: the shell around it stays. */
export function PageFailed({ error }: ErrorComponentProps) {
  if (isScriptGone(error)) {
    return (
      <>
        <PageTitle title="New version" />
        <EmptyState
          icon="retry"
          title="There is a new version of the dashboard"
          action={
            <Button look="primary" icon="retry" onClick={() => location.reload()}>
              Reload
            </Button>
          }
        >
          This tab has the one before, and the part of it that draws this page is gone. If reloading does not
          help, look at your network.
        </EmptyState>
      </>
    );
  }
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
