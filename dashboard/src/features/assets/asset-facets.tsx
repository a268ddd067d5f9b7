import { Checkbox } from '../../components/checkbox';
import { heldValues, holdValues } from '../../components/filter-tokens';
import { formatCount } from '../../components/format/number';
import { type AssetRow, countValues, readValues } from './asset-filter';
import styles from './assets-page.module.css';

const facets = [
  { key: 'status', title: 'Status' },
  { key: 'group', title: 'Group' },
  { key: 'kind', title: 'Kind' },
  { key: 'owner', title: 'Owner' },
] as const;
const shown = 8;

/** Checked values of a facet are one `key:a,b` token of the filter. */
function toggleValue(text: string, key: string, value: string): string {
  const values = heldValues(text, key);
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return holdValues(text, key, next);
}

export function AssetFacets({
  rows,
  text,
  onChange,
}: {
  readonly rows: readonly AssetRow[];
  readonly text: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <aside className={styles.facets} aria-label="Facets">
      {facets.map((facet) => {
        const counts = [...countValues(rows, readValues(facet.key))].slice(0, shown);
        const chosen = heldValues(text, facet.key);
        if (counts.length === 0) return null;
        return (
          <fieldset key={facet.key} className={styles.facet}>
            <legend>{facet.title}</legend>
            {counts.map(([value, count]) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
              <label key={value}>
                <Checkbox
                  label={`${facet.title} ${value}`}
                  checked={chosen.includes(value)}
                  onChange={() => onChange(toggleValue(text, facet.key, value))}
                />
                <span className="ellipsis" title={value}>
                  {value}
                </span>
                <span className="t3 push">{formatCount(count)}</span>
              </label>
            ))}
          </fieldset>
        );
      })}
    </aside>
  );
}
