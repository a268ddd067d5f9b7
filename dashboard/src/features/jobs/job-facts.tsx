import { Link } from '@tanstack/react-router';
import { cronWords } from '../../components/format/cron-words';
import { StatusIcon } from '../../components/status-icon';
import { Tag } from '../../components/tag';
import { useShellCounts } from '../../graphql/use-shell-counts';
import type { Job } from './job-page';
import styles from './job-page.module.css';

/** Where a job is defined, and what starts it. */
export function JobFacts({ job, location }: { readonly job: Job; readonly location: string }) {
  const isBroken = useShellCounts().brokenLocations.includes(location);
  return (
    <ul className={styles.facts} aria-label="Facts">
      <li>
        <span>Location</span>
        {location}
        {isBroken && (
          <Link to="/locations/$name" params={{ name: location }} className="link">
            <StatusIcon kind="warn" size={12} /> Its last build did not load: runs take the code before it
          </Link>
        )}
      </li>
      {job.schedules.map((schedule) => (
        <li key={schedule.id}>
          <span>Schedule</span>
          <Link to="/schedules" search={{ open: `${location}:${schedule.name}` }} className="link">
            {schedule.name}
          </Link>
          <span className="t2">
            {cronWords(schedule.cronSchedule) ?? schedule.cronSchedule},{' '}
            {schedule.scheduleState.status === 'RUNNING' ? 'on' : 'off'}
          </span>
        </li>
      ))}
      {job.sensors.map((sensor) => (
        <li key={sensor.id}>
          <span>Sensor</span>
          <Link to="/sensors" search={{ open: `${location}:${sensor.name}` }} className="link">
            {sensor.name}
          </Link>
        </li>
      ))}
      {job.tags.map((tag) => (
        <li key={tag.key}>
          <Tag k={tag.key} value={tag.value} />
        </li>
      ))}
    </ul>
  );
}
