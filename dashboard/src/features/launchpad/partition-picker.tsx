import { useId } from 'react';
import { Button } from '../../components/button';
import { formatCount } from '../../components/format/number';
import { TextInput } from '../../components/text-input';
import styles from './launchpad.module.css';

/** Chooses among keys, oldest first: one, several, ranges; the newest by a button. */
export function PartitionPicker({
  label,
  text,
  keys,
  count,
  problem,
  onChange,
}: {
  readonly label: string;
  readonly text: string;
  readonly keys: readonly string[];
  /** How many are chosen. */
  readonly count: number;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}) {
  const list = useId();
  return (
    <div className={styles.field}>
      <span className={styles.label}>{label}</span>
      <TextInput
        label={label}
        mono
        list={list}
        value={text}
        invalid={problem !== undefined}
        placeholder="key, from..to, last 7"
        onChange={(event) => onChange(event.target.value)}
        after={
          <span className="t3 tiny nowrap">
            {formatCount(count)} of {formatCount(keys.length)}
          </span>
        }
      />
      <datalist id={list}>
        {keys
          .slice(-100)
          .reverse()
          .map((key) => (
            <option key={key} value={key} />
          ))}
      </datalist>
      <span className={styles.quick}>
        {['latest', 'last 7', 'all'].map((each) => (
          <Button key={each} look="ghost" small aria-pressed={text === each} onClick={() => onChange(each)}>
            {each === 'latest' ? 'Latest' : each === 'all' ? 'All' : 'Last 7'}
          </Button>
        ))}
        {problem && <span className={styles.error}>{problem}</span>}
      </span>
    </div>
  );
}
