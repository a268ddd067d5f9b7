import { Link } from '@tanstack/react-router';
import { keyToUrl } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import { Scroll } from '../../components/page';
import { StatusIcon } from '../../components/status-icon';
import type { LineageAsset } from './lineage-graph';
import styles from './lineage-page.module.css';

/** The graph's twin for reading in order: groups, their assets, and what each comes from. */
export function LineageTable({ assets }: { readonly assets: readonly LineageAsset[] }) {
  const groups = [...Map.groupBy(assets, (asset) => asset.group)].sort((a, b) => a[0].localeCompare(b[0]));
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  return (
    <Scroll>
      <ul className={styles.tree} aria-label="Assets by group">
        {groups.map(([group, members]) => (
          <li key={group}>
            <details open={groups.length < 8}>
              <summary>
                <b className="strong">{group}</b>{' '}
                <span className="t3">{plural(members.length, 'asset')}</span>
              </summary>
              <ul>
                {members.map((asset) => (
                  <li key={asset.key}>
                    <StatusIcon kind={asset.status} label={asset.word} />
                    <Link to="/assets/$" params={{ _splat: keyToUrl(asset) }} className="strong">
                      {asset.key}
                    </Link>
                    {asset.upstream.length > 0 && (
                      <span className="t3">
                        from{' '}
                        {asset.upstream.slice(0, 4).map((key, index) => (
                          <span key={key}>
                            {index > 0 && ', '}
                            {byKey.has(key) ? (
                              <Link to="/assets/$" params={{ _splat: keyToUrl({ path: key.split('/') }) }}>
                                {key}
                              </Link>
                            ) : (
                              key
                            )}
                          </span>
                        ))}
                        {asset.upstream.length > 4 && ` and ${asset.upstream.length - 4} more`}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Scroll>
  );
}
