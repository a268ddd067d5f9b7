import { useMemo } from 'react';
import { Checkbox } from '../../components/checkbox';
import { plural } from '../../components/format/number';
import { useAssetCatalog } from '../../graphql/use-assets';
import type { AssetRow } from './asset-filter';
import styles from './materialize-dialog.module.css';
import { staleUpstream } from './stale-upstream';
import { useAssetRows } from './use-asset-rows';

/** Offers to make what is not fresh upstream in the same run; shows nothing where all of it is fresh. */
export function UpstreamChoice({
  assetKey,
  chosen,
  onChange,
}: {
  readonly assetKey: string;
  readonly chosen: boolean;
  /** With everything to make, or undefined for the asset alone. */
  readonly onChange: (rows: readonly AssetRow[] | undefined) => void;
}) {
  const catalog = useAssetCatalog();
  const rows = useAssetRows(useMemo(() => catalog.data ?? [], [catalog.data]));
  const wanted = useMemo(() => staleUpstream(assetKey, rows), [assetKey, rows]);
  const others = wanted.filter((row) => row.key !== assetKey).length;
  if (others === 0) return null;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
    <label className={styles.upstream}>
      <Checkbox
        label={`With ${plural(others, 'stale or missing asset')} upstream`}
        checked={chosen}
        onChange={() => onChange(chosen ? undefined : wanted)}
      />
      With {plural(others, 'stale or missing asset')} upstream
    </label>
  );
}
