import { Checkbox } from '../../components/checkbox';
import { type FilterToken, formatFilter, parseFilter } from '../../components/filter-tokens';
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
  const tokens = parseFilter(text);
  const index = tokens.findIndex((token) => token.key === key && !token.exclude);
  const values = tokens[index]?.values ?? [];
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  const token: FilterToken = { key, values: next, exclude: false };
  const rest = tokens.filter((_, each) => each !== index);
  return formatFilter(next.length > 0 ? [...rest, token] : rest);
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
  const tokens = parseFilter(text);
  return (
    <aside className={styles.facets} aria-label="Facets">
      {facets.map((facet) => {
        const counts = [...countValues(rows, readValues(facet.key))].slice(0, shown);
        const chosen = tokens.find((token) => token.key === facet.key && !token.exclude)?.values ?? [];
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
