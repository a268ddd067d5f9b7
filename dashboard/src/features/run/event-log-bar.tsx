import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { Icon } from '../../components/icon';
import { Segmented } from '../../components/segmented';
import { TextInput } from '../../components/text-input';
import styles from './event-log.module.css';
import type { LogLevelFilter } from './log-filter';

export interface EventLogBarProps {
  readonly stepsLabel: string | undefined;
  readonly onClearSteps: () => void;
  readonly level: LogLevelFilter;
  readonly onLevel: (level: LogLevelFilter) => void;
  /** The one type of events that is shown; undefined is all. */
  readonly type: string | undefined;
  readonly onType: (type: string | undefined) => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly onDownload: () => void;
}

/** Filters of the log by step and level, the search with its place among the matches, the download. */
export function EventLogBar({
  types,
  match,
  matchCount,
  toMatch,
  ...props
}: EventLogBarProps & {
  /** How many events there are of each type. */
  readonly types: ReadonlyMap<string, number>;
  readonly match: number;
  readonly matchCount: number;
  readonly toMatch: (step: number) => void;
}) {
  const { search } = props;
  return (
    <div className={styles.bar}>
      {props.stepsLabel && (
        <span className={styles.token}>
          <span className="t2">step:</span> <b className="strong ellipsis">{props.stepsLabel}</b>
          <button type="button" aria-label="Show all steps" onClick={props.onClearSteps}>
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
      <Segmented
        label="Level"
        value={props.level}
        options={[
          { value: 'all', text: 'All' },
          { value: 'info', text: 'Info' },
          { value: 'warn', text: 'Warn' },
          { value: 'error', text: 'Error' },
        ]}
        onChange={props.onLevel}
      />
      <select
        className={styles.types}
        aria-label="Type of events"
        value={props.type ?? ''}
        onChange={(event) => props.onType(event.target.value || undefined)}
      >
        <option value="">All types</option>
        {props.type !== undefined && !types.has(props.type) && <option>{props.type}</option>}
        {[...types].sort().map(([type, count]) => (
          <option key={type} value={type}>
            {type} ({formatCount(count)})
          </option>
        ))}
      </select>
      <TextInput
        label="Search events"
        icon="search"
        placeholder="Search events"
        className={styles.search}
        value={search}
        onChange={(event) => props.onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') toMatch(event.shiftKey ? -1 : 1);
        }}
        after={
          search ? (
            <span className="tiny t3 nowrap" role="status">
              {matchCount === 0 ? 'no match' : `${Math.min(match + 1, matchCount)} of ${matchCount}`}
            </span>
          ) : undefined
        }
      />
      {search && (
        <>
          <Button
            look="ghost"
            small
            icon="chevronUp"
            aria-label="Previous match"
            onClick={() => toMatch(-1)}
          />
          <Button look="ghost" small icon="chevronDown" aria-label="Next match" onClick={() => toMatch(1)} />
        </>
      )}
      <span className="push" />
      <Button look="ghost" small icon="download" aria-label="Download events" onClick={props.onDownload} />
    </div>
  );
}
