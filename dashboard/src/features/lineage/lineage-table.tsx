import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../components/button';
import { keyToUrl } from '../../components/format/asset-key';
import { formatCount, plural } from '../../components/format/number';
import { Scroll } from '../../components/page';
import { StatusIcon } from '../../components/status-icon';
import type { LineageAsset } from './lineage-graph';
import styles from './lineage-page.module.css';

/** Assets of a group that are in the page at once. */
const page = 100;

/** The graph's twin for reading in order: groups, their assets, and what each comes from. */
export function LineageTable({
  assets,
  openGroups,
  onToggleGroup,
}: {
  readonly assets: readonly LineageAsset[];
  readonly openGroups: ReadonlySet<string>;
  readonly onToggleGroup: (group: string) => void;
}) {
  const groups = [...Map.groupBy(assets, (asset) => asset.group)].sort((a, b) => a[0].localeCompare(b[0]));
  const known = new Set(assets.map((asset) => asset.key));
  return (
    <Scroll>
      <ul className={styles.tree} aria-label="Assets by group">
        {groups.map(([group, members]) => {
          const isOpen = openGroups.has(group);
          return (
            <li key={group}>
              <button
                type="button"
                className={styles.branch}
                aria-expanded={isOpen}
                onClick={() => onToggleGroup(group)}
              >
                <b className="strong">{group}</b>{' '}
                <span className="t3">{plural(members.length, 'asset')}</span>
              </button>
              {isOpen && <Members members={members} known={known} />}
            </li>
          );
        })}
      </ul>
    </Scroll>
  );
}

function Members({
  members,
  known,
}: {
  readonly members: readonly LineageAsset[];
  readonly known: ReadonlySet<string>;
}) {
  const [limit, setLimit] = useState(page);
  return (
    <ul>
      {members.slice(0, limit).map((asset) => (
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
                  {known.has(key) ? (
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
      {members.length > limit && (
        <li>
          <Button small onClick={() => setLimit(limit + page)}>
            Show {formatCount(Math.min(page, members.length - limit))} more of{' '}
            {formatCount(members.length - limit)}
          </Button>
        </li>
      )}
    </ul>
  );
}
