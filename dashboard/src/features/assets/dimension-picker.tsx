import { useMemo } from 'react';
import { heldValues, holdValues } from '../../components/filter-tokens';
import { formatCount } from '../../components/format/number';
import type { PartitionCell } from '../../components/partition-grid';
import styles from './asset-page.module.css';
import { dimensionValues } from './partition-rows';

/** Holds a filter of partitions to one value of a dimension; each says how many of its partitions are made. */
export function DimensionPicker({
  name,
  names,
  cells,
  text,
  onChange,
}: {
  readonly name: string;
  /** Of all dimensions, in the order of the keys' parts. */
  readonly names: readonly string[];
  readonly cells: readonly PartitionCell[];
  /** The filter. */
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  const values = useMemo(() => dimensionValues(cells, names, name).toReversed(), [cells, names, name]);
  const held = heldValues(text, name);
  const chosen = held.join(',');
  const isListed = chosen === '' || values.some(({ value }) => value === chosen);
  return (
    <label className={styles.dimension}>
      <span className="t2">{name}</span>
      <select
        value={chosen}
        onChange={({ target }) => onChange(holdValues(text, name, target.value === '' ? [] : [target.value]))}
      >
        <option value="">All {formatCount(values.length)}</option>
        {!isListed && <option value={chosen}>{chosen}</option>}
        {values.map(({ value, made, all }) => (
          <option key={value} value={value}>
            {value} ({formatCount(made)} of {formatCount(all)})
          </option>
        ))}
      </select>
    </label>
  );
}
