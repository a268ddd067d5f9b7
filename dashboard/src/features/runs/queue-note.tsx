import { Link } from '@tanstack/react-router';
import { formatCount } from '../../components/format/number';
import { Note } from '../../components/panel-states';
import { useLimits } from '../launchpad/use-limits';
import styles from './runs-page.module.css';

/** How much of what the queue lets run at once is in use, and the way to its settings. */
export function QueueNote() {
  const limits = useLimits();
  if (limits === undefined) return null;
  const most = limits.maxConcurrentRuns ?? -1;
  return (
    <Note kind="queued" className={styles.note}>
      {most < 0
        ? `${formatCount(limits.active)} in progress; any number of runs may be. `
        : `${formatCount(limits.active)} of ${formatCount(most)} run slots are in use. `}
      Higher priorities come first, then what was queued first.{' '}
      <Link to="/deployment" search={{ tab: 'concurrency' }} className="link">
        Settings of the queue and its pools
      </Link>
    </Note>
  );
}
