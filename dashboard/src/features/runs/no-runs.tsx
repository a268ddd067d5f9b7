import { Button } from '../../components/button';
import { EmptyState, Note } from '../../components/panel-states';
import { Time } from '../../components/time';
import styles from './runs-page.module.css';

/** What a list of runs says when it has none. */
export function NoRuns({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (!filtered) {
    return (
      <EmptyState icon="runs" title="No runs yet" command="npx headrace run raw/earthquakes">
        A run executes a job or materializes assets. Start the first one:
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="No run matches"
      action={<Button onClick={onClear}>Clear the filter</Button>}
    >
      Runs that match appear here as soon as they are created.
    </EmptyState>
  );
}

/** Since when a list of runs is not up to date, and why. */
export function StaleRuns({ at, error }: { readonly at: number; readonly error: Error }) {
  return (
    <Note kind="warn" className={styles.note}>
      <b>
        Data of <Time at={at} seconds />.
      </b>{' '}
      {error.message} Trying again every 5 s.
    </Note>
  );
}
